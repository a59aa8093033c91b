/**
 * Samples read record by record. `formatSamples` writes one record a line, so that a file of many megabytes is read
 * without its text or its numbers ever being in memory as a whole. Any other layout of the same JSON is read too,
 * as a whole.
 */
import { statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { expectKnownRuns, expectNewRounds, parseSamples, seriesCheck } from './parse-samples.ts';
import { RoundRegister } from './round-register.ts';
import type { SampleSeries, SamplesDocument } from './samples.ts';
import { loadSamples } from './store.ts';
import { textLines } from './text-lines.ts';

/** Takes what it needs of each series, in the order of the file. */
export interface SeriesSink {
  add(series: SampleSeries): void;
}

export interface ReadSamples<Sink> {
  /** The document without its series. */
  readonly head: SamplesDocument;
  readonly sink: Sink;
}

/**
 * Reads and checks the samples at `path`.
 *
 * @param createSink called anew where reading starts over; what the sink before had taken is forgotten
 * @throws UsageError when there is no such file, or it holds anything else than whole samples
 */
export function readSamples<Sink extends SeriesSink>(
  path: string,
  createSink: () => Sink,
): ReadSamples<Sink> {
  const sink = createSink();
  const head = readLineByLine(path, sink);
  if (head) return { head, sink };
  // Whatever was in the way, the whole document either does without it or says best what is wrong.
  const { series, ...others } = loadSamples(path);
  const fresh = createSink();
  for (const one of series) fresh.add(one);
  return { head: { ...others, series: [] }, sink: fresh };
}

/** The document without its series, which `sink` has; null where it is not laid out line by line, or not valid. */
export function readLineByLine(path: string, sink: SeriesSink): SamplesDocument | null {
  try {
    // What is no file can be read once only.
    if (!statSync(path).isFile()) return null;
    const rounds = new RoundRegister();
    const isSeries = seriesCheck();
    const runs = new Set<string | undefined>();
    const fields = readFields(textLines(path), (value) => {
      if (!isSeries(value)) throw new OtherLayout();
      expectNewRounds(rounds, value, path);
      runs.add(value.run);
      sink.add(value);
    });
    const head = parseSamples(Object.fromEntries(fields), path);
    expectKnownRuns({ ...head, series: [...runs].map((run) => ({ run }) as SampleSeries) }, path);
    return head;
  } catch {
    return null;
  }
}

class OtherLayout extends Error {}

const FIELD = /^ {2}("(?:[^"\\]|\\.)*"): (.+)$/;
const ITEM_INDENT = '    ';

/** The fields of the document, where `addSeries` has taken the entries of `series`. */
function readFields(
  lines: Iterator<string, void>,
  addSeries: (value: unknown) => void,
): Map<string, unknown> {
  const fields = new Map<string, unknown>();
  expectLine(lines, '{');
  for (let more = true; more; ) {
    const [, quotedName, text] = FIELD.exec(nextLine(lines)) ?? [];
    if (quotedName === undefined || text === undefined) throw new OtherLayout();
    const name = JSON.parse(quotedName) as string;
    if (fields.has(name)) throw new OtherLayout();
    if (text === '[') {
      const items: unknown[] = [];
      more = readItems(lines, name === 'series' ? addSeries : (item) => items.push(item));
      fields.set(name, items);
    } else {
      more = text.endsWith(',');
      const value: unknown = JSON.parse(more ? text.slice(0, -1) : text);
      if (name === 'series' && !isDeepStrictEqual(value, [])) throw new OtherLayout();
      fields.set(name, value);
    }
  }
  expectLine(lines, '}');
  if (!lines.next().done) throw new OtherLayout();
  return fields;
}

/** The items of a list, one a line. Returns whether another field follows. */
function readItems(lines: Iterator<string, void>, add: (item: unknown) => void): boolean {
  for (let more = true; more; ) {
    const line = nextLine(lines);
    if (!line.startsWith(ITEM_INDENT)) throw new OtherLayout();
    more = line.endsWith(',');
    add(JSON.parse(more ? line.slice(0, -1) : line));
  }
  const end = nextLine(lines);
  if (end !== '  ]' && end !== '  ],') throw new OtherLayout();
  return end.endsWith(',');
}

function expectLine(lines: Iterator<string, void>, expected: string): void {
  if (nextLine(lines) !== expected) throw new OtherLayout();
}

function nextLine(lines: Iterator<string, void>): string {
  const { value, done } = lines.next();
  if (done || value === undefined) throw new OtherLayout();
  return value;
}
