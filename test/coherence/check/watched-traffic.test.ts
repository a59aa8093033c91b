import { describe, expect, test } from 'vitest';
import { NOT_DONE, watchedBug } from '../../../src/coherence/check/watched-bugs.ts';
import { coverageLines, watchedLines } from '../../../src/coherence/check/watched-text.ts';
import { SETTINGS, watchedRow } from '../../../src/coherence/check/watched-traffic.ts';
import { PLANTED } from '../../../src/coherence/explore/planted.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { PROTOCOL } from '../../../src/coherence/protocol/protocol.ts';
import { wasmCore } from '../../../src/coherence/simulate/wasm-core.ts';
import { coverageOf, OUT_OF_REACH } from '../../../src/coherence/watch/coverage.ts';

const { values } = openCoherenceProfile('gh200-120gb');

function ended<Result>(work: Generator<number, Result, void>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}

describe('watched traffic', () => {
  test('in all settings comes to every pair but those that are said to be out of reach, and to none of these', () => {
    const options = { accesses: 600, makeCore: wasmCore };
    const runs = SETTINGS.map((setting) => ended(watchedRow(values, setting, options)));
    expect(runs.map(({ row }) => [row.violation, row.accesses, row.repeats])).toEqual(
      SETTINGS.map(() => [null, 3600, true]),
    );
    const coverage = coverageOf(
      PROTOCOL,
      runs.map(({ used }) => used),
    );
    expect(coverage.flatMap(({ unseen }) => unseen)).toEqual([]);
    const unreached = coverage.flatMap(({ outOfReach }) => outOfReach.map(({ pair }) => pair));
    expect(unreached.toSorted()).toEqual(Object.keys(OUT_OF_REACH).toSorted());
    expect(coverage.map(({ table, pairs }) => [table, pairs])).toEqual([
      ['core', 49],
      ['GPU agent', 12],
      ['home', 30],
    ]);
  });

  test('one setting alone leaves pairs unseen, which are named', () => {
    const { used } = ended(watchedRow(values, SETTINGS[0]!, { accesses: 100, makeCore: wasmCore }));
    const lines = coverageLines(
      coverageOf(PROTOCOL, [used]).map((row) => ({ evidence: 'modelled', ...row })),
    );
    expect(lines).toContain('not seen: core: AtomicNear in I');
  });
});

describe('planted bugs in watched traffic', () => {
  test('those that the simulator does not do are planted ones', () => {
    const names = PLANTED.map(({ name }) => name);
    expect(Object.keys(NOT_DONE).filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each([
    ['dirty data dropped', 'up-to-date place'],
    ['shared taken for exclusive', 'single writer'],
    ['owner not asked', 'data value'],
    ['owner kept in the directory', 'directory'],
    ['missing acknowledgement', 'unreachable pair'],
  ])('%s: %s', (name, caughtBy) => {
    const bug = PLANTED.find((one) => one.name === name)!;
    const row = ended(watchedBug(bug, values, { accesses: 100, makeCore: wasmCore }));
    expect(row).toMatchObject({ bug: name, caughtBy, notDone: null });
    expect(row.events).toBeLessThan(2000);
  });

  test('are told with what happened to the line', () => {
    const [setting] = SETTINGS;
    const { row } = ended(watchedRow(values, setting!, { accesses: 10, makeCore: wasmCore }));
    const story = ['12 ps  core 0: Load hits'];
    const broken = { ...row, violations: 1, violation: 'data value: old', story } as const;
    expect(watchedLines([broken]).slice(-2)).toEqual(['data value: old', '  12 ps  core 0: Load hits']);
  });
});
