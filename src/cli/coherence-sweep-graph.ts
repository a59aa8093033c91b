/** A sweep as lines over the parameter: a panel for figures in nanoseconds, one for those in bytes a second. */
import { parameterNamed } from '../coherence/profiles/parameters.ts';
import { fromBaseUnits } from '../coherence/profiles/unit-kinds.ts';
import type { Sweep } from '../coherence/sweep/sweep.ts';
import type { GraphPanel, LineGraph } from '../report/line-graph.ts';

export function sweepGraph(swept: Sweep): LineGraph {
  const { profile, parameter, values } = swept;
  const { kind } = parameterNamed(parameter)!;
  const format = (value: number) => fromBaseUnits(value, kind);
  const own = profile.values[parameter];
  return {
    title: `Profile ${profile.name}, modelled, by ${parameter}`,
    panels: (['ns', 'GB/s'] as const)
      .map((unit) => panel(swept, unit))
      .filter(({ lines }) => lines.length > 0),
    along: parameter,
    axis: values[0]! > 0 ? 'log' : 'linear',
    mark: { x: own, text: `profile: ${format(own)}` },
    format,
  };
}

function panel({ quantities, rows }: Sweep, unit: 'ns' | 'GB/s'): GraphPanel {
  const lines = quantities.map((quantity) => ({
    name: quantity,
    points: rows.flatMap((row) =>
      row.quantity === quantity && row.figureUnit === unit && row.figure !== null
        ? [{ x: row.value, y: row.figure }]
        : [],
    ),
  }));
  return { unit, lines: lines.filter(({ points }) => points.length > 0) };
}
