import { describe, expect, test } from 'vitest';
import { guestCostText } from '../../src/cli/guest-cost-text.ts';
import { summarize } from '../../src/report/summary.ts';
import { costSamples } from '../../src/run/guest/cost/cost-samples.ts';
import { boot, FACTS, readings } from '../run/guest/cost/readings.ts';

const samples = costSamples([boot(), boot(1.02)], FACTS);

describe('costs of a guest', () => {
  test('are a stack of what each path adds', () => {
    const text = guestCostText(summarize(samples), FACTS.pinning);
    const cells = text.split('\n').map((line) => line.trim().split(/ {2,}/).join('|'));
    expect(cells).toContain('wasm|core|33.3 ns|33.3 ns|33.3 ns|33.3 ns');
    expect(cells).toContain('= in the guest|31.3 µs|31.3 µs|31.3 µs|31.3 µs');
    expect(cells).toContain('over Node echo|1.07x|1.07x|1.07x|1.07x');
    expect(cells).toContain('over C server|1.19x|1.19x|1.19x|1.19x');
    expect(cells).toContain('BAR that is RAM|= in the guest|5.02 ns|5.02 ns|5.02 ns|5.02 ns');
    expect(text).toContain('all on processor 1');
  });

  test('of one implementation alone leave a dash where nothing was measured', () => {
    const text = guestCostText(summarize(costSamples([readings('ts', 'guest', 5)], FACTS)), '');
    expect(text).toMatch(/ts +core +– +– +– +–/);
  });
});
