import { describe, expect, test } from 'vitest';
import { withValues } from '../../../src/coherence/profiles/changed.ts';
import { PARAMETERS } from '../../../src/coherence/profiles/parameters.ts';
import type { ProfilePredict } from '../../../src/coherence/profiles/predict.ts';
import type { CoherenceProfile } from '../../../src/coherence/profiles/profile.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { elasticities, profileCount } from '../../../src/coherence/sensitivity/elasticities.ts';

const PROFILE = withValues(openCoherenceProfile('gh200-120gb'), {
  'cpu-fabric-hop': 19_000,
  'lpddr-latency': 132_000,
});

/** A load that misses is a sum; a rate is lines in flight over it; what it does not know is null. */
function madeUp({ values }: CoherenceProfile, quantity: string): number | null {
  const ns = (2 * values['cpu-fabric-hop'] + values['lpddr-latency']) / 1000;
  if (quantity === 'latency') return ns;
  return quantity === 'rate' ? (values['cpu-outstanding-reads'] * 64) / ns : null;
}

const predict: ProfilePredict = async (profile, quantities) =>
  quantities.map((quantity) => madeUp(profile, quantity));

async function rowOf(parameter: string, quantity: string, profile = PROFILE) {
  const rows = await elasticities(profile, ['latency', 'rate', 'none'], predict);
  return rows.find((row) => row.parameter === parameter && row.quantity === quantity)!;
}

describe('elasticities', () => {
  test('of a sum are the shares of its parts', async () => {
    const row = await rowOf('lpddr-latency', 'latency');
    expect(row.up).toBeCloseTo(132 / 170, 12);
    expect(row.down).toBeCloseTo(132 / 170, 12);
    expect((await rowOf('cpu-fabric-hop', 'latency')).up).toBeCloseTo(38 / 170, 12);
  });

  test('of a factor are 1, even where a fifth of it is no whole number', async () => {
    expect((await rowOf('cpu-outstanding-reads', 'rate')).up).toBeCloseTo(1, 12);
    expect((await rowOf('cpu-outstanding-reads', 'rate')).down).toBeCloseTo(1, 12);
  });

  test('of a divisor differ up and down', async () => {
    const share = 132 / 170;
    const row = await rowOf('lpddr-latency', 'rate');
    expect(row.up).toBeCloseTo((1 / (1 + 0.2 * share) - 1) / 0.2, 12);
    expect(row.down).toBeCloseTo((1 / (1 - 0.2 * share) - 1) / -0.2, 12);
  });

  test('are zero where nothing hangs on a parameter, and null where the model has no figure', async () => {
    expect(await rowOf('hbm-latency', 'latency')).toMatchObject({ up: 0, down: 0 });
    expect(await rowOf('lpddr-latency', 'none')).toMatchObject({ up: null, down: null });
  });

  test('are null where there is no such step', async () => {
    expect(await rowOf('far-lpddr-extra', 'latency')).toMatchObject({ up: null, down: null });
    const small = withValues(PROFILE, { 'cpu-outstanding-reads': 2, 'cpu-cores': 96 });
    expect(await rowOf('cpu-outstanding-reads', 'rate', small)).toMatchObject({ up: null, down: null });
    expect(await rowOf('cpu-cores', 'rate', small)).toMatchObject({ up: null, down: 0 });
  });

  test('are there for each parameter that has a fifth', async () => {
    const asked: CoherenceProfile[] = [];
    const rows = await elasticities(PROFILE, ['latency'], async (profile, quantities) => {
      asked.push(profile);
      return predict(profile, quantities);
    });
    expect(asked).toHaveLength(profileCount(PROFILE));
    const flags = PARAMETERS.filter(({ kind }) => kind === 'flag').length;
    expect(rows).toHaveLength(PARAMETERS.length - flags);
  });
});
