/** `barometer report`: saved results in the formats of other programs, and for reviewers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BarometerError, EXIT, UsageError } from '../errors.ts';
import { gateExitCode, parseGate } from '../gate/gate.ts';
import { type ConditionsReport, reportByConditions } from '../report/by-conditions.ts';
import { toAnnotations } from '../report/export/annotations.ts';
import { toBenchstat } from '../report/export/benchstat.ts';
import { toBmf } from '../report/export/bmf.ts';
import { toCsv } from '../report/export/csv.ts';
import type { Files } from '../report/export/files.ts';
import { toGithubActionBenchmark } from '../report/export/github-action-benchmark.ts';
import { toHdrLogs } from '../report/export/hdr.ts';
import { toJunit } from '../report/export/junit.ts';
import { toMarkdown } from '../report/export/markdown.ts';
import { gatedVerdicts } from '../report/gated-verdicts.ts';
import { toHtml } from '../report/html/page.ts';
import type { Summary } from '../report/summary.ts';
import { versionComparisons } from '../report/versions.ts';
import { runsOf } from '../results/runs.ts';
import type { SamplesDocument } from '../results/samples.ts';
import { createFolder, explain } from '../results/store.ts';
import { DEFAULT_MARGIN } from '../stats/verdict.ts';
import { checkFloor, type FloorIo } from './floor-check.ts';
import { loadInputs } from './report-inputs.ts';
import { expectNoInput, saveOutput } from './save-output.ts';
import { parseShard } from './shard-option.ts';

/** Formats that are one text, printed on standard output. */
const TEXTS = {
  markdown: toMarkdown,
  annotations: toAnnotations,
  csv: toCsv,
  junit: toJunit,
  bmf: toBmf,
  benchstat: toBenchstat,
} as const;

/** Formats for a browser: one text, written to a file. */
const FILES = {
  html: toHtml,
} as const;

/** Formats of several files, written to a folder. */
const FOLDERS = {
  githubActionBenchmark: toGithubActionBenchmark,
  hdr: toHdrLogs,
} as const;

type TextFormat = keyof typeof TEXTS;
type FileFormat = keyof typeof FILES;
type FolderFormat = keyof typeof FOLDERS;

export type ReportFlags = { readonly [Format in TextFormat]?: boolean } & {
  readonly [Format in FileFormat | FolderFormat]?: string;
} & { readonly failOn?: string; readonly open?: boolean };

export interface ReportIo extends FloorIo {
  /** Shows a page to who asked for it. */
  open(page: string): void;
  readonly stdout: { write(text: string): unknown };
}

/**
 * Reads what is at `paths`, joins the samples, and writes all as the flags say.
 * @returns the exit code: 3 or 4 where `--fail-on` asks for it
 * @throws UsageError for bad input, and where no format or more than one text is asked for
 */
export function report(paths: readonly string[], flags: ReportFlags, io: ReportIo): number {
  const stopAt = flags.failOn === undefined ? [] : parseGate(flags.failOn);
  const text = textFormat(flags);
  const files = namedFormats(FILES, flags, 'a file');
  const folders = namedFormats(FOLDERS, flags, 'a folder');
  if (text === null && files.length + folders.length + stopAt.length === 0) {
    throw new UsageError(
      `no format was given: expected one of ${Object.keys({ ...TEXTS, ...FILES, ...FOLDERS })
        .map(optionOf)
        .join(', ')}, or --fail-on`,
    );
  }
  if (flags.open && flags.html === undefined) {
    throw new UsageError('--open: there is no page to open; expected --html FILE beside it');
  }
  for (const format of files) expectPage(optionOf(format), flags[format]!, paths);
  const [samplesOnly] = [
    ...(text === null ? [] : [text]),
    ...folders,
    ...(stopAt.length > 0 ? ['failOn'] : []),
  ].map(optionOf);
  const { samples, others } = loadInputs(paths, samplesOnly);
  const reports = samples === null ? [] : reportByConditions(samples);
  if (samples !== null && stopAt.length > 0) {
    expectAllShards(samples);
    for (const { summary } of reports) checkMargin(summary, io);
  }
  for (const format of files) saveOutput(optionOf(format), flags[format]!, FILES[format](reports, others));
  for (const format of folders) writeFiles(flags[format]!, FOLDERS[format](reports));
  if (text !== null) io.stdout.write(TEXTS[text](reports));
  if (flags.open) io.open(flags.html!);
  return stopAt.length === 0 ? EXIT.ok : gate(reports, stopAt);
}

