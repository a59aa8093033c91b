/** Curves of agents over footprints, and over their number. */
import { formatBytes, formatCount } from '../../units.ts';
import { type Axis, type Curve, curveKey } from '../growth.ts';
import { kneeText } from '../growth-table.ts';
import { armNamer, fullLabel, paramsLabel } from '../labels.ts';
import type { Summary } from '../summary.ts';
import { chart } from './chart.ts';
import { type Html, html } from './escape.ts';
import { quantity } from './quantity.ts';
import { section } from './section.ts';

const TEXT = {
  title: 'Growth',
  note: 'Time of an operation of all agents together, by what they work on and by how many they are; both logarithmic (times from a factor of four on). A knee is where time begins to grow most, or the number of agents that no more of them beat.',
};

const ALONG: Record<Axis, { readonly along: string; readonly other: Axis; format(x: number): string }> = {
  footprintBytes: { along: 'footprint', other: 'agents', format: formatBytes },
  agents: { along: 'agents', other: 'footprintBytes', format: formatCount },
};

export function growthSection({ curves, settings }: Summary): Html {
  const armOf = (curve: Curve) => ({ ...curve, workload: curve.name });
  const nameOf = armNamer(curves.map(armOf));
  const charts = Map.groupBy(curves, (curve) => chartKey(curve));
  return section(
    TEXT,
    [...charts.values()].map((members) => {
      const { along, other, format } = ALONG[members[0]!.along];
      const { [other]: _, ...params } = members[0]!.params;
      const inOrder = members.toSorted((a, b) => Number(a.params[other]) - Number(b.params[other]));
      const lines = inOrder.map((curve) => ({
        name: [nameOf(armOf(curve)), otherText(curve, other, settings)].filter(Boolean).join(' '),
        note: kneeNote(curve),
        points: curve.points.map(({ at, nsPerOp }) => ({ x: at, timeNs: nsPerOp })),
      }));
      return chart({
        title: fullLabel(members[0]!.name, params, settings),
        lines,
        along,
        axis: 'log',
        format,
      });
    }),
  );
}

/** `knee at 512 KiB, 4.1×`: where the line bends, and by how much. */
function kneeNote(curve: Curve): Html {
  const { knee } = curve;
  return knee === null ? html`no knee` : html`knee at ${quantity(knee.at, kneeText(curve, true))}`;
}

function chartKey(curve: Curve): string {
  const arms = { ...curve, implementation: '', runtime: '', build: '' };
  return `${curve.along} ${curveKey(arms, ALONG[curve.along].other)}`;
}

function otherText({ params }: Curve, other: Axis, settings: Summary['settings']): string {
  const value = params[other];
  return value === undefined ? '' : paramsLabel({ [other]: value }, settings);
}
