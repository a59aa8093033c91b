/** Curves of agents as a person reads them: a line for each footprint or number of agents, the knee below. */
import type { Arm } from '../results/samples.ts';
import { formatBytes, formatNs } from '../units.ts';
import { fitGrid } from './fit.ts';
import type { Cell, GridLine } from './grid.ts';
import { type Axis, type Curve, curveKey } from './growth.ts';
import { armNamer, fullLabel } from './labels.ts';
import type { Summary } from './summary.ts';

/** A column of a table: one curve down it. */
interface Column {
  readonly title: string;
  readonly curve: Curve;
}

interface Table {
  readonly heading: string;
  readonly columns: readonly Column[];
  /** Curves across the columns, by the point of the lines that they stand on. */
  readonly across: ReadonlyMap<number, Curve>;
}

/** Empty where nothing was varied. */
export function growthGrid(summary: Summary, width: number): GridLine[] {
  const tables = tablesOf(summary);
  const lay = (hasFactors: boolean) => tables.flatMap((table) => tableLines(table, hasFactors));
  return fitGrid({ details: [true], lastResorts: [false] }, lay, width).grid;
}

/** Of each arm that varies both, a table of its own; of the others those of one workload side by side. */
function tablesOf({ curves, settings }: Summary): Table[] {
  const namer = armNamer(curves.map(armOf));
  const across = Map.groupBy(
    curves.filter(({ along }) => along === 'agents'),
    (curve) => curveKey(curve, 'footprintBytes'),
  );
  const down = Map.groupBy(
    curves.filter(({ along }) => along === 'footprintBytes'),
    (curve) => curveKey(curve, 'agents'),
  );
  const isCrossed = (key: string) => across.has(key) && down.has(key);
  const crossed = [...down].filter(([key]) => isCrossed(key));
  const alone = [...down, ...across].filter(([key]) => !isCrossed(key)).flatMap(([, members]) => members);
  return [
    ...crossed.map(([key, members]): Table => {
      const { agents: _, ...params } = members[0]!.params;
      return {
        heading: `${fullLabel(members[0]!.name, params, settings)}, ${namer(armOf(members[0]!))}`,
        columns: members.map((curve) => ({ title: agentsText(Number(curve.params.agents)), curve })),
        across: new Map(across.get(key)!.map((one) => [Number(one.params.footprintBytes), one])),
      };
    }),
    ...[...Map.groupBy(alone, workloadKey).values()].map(
      (members): Table => ({
        heading: fullLabel(members[0]!.name, members[0]!.params, settings),
        columns: members.map((curve) => ({ title: namer(armOf(curve)), curve })),
        across: new Map(),
      }),
    ),
  ];
}

function armOf(curve: Curve): Arm {
  return { ...curve, workload: curve.name };
}

function workloadKey(curve: Curve): string {
  return `${curve.along} ${curveKey({ ...curve, implementation: '', runtime: '', build: '' })}`;
}

function tableLines({ heading, columns, across }: Table, hasFactors: boolean): GridLine[] {
  const { along } = columns[0]!.curve;
  const places = [...new Set(columns.flatMap(({ curve }) => curve.points.map(({ at }) => at)))].sort(
    (a, b) => a - b,
  );
  const hasKnees = across.size > 0;
  const header: Cell[] = [
    { text: '' },
    ...columns.map(({ title }): Cell => ({ text: title, style: 'dim' })),
    ...(hasKnees ? [{ text: 'knee', style: 'dim' } as const] : []),
  ];
  return [
    { heading: { text: heading, style: 'bold' } },
    { cells: header },
    ...places.map((place) => ({
      cells: [
        { text: `  ${placeText(along, place)}` },
        ...columns.map(({ curve }) => ({ text: timeAt(curve, place) })),
        ...(hasKnees ? [{ text: kneeText(across.get(place), hasFactors) }] : []),
      ],
    })),
    {
      cells: [
        { text: '  knee', style: 'dim' },
        ...columns.map(({ curve }) => ({ text: kneeText(curve, hasFactors) })),
        ...(hasKnees ? [{ text: '' }] : []),
      ],
    },
  ];
}

function timeAt({ points }: Curve, place: number): string {
  const point = points.find(({ at }) => at === place);
  return point ? formatNs(point.nsPerOp.estimate) : '–';
}

/** `512 KiB, 4.1×`. */
export function kneeText(curve: Curve | undefined, hasFactor: boolean): string {
  if (!curve) return '';
  const { knee, along } = curve;
  if (knee === null) return 'none';
  const factor = hasFactor ? `, ${knee.factor.toFixed(1)}×` : '';
  return `${along === 'agents' ? knee.at : formatBytes(knee.at)}${factor}`;
}

function placeText(along: Axis, place: number): string {
  return along === 'agents' ? agentsText(place) : formatBytes(place);
}

function agentsText(count: number): string {
  return count === 1 ? '1 agent' : `${count} agents`;
}
