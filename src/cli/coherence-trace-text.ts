/** What `barometer coherence predict --trace` prints. */
import { columnLines } from '../coherence/columns.ts';
import type { Memory } from '../coherence/predict/scenario.ts';
import { PART_NAMES, type SimulationResult } from '../coherence/simulate/simulation.ts';
import type { ModelledReplay, Skipped } from '../replay/model/modelled-replay.ts';
import type { ThroughModel } from '../replay/model/replay-through-model.ts';
import { plainText } from '../report/plain-text.ts';
import { formatBytesPerSec, formatCount, formatNs } from '../units.ts';

export interface TraceAbout {
  readonly trace: string;
  readonly profile: string;
  readonly placement: Memory;
  readonly interrupted: boolean;
}

/** The document of `--json`, but for what the model is. @param result of at least one access */
export function traceReport(
  about: TraceAbout,
  log: ThroughModel,
  { regions, skipped }: Pick<ModelledReplay, 'regions' | 'skipped'>,
  result: SimulationResult,
) {
  const { accesses, partsPs, agents, endPs } = result;
  const { latencyPs, maxLatencyPs, hitsFirst, hitsSecond } = agents[0]!;
  const sum = (of: 'reads' | 'writes' | 'bytes') => regions.reduce((total, one) => total + one[of], 0);
  const parts = PART_NAMES.map((name) => [name, partsPs[name] / accesses / 1000] as const);
  const bytes = sum('bytes');
  return {
    evidence: 'modelled' as const,
    ...about,
    ...log,
    skipped,
    reads: sum('reads'),
    writes: sum('writes'),
    bytes,
    regions,
    /** Of lines, those that are done: an access of several lines is as many. */
    lineAccesses: accesses,
    /** Those that cores cached, or changed in their caches: homes know of no others. */
    linesKnown: result.lines,
    durationNs: endPs / 1000,
    bytesPerSec: endPs === 0 ? null : (bytes * 1e12) / endPs,
    latencyNs: { mean: latencyPs / accesses / 1000, max: maxLatencyPs / 1000 },
    partsNs: Object.fromEntries(parts.filter(([, ns]) => ns !== 0)),
    hits: { l1: hitsFirst, l2: hitsSecond, home: accesses - hitsFirst - hitsSecond },
    linkBytes: result.linkBytes,
    traceHash: result.traceHash.toString(16).padStart(8, '0'),
  };
}

export type TraceReport = ReturnType<typeof traceReport>;

/** Ends with a line break. */
export function traceText(report: TraceReport): string {
  const { latencyNs, hits, lineAccesses, linkBytes } = report;
  const share = (count: number) => `${formatCount(count)} (${((100 * count) / lineAccesses).toFixed(1)} %)`;
  const bandwidth = report.bytesPerSec === null ? '–' : formatBytesPerSec(report.bytesPerSec);
  const rows = [
    [
      'accesses to lines',
      `${formatCount(lineAccesses)}; homes know of ${formatCount(report.linesKnown)} lines`,
    ],
    ['time', `${formatNs(report.durationNs)}, ${bandwidth} of what the log asks for`],
    ['latency', `${latencyNs.mean.toFixed(1)} ns mean, ${latencyNs.max.toFixed(1)} ns at most`],
    ...shownParts(report).map(([name, ns]) => [`  ${name}`, `${ns.toFixed(2)} ns`]),
    ['in L1', share(hits.l1)],
    ['in L2', share(hits.l2)],
    ['at the home', share(hits.home)],
    [
      'over the link',
      `${formatCount(linkBytes.fromCpu)} B from the CPU, ${formatCount(linkBytes.fromGpu)} B from the GPU`,
    ],
    ['trace hash', report.traceHash],
  ];
  const sections = [headLines(report), columnLines(rows, 2), noteLines(report)];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Those that two decimals show. */
function shownParts({ partsNs }: TraceReport): [name: string, ns: number][] {
  return Object.entries(partsNs).filter(([, ns]) => ns >= 0.005);
}

function headLines({
  trace,
  profile,
  placement,
  interrupted,
  lines,
  device,
  regions,
}: TraceReport): string[] {
  const so = interrupted ? ', INTERRUPTED: so far' : '';
  return [
    `Profile ${profile}, modelled: one core, memory in ${placement}${so}`,
    `${plainText(trace)}: ${formatCount(lines)} lines, of ${plainText(device ?? 'nothing')}`,
    ...regions.map(
      ({ region, reads, writes, bytes }) =>
        `  region ${region}: ${formatCount(reads)} reads and ${formatCount(writes)} writes, ${formatCount(bytes)} B`,
    ),
  ];
}

const SKIPPED: Readonly<Record<keyof Skipped, string>> = {
  config: 'to configuration space',
  registers: 'to registers, and to regions that the device does not have',
  uncached: 'to memory that cores do not cache',
  outside: 'behind the end of memory, or of the 128 GiB that the model has',
};

/** How many accesses are none to memory of the model, by where they are to. */
export function skippedCounts(skipped: Skipped): (readonly [count: number, where: string])[] {
  const all = Object.entries(SKIPPED).map(([why, where]) => [skipped[why as keyof Skipped], where] as const);
  return all.filter(([count]) => count > 0);
}

/** What is not in the figures. */
function noteLines({ skipped, resets, otherDevices, otherLines }: TraceReport): string[] {
  const notes: readonly (readonly [number, string])[] = [
    ...skippedCounts(skipped).map(([count, where]) => [count, `accesses ${where}`] as const),
    [resets, 'resets'],
    [otherDevices, 'lines of other devices (--of NAME takes another one)'],
    [otherLines, 'lines that ask nothing of a device'],
  ];
  const some = notes.filter(([count]) => count > 0);
  return some.length === 0
    ? []
    : ['Not in these figures:', ...some.map(([count, text]) => `  ${formatCount(count)} ${text}`)];
}
