import { describe, expect, test } from 'vitest';
import { PLANTED } from '../../../src/coherence/explore/planted.ts';
import { BUFFERED, CORES, gpuIn, UNCACHED } from '../../../src/coherence/litmus/agents.ts';
import { isWeak } from '../../../src/coherence/litmus/outcome.ts';
import {
  LITMUS_CASES,
  type LitmusCase,
  type LitmusRow,
  runCase,
  runLitmus,
} from '../../../src/coherence/litmus/run-litmus.ts';
import { SHAPES, shapeNamed, withFences } from '../../../src/coherence/litmus/shapes.ts';

const model = 'sequential consistency';
const MP: LitmusCase = { program: shapeNamed('MP'), agents: CORES, model, claim: 'exactly' };
const MP_WITH_GPU: LitmusCase = { ...MP, program: withFences(MP.program), agents: gpuIn(1) };
const ATOMICITY: LitmusCase = { ...MP, program: shapeNamed('atomicity') };

/** In less than a second each: less is left out below, and by `runLitmus`. */
const quick = (one: LitmusCase) =>
  runCase(one, one.program.threads.length > 2 ? { evictions: 1 } : { orders: 'reduced' });

const named = LITMUS_CASES.map((one) => ({ ...one, row: `${one.program.name}, ${one.agents.name}` }));

describe('outcomes of every schedule', () => {
  test.each(named)('$row: $claim those of $model', (one) => {
    const { missing, unexpected, stuck, violation, holds } = quick(one);
    expect({ stuck, violation, holds }).toEqual({ stuck: 0, violation: null, holds: true });
    if (one.claim === 'exactly') expect({ missing, unexpected }).toEqual({ missing: [], unexpected: [] });
  });

  test('there is a row for each shape on cores, past their caches, and with store buffers', () => {
    for (const { name } of [CORES, UNCACHED, BUFFERED]) {
      const shapes = LITMUS_CASES.filter(({ agents }) => agents.name === name).map(
        ({ program }) => program.name,
      );
      expect(shapes).toEqual(SHAPES.map((shape) => shape.name));
    }
  });

  test('of the reader on a GPU agent that does not acquire, an old value is seen', () => {
    const stale = runCase({ ...MP, agents: gpuIn(1), claim: 'more' });
    expect(stale.unexpected).toEqual(['r0=1 r1=0 x=1 y=1']);
    expect(runCase({ ...MP, agents: gpuIn(1) }).holds).toBe(false);
  });

  test('store buffers show what is looked for in SB', () => {
    const shape = shapeNamed('SB');
    const found = (agents: typeof CORES) => runCase({ ...MP, program: shape, agents }).unexpected;
    expect(found(CORES)).toEqual([]);
    expect(found(BUFFERED).filter((outcome) => isWeak(outcome, shape))).toEqual(['r0=0 r1=0 x=1 y=1']);
  });
});

describe('orders that are left out', () => {
  const twoThreads = named.filter(({ program }) => program.threads.length === 2);

  test.each(twoThreads)('make no difference: $row', (one) => {
    const reduced = runCase(one, { orders: 'reduced' });
    const all = runCase(one);
    expect({ orders: all.orders, evictions: all.evictions }).toEqual({ orders: 'all', evictions: null });
    expect(all.holds).toBe(true);
    expect(reduced.outcomes).toEqual(all.outcomes);
    expect(reduced.states).toBeLessThan(all.states);
  });
});

describe('bugs that are planted', () => {
  const seenBy = (name: string, one: LitmusCase): LitmusRow =>
    runCase(one, { protocol: PLANTED.find((bug) => bug.name === name)!.protocol, checks: 'none' });

  test.each([
    ['lost invalidation', MP, 'r0=1 r1=0 x=1 y=1'],
    ['early grant', MP, 'r0=1 r1=0 x=1 y=1'],
    ['early upgrade', MP, 'r0=1 r1=0 x=1 y=1'],
    ['late evict clears the owner', MP, 'r0=1 r1=0 x=1 y=1'],
    ['kept copy', MP, 'r0=1 r1=0 x=1 y=1'],
    ['owner not asked', MP_WITH_GPU, 'r0=1 r1=0 x=1 y=1'],
    ['acquire that keeps', MP_WITH_GPU, 'r0=1 r1=0 x=1 y=1'],
    ['dirty data dropped', ATOMICITY, 'r0=0 r1=0 x=1'],
  ] as const)('%s shows in what a program reads', (bug, one, outcome) => {
    const { unexpected, holds } = seenBy(bug, one);
    expect(unexpected).toContain(outcome);
    expect(holds).toBe(false);
  });

  test('missing answer: a program does not come to its end', () => {
    const { stuck, holds } = seenBy('missing answer', MP);
    expect(stuck).toBeGreaterThan(0);
    expect(holds).toBe(false);
  });

  test('an invariant that is checked is named', () => {
    const { protocol } = PLANTED.find(({ name }) => name === 'kept copy')!;
    const { violation, holds } = runCase(MP, { protocol });
    expect(violation).toMatch(/^directory: core \d has line \d/);
    expect(holds).toBe(false);
  });
});

test('says each row as soon as it is there', () => {
  const said: [string, number][] = [];
  const rows = runLitmus((row, count) => said.push([row.shape, count]), [ATOMICITY, MP]);
  expect(said).toEqual([
    ['atomicity', 2],
    ['MP', 2],
  ]);
  expect(rows.map(({ evictions }) => evictions)).toEqual([null, null]);
});
