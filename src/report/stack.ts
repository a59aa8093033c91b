/** What the time of each row is made of, from layer arms that were measured in the same rounds. */
import { Random } from '../random.ts';
import {
  BATCH_LAYER,
  DIRECT_WORKLOAD,
  isDirectCounterpart,
  type Layer,
  sharedLayerOf,
} from '../results/layers.ts';
import { type Arm, armKey, type SampleSeries, type SamplesDocument } from '../results/samples.ts';
import type { BootstrapOptions } from '../stats/bootstrap.ts';
import { median } from '../stats/median.ts';
import { type Moment, type Turn, turnsOf } from './moments.ts';
import { type Share, sharesOf } from './shares.ts';

/**
 * `harness`: the loop over packed accesses, with nothing in it. `boundary`: calls out of JavaScript. `copy`: the bytes
 * moved straight on the memory. `bounds`: what a build without bounds checks saves. `decode`: what is left.
 */
export const STACK_PARTS = ['harness', 'boundary', 'copy', 'bounds', 'decode'] as const;
export type StackPart = (typeof STACK_PARTS)[number];

/** The time of one row, in shares that sum to 1. A part that was not measured apart is null: it is in what is left. */
export interface StackRow extends Arm {
  /** Median nanoseconds of the rounds that the shares rest on. */
  nsPerOp: number;
  stack: Record<StackPart, Share | null>;
  pairedRounds: number;
}

/** What stacks are made of. */
interface Layered {
  readonly settings: Pick<SamplesDocument['settings'], 'seed'>;
  readonly series: readonly SampleSeries[];
}

/** A share that is none by rule: nothing of the kind is there to be measured. */
const NONE = 'none';
/** Nanoseconds of one operation in one round, or null where the round lacks an arm. */
type Figure = (moment: Moment) => number | null;
/** Null: not measured apart. */
type Source = Figure | typeof NONE | null;

/** Steady rounds of one arm. */
interface LayeredArm extends Arm {
  /** Of its first series. */
  readonly facts: SampleSeries;
  /** By their number. */
  readonly turns: ReadonlyMap<number, TimedTurn>;
}

/** What an arm took at each moment of one turn. */
interface TimedTurn {
  readonly moments: readonly Moment[];
  /** NaN where it was not measured. */
  readonly nsPerOp: Float64Array;
  /** Shared layers walk over batches of other lengths in other groups. */
  readonly callsPerOp: Float64Array;
}

/**
 * Stacks of all rows whose layers were measured with them, in the order of the rows. Workloads that are layers
 * themselves, `noop` and functions of one's own have none. Equal samples give equal stacks, bit for bit.
 */
export function stackRows(samples: Layered, options: Omit<BootstrapOptions, 'random'> = {}): StackRow[] {
  const random = new Random(samples.settings.seed).fork('stack');
  if (samples.series.every(({ layer }) => layer === undefined)) return [];
  const arms = armsOf(samples.series.filter(({ phase }) => phase === 'steady'));
  const layers = new Map(
    arms.filter(({ layer }) => layer !== undefined).map((arm) => [armKey(arm), arm] as const),
  );
  return arms.filter(hasStack).flatMap((row) => {
    const find: Find = (layer, workload, params) => layers.get(armKey({ ...row, workload, params, layer }));
    const direct = arms.find(
      (arm) => arm.layer === undefined && isSamePlace(arm, row) && isDirectCounterpart(arm, row),
    );
    const sources = sourcesOf(row, find, direct);
    return sources ? stackOf(row, sources, { ...options, random: random.fork(armKey(row)) }) : [];
  });
}

type Find = (layer: Layer, workload: string, params: Arm['params']) => LayeredArm | undefined;

function armsOf(list: readonly SampleSeries[]): LayeredArm[] {
  const turnOf = turnsOf(list);
  const arms = new Map<string, { facts: SampleSeries; turns: Map<number, TimedTurn> }>();
  for (const series of list) {
    const key = armKey(series);
    const arm = arms.get(key) ?? { facts: series, turns: new Map<number, TimedTurn>() };
    arms.set(key, arm);
    addRounds(arm.turns, turnOf(series), series);
  }
  return [...arms.values()].map(({ facts, turns }) => {
    const { workload, params, implementation, runtime, build, layer } = facts;
    return { workload, params, implementation, runtime, build, layer, facts, turns };
  });
}

function addRounds(turns: Map<number, TimedTurn>, { moments, placeOf }: Turn, series: SampleSeries): void {
  const { turn } = moments[0]!;
  const timed = turns.get(turn) ?? {
    moments,
    nsPerOp: new Float64Array(moments.length).fill(Number.NaN),
    callsPerOp: new Float64Array(moments.length),
  };
  turns.set(turn, timed);
  const { round, durationNs, operations, callsPerOp = 0 } = series;
  for (let i = 0; i < round.length; i++) {
    const place = placeOf.get(round[i]!)!;
    timed.nsPerOp[place] = durationNs[i]! / operations[i]!;
    timed.callsPerOp[place] = callsPerOp;
  }
}

function hasStack({ layer, workload, implementation, facts }: LayeredArm): boolean {
  if (layer !== undefined || implementation === 'noop' || workload.startsWith('noop/')) return false;
  return facts.accessesPerOp !== undefined && facts.callsPerOp !== undefined;
}

