/** The arms of a document, each with all of its rounds. */
import { type Arm, armKey, isSteadyRow, type SampleSeries } from '../results/samples.ts';

/** Steady rounds of one arm, whatever series they were saved in. */
export interface MeasuredArm extends Arm {
  series: SampleSeries[];
}

/** Arms in the order in which they first appear. Only the steady phase is summed up; others are not comparable to it. */
export function measuredArms(list: readonly SampleSeries[]): MeasuredArm[] {
  const arms = new Map<string, MeasuredArm>();
  for (const series of list) {
    if (!isSteadyRow(series)) continue;
    const key = `${series.evidence} ${armKey(series)}`;
    const arm = arms.get(key) ?? { ...armOf(series), series: [] };
    arm.series.push(series);
    arms.set(key, arm);
  }
  return [...arms.values()];
}

/** The identity alone, without what else a row carries. */
export function armOf({ workload, params, implementation, runtime, build }: Arm): Arm {
  return { workload, params, implementation, runtime, build };
}
