/** How the time of an operation of agents grows with what they work on, and with their number; and where it bends. */
import { armKey, type Params } from '../results/samples.ts';
import type { Estimate } from '../stats/bootstrap.ts';
import type { SummaryRow } from './summary.ts';

/** What is varied. */
export type Axis = 'footprintBytes' | 'agents';

export interface CurvePoint {
  /** Bytes, or agents. */
  at: number;
  nsPerOp: Estimate;
}

/** Rows that differ in one parameter alone. */
export interface Curve {
  name: string;
  /** All others. */
  params: Params;
  implementation: string;
  runtime: string;
  build: string;
  along: Axis;
  /** In order; three or more. */
  points: CurvePoint[];
  /**
   * Along footprints: the last one before time grows most from one point to the next, and by what factor. Along numbers of
   * agents: the first one that no more of them surely beat, and how many times as much it does as the first. Null where
   * no step is beyond the intervals of both its ends, or the most agents do the most.
   */
  knee: { at: number; factor: number } | null;
}

const LEAST_POINTS = 3;
const AXES: readonly Axis[] = ['footprintBytes', 'agents'];

/** @param rows of a summary */
export function curvesOf(rows: readonly SummaryRow[]): Curve[] {
  return AXES.flatMap((along) => {
    const ofAgents = rows.filter(({ sharing, nsPerOp }) => sharing !== undefined && nsPerOp !== null);
    return [...Map.groupBy(ofAgents, (row) => keyOf(row, along)).values()].flatMap((members) => {
      const points = members
        .map(({ params, nsPerOp }) => ({ at: Number(params[along]), nsPerOp: nsPerOp! }))
        .sort((a, b) => a.at - b.at);
      if (points.length < LEAST_POINTS) return [];
      const { name, params, implementation, runtime, build } = members[0]!;
      const { [along]: _, ...others } = params;
      const knee = along === 'agents' ? kneeOfAgents(points) : kneeOfFootprints(points);
      return { name, params: others, implementation, runtime, build, along, points, knee };
    });
  });
}

/** What a curve is of: all but what it is along, and but `without` where that is given. */
export function curveKey({ name, params, ...arm }: Curve, without?: Axis): string {
  const { [without ?? '']: _, ...others } = params;
  const { implementation, runtime, build } = arm;
  return armKey({ workload: name, params: others, implementation, runtime, build });
}

function keyOf({ name, params, implementation, runtime, build }: SummaryRow, along: Axis): string {
  const { [along]: _, ...others } = params;
  return armKey({ workload: name, params: others, implementation, runtime, build });
}

function kneeOfFootprints(points: readonly CurvePoint[]): Curve['knee'] {
  let knee: Curve['knee'] = null;
  for (const [i, { at, nsPerOp }] of points.slice(0, -1).entries()) {
    const next = points[i + 1]!.nsPerOp;
    const factor = next.estimate / nsPerOp.estimate;
    if (next.low > nsPerOp.high && factor > (knee?.factor ?? 1)) knee = { at, factor };
  }
  return knee;
}

function kneeOfAgents(points: readonly CurvePoint[]): Curve['knee'] {
  const isBeaten = ({ nsPerOp }: CurvePoint, k: number) =>
    points.slice(k + 1).some((later) => later.nsPerOp.high < nsPerOp.low);
  const i = points.findIndex((point, k) => !isBeaten(point, k));
  if (i === points.length - 1) return null;
  return { at: points[i]!.at, factor: points[0]!.nsPerOp.estimate / points[i]!.nsPerOp.estimate };
}
