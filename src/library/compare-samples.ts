import { TimesCollector } from '../report/arm-times.ts';
import { type CompareSummary, comparedSide, compareResults } from '../report/compare.ts';
import type { SamplesDocument } from '../results/samples.ts';
import { DEFAULT_MARGIN } from '../stats/verdict.ts';
import { expectMargin } from './expect.ts';

/**
 * Holds saved samples against others, as `barometer compare` does: what got faster or slower, what cannot be decided.
 * Machines and devices that only one side has are in no verdict.
 * @param margin share within which a ratio counts as the same; the wider of the two runs' unless given
 * @throws UsageError where the two have no conditions or no arms in common
 */
export function compareSamples(
  baseline: SamplesDocument,
  candidate: SamplesDocument,
  { margin = widerMargin(baseline, candidate) }: { readonly margin?: number } = {},
): CompareSummary {
  expectMargin(margin);
  return compareResults(sideOf('baseline', baseline), sideOf('candidate', candidate), margin);
}

function sideOf(name: string, { series, ...head }: SamplesDocument) {
  const times = new TimesCollector();
  for (const one of series) times.add(one);
  return comparedSide(name, { ...head, series: [] }, times);
}

function widerMargin(...documents: readonly SamplesDocument[]): number {
  return Math.max(...documents.map(({ settings }) => settings.margin ?? DEFAULT_MARGIN));
}
