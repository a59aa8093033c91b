/** Whether a margin is wider than the noise of this machine. Sees data only. */
import { type Calibration, familyOf, type Limits } from '../results/calibration.ts';
import type { Arm } from '../results/samples.ts';

/** How the two sides were measured: side by side in one run, or in two runs that are compared afterwards. */
export type Proximity = 'interleaved' | 'apart';

export interface Floor {
  /** Smallest margin at which identical arms come out the same. */
  readonly margin: number;
  /** Whose noise it is: a family of workloads, or `the noisiest workloads` where one of them was not calibrated. */
  readonly of: string;
}

const FIELDS = { interleaved: 'noiseFloor', apart: 'noiseFloorApart' } as const;

/**
 * The highest noise floor among the arms; null where the calibration says nothing about them. A family that was not
 * calibrated may be as noisy as any other: it gets the floor of the noisiest one, not the one over all, which the quiet
 * ones pull down.
 */
export function floorOf(
  calibration: Calibration,
  arms: readonly Pick<Arm, 'workload' | 'implementation'>[],
  proximity: Proximity,
): Floor | null {
  const families = [...new Set(arms.map(familyOf))];
  const floors = families.flatMap((family): Floor[] => {
    const own: Limits | undefined = calibration.families[family];
    const margin = own ? own[FIELDS[proximity]] : noisiest(calibration, proximity);
    return margin === null ? [] : [{ margin, of: own ? family : 'the noisiest workloads' }];
  });
  return floors.sort((a, b) => b.margin - a.margin)[0] ?? null;
}

function noisiest({ overall, families }: Calibration, proximity: Proximity): number | null {
  const margins = [overall, ...Object.values(families)].flatMap((limits) => limits[FIELDS[proximity]] ?? []);
  return margins.length === 0 ? null : Math.max(...margins);
}
