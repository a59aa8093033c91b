/** Verdicts and ratios in words and colours, the same in every table. */
import type { Estimate } from '../stats/bootstrap.ts';
import type { Verdict } from '../stats/verdict.ts';
import { formatDigits } from '../units.ts';
import type { Cell, Style } from './grid.ts';

const STYLES: Record<Verdict, Style> = {
  slower: 'red',
  faster: 'green',
  same: 'dim',
  inconclusive: 'yellow',
};

/** Where words do not fit: the sign between candidate and baseline. */
const SIGNS: Record<Verdict, string> = { slower: '>', faster: '<', same: '=', inconclusive: '?' };

/** The colour of a verdict; none where there is no verdict. */
export function verdictStyle(verdict: Verdict | null): { style?: Style } {
  return verdict === null ? {} : { style: STYLES[verdict] };
}

/** `slower`, or nothing where there is no verdict. Words line up on the left. */
export function verdictCell(verdict: Verdict | null): Cell {
  return { text: verdict ?? '', align: 'left', ...verdictStyle(verdict) };
}

/** `>` for slower; a blank where there is no verdict, so that signs stand below each other. */
export function verdictSign(verdict: Verdict | null): string {
  return verdict === null ? ' ' : SIGNS[verdict];
}

/** `= same within ±1%, > slower, < faster, ? inconclusive`: of the verdicts that occur. */
export function signLegend(verdicts: readonly (Verdict | null)[], margin: number): string {
  const meanings: Record<Verdict, string> = {
    slower: 'slower',
    faster: 'faster',
    same: `same within ${formatMargin(margin)}`,
    inconclusive: 'inconclusive',
  };
  return VERDICT_ORDER.filter((verdict) => verdicts.includes(verdict))
    .map((verdict) => `${SIGNS[verdict]} ${meanings[verdict]}`)
    .join(', ');
}

/** What matters most comes first. */
export const VERDICT_ORDER: readonly Verdict[] = ['slower', 'faster', 'same', 'inconclusive'];

/** `3 slower, 1 faster, 40 same, 2 inconclusive`, each word in its colour; what is not there is not counted. */
export function verdictCounts(verdicts: readonly (Verdict | null)[]): Cell[] {
  return VERDICT_ORDER.flatMap((verdict) => {
    const count = verdicts.filter((one) => one === verdict).length;
    return count > 0 ? [{ text: `${count} ${verdict}`, ...verdictStyle(verdict) }] : [];
  });
}

/** `±1%`, as it was given. */
export function formatMargin(margin: number): string {
  return `±${formatGivenMargin(margin)}`;
}

/** `0.25%`, as `--margin` takes it. */
export function formatGivenMargin(margin: number): string {
  return `${Number((100 * margin).toFixed(4))}%`;
}

/** A ratio to the thousandth, which matters near 1: `1.005×`, `0.250×`, `18.1×`. */
export function formatRatio(ratio: number): string {
  return `${ratioDigits(ratio)}×`;
}

/** `0.981 to 1.012`. */
export function formatRatioInterval({ low, high }: Estimate): string {
  return `${ratioDigits(low)} to ${ratioDigits(high)}`;
}

function ratioDigits(ratio: number): string {
  return ratio < 9.9995 && ratio >= 0.1 ? ratio.toFixed(3) : formatDigits(ratio);
}
