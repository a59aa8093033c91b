import { describe, expect, test } from 'vitest';
import { CELLS } from '../../../src/coherence/predict/cells.ts';
import { predictCell, scenarioOf } from '../../../src/coherence/predict/predict.ts';
import { parametersReached, reachOf } from '../../../src/coherence/predict/reach.ts';
import { rememberedPredict } from '../../../src/coherence/predict/remembered.ts';
import { nearestValue, withValues } from '../../../src/coherence/profiles/changed.ts';
import { PARAMETERS } from '../../../src/coherence/profiles/parameters.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { wasmCore } from '../../../src/coherence/simulate/wasm-core.ts';

/** Few agents with little in flight, and caches that are soon laid out: simulated quickly. */
const SMALL = withValues(openCoherenceProfile('gh200-120gb'), {
  'cpu-cores': 2,
  'gpu-sms': 2,
  'gpu-outstanding-reads': 32,
  'gpu-outstanding-writes': 32,
  'cpu-l2-size': 128 * 1024,
  'l3-size': 1024 * 1024,
  'l2-size': 1024 * 1024,
});

function reached(id: string) {
  return parametersReached(reachOf(scenarioOf(SMALL.values, id)!));
}

describe('a figure hangs on no parameter that its scenario does not reach', () => {
  // Those that take long do nothing that others do not.
  const ids = CELLS.map(({ id }) => id).filter((id) => !/^one-|\.l[123]$|-small$/.test(id));

  test.each(ids)('%s', (id) => {
    const others = PARAMETERS.filter(({ name, kind }) => kind !== 'flag' && !reached(id).includes(name));
    const moved = others.map(({ name }) => [name, nearestValue(name, 2 * SMALL.values[name] + 1)]);
    const there = withValues(SMALL, Object.fromEntries(moved));
    const figure = (values: typeof there.values) => predictCell(values, id, wasmCore)!.figure;
    expect(figure(there.values)).toBe(figure(SMALL.values));
  });
});

test('a chase of a core in CPU memory reaches nothing of the GPU and the link', () => {
  const names = reached('chase.grace.lpddr');
  expect(names).toContain('lpddr-latency');
  expect(names).toContain('cpu-fabric-hop');
  expect(names.filter((name) => /^(gpu-(?!atomics-)|hbm|l2|link)/.test(name))).toEqual([]);
});

describe('remembered figures', () => {
  const asked: string[] = [];
  const predict = rememberedPredict(wasmCore, async (quantity) => {
    asked.push(quantity);
  });
  const chases = ['chase.grace.lpddr', 'chase.hopper.hbm', 'chase.grace.peer-hbm'];

  test('are those of the model, simulated again only where something they hang on is changed', async () => {
    const far = withValues(SMALL, { 'hbm-latency': 300_000 });
    const expected = (profile: typeof far) =>
      chases.map((id) => predictCell(profile.values, id, wasmCore)?.figure ?? null);
    expect(await predict(SMALL, chases)).toEqual(expected(SMALL));
    expect(asked).toEqual(chases);
    expect(await predict(far, chases)).toEqual(expected(far));
    expect(asked.slice(3)).toEqual(['chase.hopper.hbm']);
  });

  test('are not there where asking is stopped', async () => {
    const stopped = rememberedPredict(wasmCore, () => Promise.reject(new Error('stopped')));
    await expect(stopped(SMALL, chases)).rejects.toThrow('stopped');
  });
});
