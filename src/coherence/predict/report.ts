/** Predictions of a profile, for people and for programs. */
import { columnLines } from '../columns.ts';
import { PART_NAMES, type PartName } from '../simulate/simulation.ts';
import { CELLS } from './cells.ts';
import type { Prediction } from './predict.ts';

interface Row {
  readonly evidence: 'modelled';
  readonly quantity: string;
}

export interface LatencyRow extends Row {
  readonly ns: number;
  readonly partsNs: Readonly<Partial<Record<PartName, number>>>;
}

/** Null where the profile has no atomics there. */
export interface PingPongRow extends Row {
  readonly oneWayNs: number | null;
  readonly roundTripNs: number | null;
}

export interface BandwidthRow extends Row {
  readonly gbPerSec: number;
}

export interface PredictReport {
  readonly profile: string;
  readonly latencies: readonly LatencyRow[];
  readonly pingPong: readonly PingPongRow[];
  readonly bandwidths: readonly BandwidthRow[];
}

export function predictReport(profile: string, predict: (id: string) => Prediction | null): PredictReport {
  const evidence = 'modelled' as const;
  const ids = CELLS.map(({ id }) => id);
  const ofChases = ids.filter(isChase).map((id) => [id, predict(id)] as const);
  const others = ids.filter((id) => !isChase(id) && !isPingPong(id)).map((id) => [id, predict(id)] as const);
  return {
    profile,
    latencies: ofChases.flatMap(([quantity, found]) =>
      found === null ? [] : [{ evidence, quantity, ns: found.figure, partsNs: found.partsNs }],
    ),
    pingPong: ids.filter(isPingPong).map((quantity) => {
      const roundTripNs = predict(quantity)?.figure ?? null;
      return { evidence, quantity, oneWayNs: roundTripNs === null ? null : roundTripNs / 2, roundTripNs };
    }),
    bandwidths: others.flatMap(([quantity, found]) =>
      found === null ? [] : [{ evidence, quantity, gbPerSec: found.figure }],
    ),
  };
}

function isChase(id: string): boolean {
  return id.startsWith('chase.');
}

function isPingPong(id: string): boolean {
  return id.startsWith('pingpong.');
}

/** Ends with a line break. */
export function predictText({ profile, latencies, pingPong, bandwidths }: PredictReport): string {
  const sections = [
    [`Profile ${profile}, modelled.`],
    ['Latency of a dependent load, ns, and what it is the sum of', ...latencyLines(latencies)],
    ['Ping-pong by compare-and-swap, ns: one way | round trip', ...pingPongLines(pingPong)],
    [
      'Bandwidth, GB/s; copied bytes count once',
      ...columnLines(
        bandwidths.map(({ quantity, gbPerSec }) => [quantity, gbPerSec.toFixed(1)]),
        1,
      ),
    ],
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function latencyLines(latencies: readonly LatencyRow[]): string[] {
  const used = PART_NAMES.filter((name) => latencies.some(({ partsNs }) => shown(partsNs[name]) !== ''));
  const rows = latencies.map(({ quantity, ns, partsNs }) => [
    quantity,
    ns.toFixed(1),
    ...used.map((name) => shown(partsNs[name])),
  ]);
  return columnLines([['', 'ns', ...used], ...rows], 1);
}

/** A matrix: a row for each memory and who begins, a column for each with whom. */
function pingPongLines(rows: readonly PingPongRow[]): string[] {
  const seconds = [...new Set(rows.map(({ quantity }) => secondOf(quantity)))];
  const firsts = [...new Set(rows.map(({ quantity }) => quantity.slice(0, quantity.lastIndexOf('-'))))];
  const cell = (quantity: string) => {
    const { oneWayNs = null, roundTripNs = null } = rows.find((row) => row.quantity === quantity) ?? {};
    return oneWayNs === null ? '–' : `${oneWayNs.toFixed(1)} | ${roundTripNs!.toFixed(1)}`;
  };
  const lines = firsts.map((first) => [first, ...seconds.map((second) => cell(`${first}-${second}`))]);
  return columnLines([['', ...seconds.map((second) => `with ${second}`)], ...lines], 1);
}

/** `pingpong.MEMORY.FIRST-SECOND` */
function secondOf(quantity: string): string {
  return quantity.slice(quantity.lastIndexOf('-') + 1);
}

/** Nothing for what one decimal does not show. */
function shown(ns = 0): string {
  return ns < 0.05 ? '' : ns.toFixed(1);
}
