/** Whether figures come out in the published order: Kendall's tau over the pairs that have one. */

/** A figure as published and as a model gives it, in one unit. */
export interface FigurePair {
  readonly published: number;
  readonly modelled: number;
}

export interface OrderAgreement {
  /**
   * (concordant - discordant) / compared: 1 where every pair has the published order, -1 where every pair has the
   * other. A pair that the model gives as equal is neither. Null where no pair was compared.
   *
   * M. G. Kendall, "A new measure of rank correlation", Biometrika 30, 1938, without the pairs that are tied in the
   * first ranking.
   */
  readonly tau: number | null;
  readonly compared: number;
  /** Pairs without a published order. */
  readonly ties: number;
}

/** @param tieShare figures published closer than this, as a share of the larger one, are tied; 0 to 1 */
export function orderAgreement(figures: readonly FigurePair[], tieShare: number): OrderAgreement {
  let agreement = 0;
  let compared = 0;
  let ties = 0;
  figures.forEach((a, i) => {
    for (const b of figures.slice(i + 1)) {
      if (isTied(a.published, b.published, tieShare)) {
        ties++;
        continue;
      }
      compared++;
      agreement += Math.sign(a.published - b.published) * Math.sign(a.modelled - b.modelled);
    }
  });
  return { tau: compared === 0 ? null : agreement / compared, compared, ties };
}

/** Whether two figures above zero differ by at most a share of the larger one. */
export function isTied(a: number, b: number, tieShare: number): boolean {
  return Math.abs(a - b) <= tieShare * Math.max(a, b);
}