/** A file left out before a list of results makes the first of them the name of the page. */
function expectPage(option: string, out: string, paths: readonly string[]): void {
  expectNoInput(option, out, paths, 'report on');
  if (!/\.(nd)?json$/i.test(out)) return;
  throw new UsageError(
    `${option} ${out}: that is the name of results; expected that of a page, as report.html`,
  );
}

function gate(reports: readonly ConditionsReport[], stopAt: ReturnType<typeof parseGate>): number {
  const verdicts = reports.flatMap(({ summary }) => gatedVerdicts(summary));
  if (verdicts.length > 0) return gateExitCode(verdicts, stopAt);
  throw new UsageError(
    '--fail-on: nothing was compared: expected results of two builds or runtimes of the same workloads, as ' +
      '`barometer ab` saves them',
  );
}

/** @throws UsageError for a gate below the noise floor of the machine, where this host knows it */
function checkMargin(summary: Summary, io: FloorIo): void {
  const { settings, fingerprint } = summary;
  const comparisons = versionComparisons(summary);
  if (comparisons.length === 0) return;
  const arms = comparisons.map(({ candidate }) => candidate);
  const proximity = comparisons.some(({ pairedRounds }) => pairedRounds === 0) ? 'apart' : 'interleaved';
  const forkCount = settings.looks?.at(-1) ?? Math.min(...comparisons.map((one) => one.forkCount));
  const margin = settings.margin ?? DEFAULT_MARGIN;
  checkFloor({ arms, margin, fingerprint, proximity, isGate: true, forkCount }, io);
}

/** @throws UsageError where runs are parts of a whole that is not all there: what is missing must not pass */
function expectAllShards(samples: SamplesDocument): void {
  const shards = runsOf(samples).flatMap(({ settings: { shard } }) =>
    typeof shard === 'string' ? [shard] : [],
  );
  for (const shard of new Set(shards)) {
    const { count } = parseShard(shard, {});
    const all = Array.from({ length: count }, (_, i) => `${i + 1}/${count}`);
    const missing = all.filter((one) => !shards.includes(one));
    if (missing.length === 0) continue;
    throw new UsageError(
      `--fail-on: shard ${missing.join(', ')} is missing beside ${shard}; expected the results of all ${count}`,
    );
  }
}

function textFormat(flags: ReportFlags): TextFormat | null {
  const given = (Object.keys(TEXTS) as TextFormat[]).filter((format) => flags[format]);
  if (given.length > 1) {
    throw new UsageError(
      `${given.map(optionOf).join(' and ')} were both given, and there is one standard output: expected one of them`,
    );
  }
  return given[0] ?? null;
}

/** Those of `formats` that are to be written somewhere. */
function namedFormats<Format extends FileFormat | FolderFormat>(
  formats: Readonly<Record<Format, unknown>>,
  flags: ReportFlags,
  place: string,
): Format[] {
  const given = (Object.keys(formats) as Format[]).filter((format) => flags[format] !== undefined);
  const empty = given.find((format) => flags[format] === '');
  if (empty) throw new UsageError(`${optionOf(empty)} "": expected the name of ${place}`);
  return given;
}

/** `--github-action-benchmark` of `githubActionBenchmark`. */
function optionOf(format: string): string {
  return `--${format.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function writeFiles(folder: string, files: Files): void {
  try {
    createFolder(folder);
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
  } catch (cause) {
    throw new BarometerError(`could not write to ${folder}: ${explain(cause).reason}. Choose another folder`);
  }
}