function isSamePlace(a: Arm, b: Arm): boolean {
  return a.implementation === b.implementation && a.runtime === b.runtime && a.build === b.build;
}

/** Where the figure of each part comes from; undefined where the row's loop was not measured. */
function sourcesOf(
  row: LayeredArm,
  find: Find,
  directRow: LayeredArm | undefined,
): Record<Exclude<StackPart, 'decode'>, Source> | undefined {
  const shared = sharedLayerOf(row.workload);
  const isCall = shared === row.workload;
  const loop = find('harness', shared, {});
  const calls = find('boundary', shared, {});
  const batchCost = batchCosts(find);
  if (!loop || (row.facts.callsPerOp! > 0 && !calls)) return undefined;
  const harness: Figure = isCall ? at(loop) : (moment) => batchCost(row, moment)?.harness ?? null;
  const callBoundary: Figure = (moment) => difference(at(calls!)(moment), at(loop)(moment));
  const boundary: Figure = isCall ? callBoundary : (moment) => batchCost(row, moment)?.boundary ?? null;
  const own = { harness, boundary: row.facts.callsPerOp === 0 ? NONE : boundary } as const;
  // Direct work decodes nothing: what is left of it is the move.
  if (row.workload === DIRECT_WORKLOAD) return { ...own, copy: rest(row, own), bounds: NONE };
  const direct = find('copy', row.workload, row.params) ?? directRow;
  const unchecked = find('unchecked', row.workload, row.params);
  const copy: Figure | null = direct
    ? (moment) => {
        const cost = batchCost(direct, moment);
        const moved = at(direct)(moment);
        return cost && moved !== null ? moved - cost.harness - cost.boundary : null;
      }
    : null;
  return {
    ...own,
    copy: row.facts.payloadBytesPerOp === null ? NONE : copy,
    bounds: unchecked ? (moment) => difference(at(row)(moment), at(unchecked)(moment)) : null,
  };
}

function at({ turns }: LayeredArm): Figure {
  return ({ turn, place }) => {
    const nsPerOp = turns.get(turn)?.nsPerOp[place] ?? Number.NaN;
    return Number.isNaN(nsPerOp) ? null : nsPerOp;
  };
}

function difference(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a - b;
}

/** What is left of a row beside its loop and its calls. */
function rest(row: LayeredArm, { harness, boundary }: Record<'harness' | 'boundary', Source>): Figure {
  return (moment) => {
    const parts = [harness, boundary].map((source) => (typeof source === 'function' ? source(moment) : 0));
    const time = at(row)(moment);
    return time === null || parts.includes(null) ? null : time - parts[0]! - parts[1]!;
  };
}

/** Loop and calls of one operation of a batch. The walk makes calls too, one for each of its batches. */
function batchCosts(find: Find) {
  const walk = find('harness', BATCH_LAYER, {});
  const calls = find('boundary', BATCH_LAYER, {});
  return ({ facts }: LayeredArm, moment: Moment): { harness: number; boundary: number } | null => {
    const walked = walk ? at(walk)(moment) : null;
    const perCall = calls ? at(calls)(moment) : 0;
    if (walked === null || perCall === null) return null;
    const walkCalls = walk!.turns.get(moment.turn)!.callsPerOp[moment.place]!;
    return {
      harness: (walked - perCall * walkCalls) * facts.accessesPerOp!,
      boundary: perCall * facts.callsPerOp!,
    };
  };
}

/** The moments at which an arm was measured, in order. */
function momentsOf(arm: LayeredArm): Moment[] {
  const turns = [...arm.turns].sort(([a], [b]) => a - b);
  return turns.flatMap(([, { moments }]) => moments.filter((moment) => at(arm)(moment) !== null));
}

/** Shares over the rounds that have every part; no row where there are none. */
function stackOf(
  row: LayeredArm,
  sources: Record<Exclude<StackPart, 'decode'>, Source>,
  options: BootstrapOptions,
): StackRow[] {
  const measured = (Object.entries(sources) as [StackPart, Source][]).flatMap(([part, source]) =>
    typeof source === 'function' ? [{ part, source }] : [],
  );
  // Whatever the order in which files were merged, the same rounds are drawn.
  const moments = momentsOf(row).filter((moment) => measured.every(({ source }) => source(moment) !== null));
  if (moments.length === 0) return [];
  const times = moments.map((moment) => at(row)(moment)!);
  const columns = measured.map(({ source }) =>
    Float64Array.from(moments, (moment, i) => source(moment)! / times[i]!),
  );
  const shares = sharesOf(
    columns,
    moments.map(({ turn }) => turn),
    options,
  );
  const isDirect = row.workload === DIRECT_WORKLOAD;
  const stack = Object.fromEntries(
    STACK_PARTS.map((part) => {
      const idx = measured.findIndex((entry) => entry.part === part);
      if (idx >= 0) return [part, shares[idx]!];
      if (part === 'decode' && !isDirect) return [part, shares.at(-1)!];
      const none = part === 'decode' || sources[part] === NONE;
      return [part, none ? { share: 0, low: 0, high: 0 } : null];
    }),
  ) as StackRow['stack'];
  const { workload, params, implementation, runtime, build } = row;
  const nsPerOp = median(times);
  const arm = { workload, params, implementation, runtime, build };
  return [{ ...arm, nsPerOp, stack, pairedRounds: moments.length }];
}
