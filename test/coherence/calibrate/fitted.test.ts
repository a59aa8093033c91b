import { expect, test } from 'vitest';
import { type Fit, fitProfile } from '../../../src/coherence/calibrate/fit.ts';
import { FITTED } from '../../../src/coherence/calibrate/fitted.ts';
import { fitText } from '../../../src/coherence/calibrate/text.ts';
import { scenarioOf } from '../../../src/coherence/predict/predict.ts';
import { parametersReached, reachOf } from '../../../src/coherence/predict/reach.ts';
import { rememberedPredict } from '../../../src/coherence/predict/remembered.ts';
import { withValues } from '../../../src/coherence/profiles/changed.ts';
import type { CoherenceProfile } from '../../../src/coherence/profiles/profile.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { wasmCore } from '../../../src/coherence/simulate/wasm-core.ts';
import { SPLIT } from '../../../src/coherence/validate/split.ts';

const GH200 = openCoherenceProfile('gh200-120gb');

test('what is fitted is each there for a cell of the calibration that hangs on it', () => {
  expect(FITTED.length).toBeLessThanOrEqual(SPLIT.calibration.length);
  for (const { parameter, cell } of FITTED) {
    expect(SPLIT.calibration).toContain(cell);
    expect(parametersReached(reachOf(scenarioOf(GH200.values, cell)!))).toContain(parameter);
  }
  expect(new Set(FITTED.map(({ parameter }) => parameter)).size).toBe(FITTED.length);
  expect(new Set(FITTED.map(({ cell }) => cell)).size).toBe(FITTED.length);
});

/** Few parameters and cells, which the simulator answers quickly. */
const CELLS = ['chase.grace.lpddr', 'chase.hopper.hbm', 'chase.hopper.lpddr'];
const PARAMETERS = FITTED.filter(({ cell }) => CELLS.includes(cell)).map(({ parameter }) => parameter);
const OFF = withValues(GH200, {
  'lpddr-latency': 80_000,
  'hbm-latency': 300_000,
  'link-propagation': 400_000,
});

function fitted(profile: CoherenceProfile): Promise<Fit> {
  return fitProfile({
    profile,
    name: 'fitted',
    parameters: PARAMETERS,
    cells: CELLS,
    predict: rememberedPredict(wasmCore, async () => {}),
    seed: 1,
    randomStarts: 0,
    progress: () => {},
  });
}

test('the simulator is fitted to chases: twice the same, and what came of it to itself', async () => {
  const fit = await fitted(OFF);
  expect(PARAMETERS).toHaveLength(3);
  for (const { before, error } of fit.errors) {
    expect(Math.abs(before)).toBeGreaterThan(0.1);
    expect(Math.abs(error)).toBeLessThan(0.005);
  }
  expect((await fitted(OFF)).text).toBe(fit.text);
  const again = await fitted(fit.profile);
  expect(again.text).toBe(fit.text);

  const text = fitText(fit, OFF);
  expect(text).toMatch(/^chase\.grace\.lpddr +170\.0 ns +-30\.\d\d% +[+-]?0\.\d\d%$/m);
  expect(text).toMatch(/^lpddr-latency +80 ns +13\d(\.\d+)? ns$/m);
  expect(text).not.toContain('no figure hangs on them');
  const idle = fitText({ ...fit, idle: ['l3-ways'] }, OFF);
  expect(idle).toContain('\nAs they were, because no figure hangs on them: l3-ways\n');
});
