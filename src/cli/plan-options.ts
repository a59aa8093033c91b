/** Options that every measuring command has, and what of a run's plan follows from them. */
import { DEFAULT_SEED } from '../measure/prepare-arm.ts';
import { type PlanOptions, SILENCE_MS, USUAL_FORKS } from '../run/plan-run.ts';
import { planLooks } from '../stats/looks.ts';
import { DEFAULT_MARGIN } from '../stats/verdict.ts';
import { parseCount, parsePercent } from '../units.ts';
import { parseRuntimes } from './runtime-option.ts';

export interface PlanFlags {
  readonly forks?: string;
  readonly margin?: string;
  readonly runtime?: string;
  readonly seed?: string;
}

const MAX_FORKS = 1000;
/** Plenty, and every seed derived from it is exact. */
const MAX_SEED = 2 ** 32;

/**
 * @param usualForks most forks of a group where `--forks` does not say
 * @throws UsageError that says which option was given what, and what was expected
 */
export function planOptions(
  { forks, margin, runtime, seed }: PlanFlags,
  usualForks = USUAL_FORKS,
): PlanOptions {
  const most = forks === undefined ? usualForks : parseCount(forks, '--forks', { min: 1, max: MAX_FORKS });
  return {
    looks: planLooks(most),
    margin: margin === undefined ? DEFAULT_MARGIN : parsePercent(margin, '--margin'),
    runtimes: parseRuntimes(runtime),
    seed: seed === undefined ? DEFAULT_SEED : parseCount(seed, '--seed', { min: 1, max: MAX_SEED }),
    silenceMs: SILENCE_MS,
  };
}
