/**
 * One document of many. The order of the documents, how they are grouped, and how often one is among them change
 * nothing, to the byte: records are joined as sets and put in one order.
 */
import { UsageError } from '../errors.ts';
import { canonicalJson } from './canonical-json.ts';
import { compareValues, placeOrder, recordOrder, type SortableRecord } from './record-order.ts';
import { RoundSpans } from './round-register.ts';
import { runsOf } from './runs.ts';
import {
  armKey,
  RECORD_LISTS,
  type Run,
  SAMPLES_SCHEMA,
  type SampleSeries,
  type SamplesDocument,
} from './samples.ts';

/** Samples, and where they came from, for messages. */
export interface MergeInput {
  readonly samples: SamplesDocument;
  readonly source: string;
}

type RecordList = (typeof RECORD_LISTS)[number];
type RecordOf<List extends RecordList> = NonNullable<SamplesDocument[List]>[number];

interface Sourced<T> {
  readonly record: T;
  readonly source: string;
}

/** With the record as it will be written. */
interface Written<T> extends Sourced<T> {
  readonly text: string;
}

const HEAD = ['schema', 'createdAt', 'settings', 'fingerprint', 'runs', ...RECORD_LISTS] as const;

/**
 * Joins documents, at least one. Records that are equal are one. What a document as a whole says, in fields that this
 * version does not know, goes with its runs.
 *
 * @throws UsageError where two records say different things of the same run, round, count or histogram; it names both
 */
export function mergeSamples(inputs: readonly MergeInput[]): SamplesDocument {
  const runs = joinRuns(inputs);
  const ids = runs.map(({ id }) => id);
  const joined = {
    series: joinRecords(inputs, 'series', ids),
    unavailable: joinRecords(inputs, 'unavailable', ids),
    excluded: joinRecords(inputs, 'excluded', ids),
    work: joinRecords(inputs, 'work', ids),
    latencies: joinRecords(inputs, 'latencies', ids),
  };
  expectOneOfEachRound(joined.series, ids);
  expectOneOfEach(joined.work, 'work', (record) => [armKey(record), record.run]);
  expectOneOfEach(joined.latencies, 'latencies', (record) => [armKey(record), record.run, record.fork]);
  const { createdAt, settings, fingerprint } = runs[0]!;
  const records = <T>(list: readonly Sourced<T>[]): T[] => list.map(({ record }) => record);
  return {
    schema: SAMPLES_SCHEMA,
    createdAt,
    settings,
    fingerprint,
    runs,
    series: records(joined.series),
    unavailable: records(joined.unavailable),
    ...(joined.excluded.length > 0 && { excluded: records(joined.excluded) }),
    ...(joined.work.length > 0 && { work: records(joined.work) }),
    ...(joined.latencies.length > 0 && { latencies: records(joined.latencies) }),
  };
}

/** Runs by their start. A run that several documents hold has the fields of all of them. */
function joinRuns(inputs: readonly MergeInput[]): Run[] {
  const fieldsById = new Map<string, Map<string, Written<unknown>>>();
  for (const { samples, source } of inputs) {
    for (const run of runsOf(samples)) {
      const fields = fieldsById.get(run.id) ?? new Map<string, Written<unknown>>();
      fieldsById.set(run.id, fields);
      for (const [name, value] of Object.entries({ ...foreignFields(samples), ...run })) {
        joinField(fields, run.id, name, { record: value, text: JSON.stringify(value), source });
      }
    }
  }
  const runs = [...fieldsById.values()].map(runOfFields);
  return runs.sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || compareValues(a.id, b.id));
}

function foreignFields(samples: SamplesDocument): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(samples).filter(([name]) => !HEAD.some((known) => known === name)),
  );
}

function joinField(
  fields: Map<string, Written<unknown>>,
  runId: string,
  name: string,
  field: Written<unknown>,
): void {
  const known = fields.get(name);
  if (!known || known.text > field.text) fields.set(name, field);
  if (!known || canonicalJson(known.record) === canonicalJson(field.record)) return;
  throw new UsageError(
    `run ${JSON.stringify(runId)} has one "${name}" in ${known.source} and another in ${field.source}: expected files ` +
      'of one run to agree on it. One of them was edited; leave it out',
  );
}

