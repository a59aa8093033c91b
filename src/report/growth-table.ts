/** Curves of agents as a person reads them: a line for each footprint or number of agents, the knee below. */
import { formatBytes, formatNs } from '../units.ts';
import { fitGrid } from './fit.ts';
import type { Cell, GridLine } from './grid.ts';
import type { Axis, Curve } from './growth.ts';
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

function tablesOf({ curves, settings }: Summary): Table[] {
  const nameOf = armNamer(curves.map((curve) => ({ ...curve, workload: curve.name })));
  const armOf = (curve: Curve) => nameOf({ ...curve, workload: curve.name });
  const label = ({ name, params }: Curve, without?: Axis) => {
    const { [without ?? '']: _, ...others } = params;
    return fullLabel(name, others, settings);
  };
  const down = curves.filter(({ along }) => along === 'footprintBytes');
  const agents = curves.filter(({ along }) => along === 'agents');
  const isCrossed = (curve: Curve) =>
    agents.some(
      (one) => armOf(one) === armOf(curve) && label(one, 'footprintBytes') === label(curve, 'agents'),
    );
  const crossed = down.filter(isCrossed);
  const known = new Set(crossed.map((curve) => `${armOf(curve)} ${label(curve, 'agents')}`));
  const alone = [
    ...down.filter((curve) => !isCrossed(curve)),
    ...agents.filter((curve) => !known.has(`${armOf(curve)} ${label(curve, 'footprintBytes')}`)),
  ];
  return [
    ...[...Map.groupBy(crossed, (curve) => `${label(curve, 'agents')}, ${armOf(curve)}`)].map(
      ([heading, members]): Table => ({
        heading,
        columns: members.map((curve) => ({ title: agentsText(Number(curve.params.agents)), curve })),
        across: new Map(
          agents
            .filter((one) => `${label(one, 'footprintBytes')}, ${armOf(one)}` === heading)
            .map((one) => [Number(one.params.footprintBytes), one]),
        ),
      }),
    ),
    ...[...Map.groupBy(alone, (curve) => `${curve.along} ${label(curve)}`).values()].map(
      (members): Table => ({
        heading: label(members[0]!),
        columns: members.map((curve) => ({ title: armOf(curve), curve })),
        across: new Map(),
      }),
    ),
  ];
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
function kneeText(curve: Curve | undefined, hasFactor: boolean): string {
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
