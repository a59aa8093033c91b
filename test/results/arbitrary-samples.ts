/** Random documents of samples as they come from runs: several of them may hold parts of one run. */
import fc from 'fast-check';
import type { Run, SamplesDocument } from '../../src/results/samples.ts';
import { arm, samplesDocument, series } from './document.ts';

/** The record itself, with its fields and those of its parameters in another order: the same record. */
function reordered<T extends object>(record: T): T {
  const entries = Object.entries(record).map(([name, value]) => [
    name,
    name === 'params' ? reordered(value as object) : value,
  ]);
  return Object.fromEntries(entries.reverse()) as T;
}

const runs: Run[] = ['r-late', 'r-early', 'r-same-time'].map((id, i) => ({
  id,
  createdAt: i === 0 ? '2026-11-23T00:00:00Z' : '2026-11-22T15:30:12.000Z',
  settings: { ...samplesDocument().settings, seed: i + 1 },
  fingerprint: { cpuModel: `CPU ${i}`, coreCount: 2 },
}));

/** What a run measured, as a function of where: two documents that hold it hold the same. */
const place = fc.record({
  run: fc.constantFrom(...runs.map(({ id }) => id)),
  fork: fc.nat(2),
  block: fc.nat(1),
  implementation: fc.constantFrom('wasm', 'ts', 'remote'),
  sizeBytes: fc.constantFrom(64, 4096),
  late: fc.boolean(),
});

type Place = typeof place extends fc.Arbitrary<infer T> ? T : never;

function seriesAt({ run, fork, block, implementation, sizeBytes, late }: Place) {
  const first = late ? 2 : 0;
  return series({
    run,
    fork,
    block,
    implementation,
    params: { sizeBytes, mix: 'header' },
    tier: late ? 'turbofan' : 'liftoff',
    round: [first, first + 1],
    durationNs: [1000 + fork + sizeBytes, 1000.5 + block],
  });
}

/** A document with some of the runs, each record in one of two spellings. */
export const arbitrarySamples: fc.Arbitrary<SamplesDocument> = fc
  .record({
    places: fc.uniqueArray(place, { maxLength: 8, selector: (one) => JSON.stringify(one) }),
    reasons: fc.uniqueArray(fc.constantFrom('no compiler', 'no device'), { maxLength: 2 }),
    spelled: fc.boolean(),
    note: fc.option(fc.constant('on a train')),
    run: fc.constantFrom(...runs),
  })
  .map(({ places, reasons, spelled, note, run }) => {
    const spell = <T extends object>(record: T): T => (spelled ? reordered(record) : record);
    const ids = new Set([run.id, ...places.map((one) => one.run)]);
    const held = runs.filter(({ id }) => ids.has(id));
    const counted = places.filter(({ fork, block, late }) => fork === 0 && block === 0 && late);
    return samplesDocument({
      ...held[0]!,
      runs: held.map(spell),
      series: places.map(seriesAt).map(spell),
      unavailable: reasons.map((reason) => spell({ ...arm, run: run.id, reason })),
      excluded: reasons.map((reason) => spell({ ...arm, run: run.id, fork: 1, block: 0, rounds: 3, reason })),
      work: counted.map(({ late, fork, block, sizeBytes, ...rest }) =>
        spell({ ...arm, ...rest, params: { sizeBytes }, operations: 8, counts: { wasmLoads: sizeBytes } }),
      ),
      ...(note !== null && { note }),
    } as Partial<SamplesDocument>);
  });

/** A document of before runs had ids. */
export const arbitraryOldSamples: fc.Arbitrary<SamplesDocument> = fc
  .record({ seed: fc.nat(2), forks: fc.uniqueArray(fc.nat(3), { maxLength: 3 }) })
  .map(({ seed, forks }) =>
    samplesDocument({
      settings: { ...samplesDocument().settings, seed },
      series: forks.map((fork) => series({ fork })),
    }),
  );
