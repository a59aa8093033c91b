/** Rows of patterns, for people and for programs: the names and units of the measured mode, and `modelled` in each. */
import { formatBytes, formatBytesPerSec, formatOpsPerSec } from '../../units.ts';
import { columnLines } from '../columns.ts';
import type { Memory } from '../predict/scenario.ts';
import { PART_NAMES } from '../simulate/simulation.ts';
import type { PatternFigures } from './figures.ts';

export interface PatternParams {
  readonly agents: number;
  readonly footprintBytes: number;
  readonly placement: Memory;
  /** `grace`, `hopper`, or of agents with even and with odd numbers. */
  readonly sides: string;
  readonly loadIntervalNs?: number;
}

/** What a pattern is in either mode. */
export interface PatternFacts {
  /** With what is before it in names of workloads. */
  readonly name: string;
  readonly operation: string;
  readonly note?: string | undefined;
  readonly isRoundTrip: boolean;
  readonly bytesPerOp: { readonly payload: number; readonly traffic: number } | null;
}

export interface PatternRow extends Omit<PatternFigures, 'nsPerOp' | 'accessNs'> {
  readonly evidence: 'modelled';
  readonly name: string;
  readonly params: PatternParams;
  readonly available: boolean;
  /** Why there is no figure; null where there is. */
  readonly reason: string | null;
  readonly nsPerOp: number | null;
  readonly opsPerSec: number | null;
  readonly bytesPerSec: { readonly payload: number; readonly traffic: number } | null;
  /** Half of an operation that is a round trip; null of all others. */
  readonly oneWayNs: number | null;
  readonly accessNs: number | null;
  readonly note: string | null;
}

/** @param figures or the reason why there are none */
export function patternRow(
  facts: PatternFacts,
  params: PatternParams,
  figures: PatternFigures | string,
): PatternRow {
  const { name, note = null, isRoundTrip, bytesPerOp } = facts;
  const head = { evidence: 'modelled', name, params, note } as const;
  if (typeof figures === 'string') {
    const none = { nsPerOp: null, opsPerSec: null, bytesPerSec: null, oneWayNs: null };
    const noParts = { accessNs: null, partsNs: null, loadBytesPerSec: null };
    return { ...head, available: false, reason: figures, ...none, ...noParts };
  }
  const opsPerSec = 1e9 / figures.nsPerOp;
  return {
    ...head,
    available: true,
    reason: null,
    opsPerSec,
    bytesPerSec: bytesPerOp && {
      payload: bytesPerOp.payload * opsPerSec,
      traffic: bytesPerOp.traffic * opsPerSec,
    },
    oneWayNs: isRoundTrip ? figures.nsPerOp / 2 : null,
    ...figures,
  };
}

/** A table of each pattern. Ends with a line break. */
export function patternText(
  profile: string,
  facts: readonly PatternFacts[],
  rows: readonly PatternRow[],
): string {
  const sections = facts.map((one) => {
    const own = rows.filter(({ name }) => name === one.name);
    const note = one.note === undefined ? '' : `; ${one.note}`;
    return [`${one.name}, modelled: one operation is ${one.operation}${note}`, ...rowLines(own)];
  });
  return `${[[`Profile ${profile}, modelled.`], ...sections].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

const MISSING = '–';

function rowLines(rows: readonly PatternRow[]): string[] {
  const found = rows.filter(({ available }) => available);
  const parts = PART_NAMES.filter((name) => found.some(({ partsNs }) => shown(partsNs?.[name]) !== ''));
  const isRoundTrip = found.some(({ oneWayNs }) => oneWayNs !== null);
  const hasBytes = found.some(({ bytesPerSec }) => bytesPerSec !== null);
  const isLoaded = found.some(({ loadBytesPerSec }) => loadBytesPerSec !== null);
  const head = [
    ...['agents', 'footprint', 'placement', 'sides'],
    ...[isRoundTrip ? 'ns one way | round trip' : 'ns/op', 'op/s'],
    ...(hasBytes ? ['payload'] : []),
    ...(isLoaded ? ['load'] : []),
    ...['ns/access', ...parts],
  ];
  const lines = found.map((row) => [
    ...paramCells(row.params),
    row.oneWayNs === null
      ? row.nsPerOp!.toFixed(2)
      : `${row.oneWayNs.toFixed(1)} | ${row.nsPerOp!.toFixed(1)}`,
    formatOpsPerSec(row.opsPerSec!),
    ...(hasBytes ? [formatBytesPerSec(row.bytesPerSec!.payload)] : []),
    ...(isLoaded ? [formatBytesPerSec(row.loadBytesPerSec!)] : []),
    row.accessNs!.toFixed(1),
    ...parts.map((name) => shown(row.partsNs?.[name])),
  ]);
  const others = rows.filter(({ available }) => !available);
  return [
    ...(lines.length > 0 ? columnLines([head, ...lines], 4) : []),
    ...reasonsOf(others).map(([reason, of]) =>
      of.length === rows.length ? `${MISSING} ${reason}` : `${placesOf(of, rows)} ${MISSING} ${reason}`,
    ),
  ];
}

function paramCells({ agents, footprintBytes, placement, sides, loadIntervalNs }: PatternParams): string[] {
  const load = loadIntervalNs === undefined ? '' : ` load each ${loadIntervalNs} ns`;
  return [String(agents), formatBytes(footprintBytes), placement, sides + load];
}

/** Each reason once, with the rows that it is of. */
function reasonsOf(rows: readonly PatternRow[]): [reason: string, rows: readonly PatternRow[]][] {
  return [...Map.groupBy(rows, ({ reason }) => reason!)];
}

/** Which of a pattern's rows these are: by agents and footprint where it has some of several. */
function placesOf(of: readonly PatternRow[], all: readonly PatternRow[]): string {
  const agents = ({ params }: PatternRow) => `${params.agents} agents`;
  const footprint = ({ params }: PatternRow) => formatBytes(params.footprintBytes);
  const texts = (rows: readonly PatternRow[], text: (row: PatternRow) => string) => [
    ...new Set(rows.map(text)),
  ];
  return [
    ...[agents, footprint].flatMap((text) => (texts(all, text).length > 1 ? texts(of, text) : [])),
    ...texts(of, ({ params }) => `${params.placement} ${params.sides}`),
  ].join(', ');
}

/** Nothing for what one decimal does not show. */
function shown(ns = 0): string {
  return ns < 0.05 ? '' : ns.toFixed(1);
}