/** Known fields first, then others by name. */
function runOfFields(fields: Map<string, Sourced<unknown>>): Run {
  const { id, createdAt, settings, fingerprint, ...others } = Object.fromEntries(
    [...fields].map(([name, { record }]) => [name, record]),
  ) as unknown as Run;
  const sorted = Object.entries(others).sort(([a], [b]) => compareValues(a, b));
  return { id, createdAt, settings, fingerprint, ...Object.fromEntries(sorted) };
}

/** The records of one list, each once, each naming its run, in order. */
function joinRecords<List extends RecordList>(
  inputs: readonly MergeInput[],
  list: List,
  runIds: readonly string[],
): Sourced<RecordOf<List>>[] {
  const all = inputs.flatMap(({ samples, source }) => {
    const [onlyRun] = runsOf(samples);
    return (samples[list] ?? []).map((original): Sourced<RecordOf<List> & SortableRecord> => {
      return { record: { ...original, run: original.run ?? onlyRun!.id } as RecordOf<List>, source };
    });
  });
  const order = recordOrder(runIds);
  all.sort((a, b) => order(a.record, b.record));
  return neighbours(all, (a, b) => order(a.record, b.record) === 0).flatMap(each);
}

/** Runs of neighbours that are alike. Nearly all stand alone: only of the others is every field worth a look. */
function neighbours<T>(list: readonly T[], areAlike: (a: T, b: T) => boolean): T[][] {
  const groups: T[][] = [];
  for (const [i, entry] of list.entries()) {
    if (i > 0 && areAlike(list[i - 1]!, entry)) groups.at(-1)!.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

/** Records of one place in the order, each once, in the order of their texts. */
function each<T>(alike: readonly Sourced<T>[]): readonly Sourced<T>[] {
  if (alike.length === 1) return alike;
  const byContent = new Map<string, Written<T>>();
  for (const { record, source } of alike) {
    const text = JSON.stringify(record);
    const content = canonicalJson(record);
    const known = byContent.get(content);
    // Equal records may differ in the order of their fields; whichever comes first, the same one stays.
    if (!known || text < known.text) byContent.set(content, { record, text, source });
  }
  return [...byContent.values()].sort((a, b) => compareValues(a.text, b.text));
}

/** @param list in order, so that what could hold a round twice stands side by side */
function expectOneOfEachRound(list: readonly Sourced<SampleSeries>[], runIds: readonly string[]): void {
  const order = placeOrder(runIds);
  let rounds = new RoundSpans();
  for (const [i, { record, source }] of list.entries()) {
    if (i > 0 && order(list[i - 1]!.record, record) !== 0) rounds = new RoundSpans();
    const twice = rounds.add(record, source);
    if (!twice) continue;
    const { workload, implementation, run, fork, block } = record;
    throw contradiction(
      `round ${twice.round} of fork ${fork}, block ${block} of ${workload} (${implementation}), run ${JSON.stringify(run)},`,
      twice.source,
      source,
    );
  }
}

function expectOneOfEach<T extends SortableRecord>(
  list: readonly Sourced<T>[],
  name: RecordList,
  keyOf: (record: T) => unknown[],
): void {
  const seen = new Map<string, Sourced<T>>();
  for (const entry of list) {
    const key = JSON.stringify(keyOf(entry.record));
    const first = seen.get(key);
    seen.set(key, entry);
    if (!first) continue;
    const { workload, implementation, run, fork } = entry.record;
    const place = fork === undefined ? '' : ` of fork ${fork}`;
    throw contradiction(
      `"${name}"${place} of ${workload} (${implementation}), run ${JSON.stringify(run)},`,
      first.source,
      entry.source,
    );
  }
}

function contradiction(what: string, source: string, otherSource: string): UsageError {
  const [first, second] = [source, otherSource].sort();
  const places = first === second ? `is twice in ${first}` : `is in ${first} and in ${second}`;
  return new UsageError(
    `${what} ${places}, and they differ: expected each measurement once. One was edited, or two runs have one id; leave one out`,
  );
}
