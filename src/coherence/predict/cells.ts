/** Which scenario answers which quantity, and how its figure is read off. Quantities without an entry: the model has no notion of them. */
import type { ParameterValues } from '../profiles/parameters.ts';
import type { CellUnit } from '../published/cell.ts';
import { LINE_BYTES } from '../simulate/lay-side.ts';
import { chase, type Plateau } from './chase.ts';
import type { Round } from './run.ts';
import type { Memory, Scenario, Side } from './scenario.ts';
import { additions, PING_PONG_TURNS, pingPong, stores } from './sharing.ts';
import { type Access, type Loop, streaming } from './streaming.ts';

export interface Cell {
  readonly id: string;
  /** Null where the profile has no such thing. */
  readonly scenario: (values: ParameterValues) => Scenario | null;
  readonly unit: CellUnit;
  /** Of the second round. */
  readonly figure: (round: Round) => number;
}

const SIDES = ['grace', 'hopper'] as const;
const MEMORIES = ['lpddr', 'hbm'] as const;

const meanNs = ({ latencyPs, accesses }: Round) => latencyPs / accesses / 1000;
const turnNs = ({ timePs }: Round) => timePs / PING_PONG_TURNS / 1000;

/** @param share of all accesses whose bytes count */
function gbPerSec(share: number): Cell['figure'] {
  return ({ accesses, timePs }) => (1000 * share * accesses * LINE_BYTES) / timePs;
}

function nsCell(id: string, scenario: Cell['scenario'], figure: Cell['figure']): Cell {
  return { id, scenario, unit: 'ns', figure };
}

function chaseCell(id: string, side: Side, memory: Memory, plateau: Plateau): Cell {
  return nsCell(`chase.${id}`, (values) => chase(values, side, memory, plateau), meanNs);
}

const CHASES = [
  chaseCell('grace.l1', 'grace', 'lpddr', 'l1'),
  chaseCell('grace.l2', 'grace', 'lpddr', 'l2'),
  chaseCell('grace.l3', 'grace', 'lpddr', 'home'),
  chaseCell('grace.lpddr', 'grace', 'lpddr', 'memory'),
  chaseCell('grace.hbm', 'grace', 'hbm', 'memory'),
  chaseCell('hopper.l1', 'hopper', 'hbm', 'l1'),
  chaseCell('hopper.l2', 'hopper', 'hbm', 'home'),
  chaseCell('hopper.hbm', 'hopper', 'hbm', 'memory'),
  // More than the GPU agent's cache holds, so that the home of CPU memory has it.
  chaseCell('hopper.lpddr-small', 'hopper', 'lpddr', 'home'),
  chaseCell('hopper.lpddr', 'hopper', 'lpddr', 'memory'),
];

const PING_PONGS = MEMORIES.flatMap((memory) =>
  SIDES.flatMap((first) =>
    SIDES.map((second) =>
      nsCell(
        `pingpong.${memory}.${first}-${second}`,
        (values) => pingPong(values, memory, first, second),
        turnNs,
      ),
    ),
  ),
);

const read = (memory: Memory): Access => ({ does: 'read', memory });
const write = (memory: Memory): Access => ({ does: 'write', memory });

/** Bytes of so many accesses of the body count. */
function loopCell(id: string, loop: Loop, counted = loop.body.length, beside?: Loop): Cell {
  return {
    id,
    scenario: (values) => streaming(values, loop, beside),
    unit: 'GB/s',
    figure: gbPerSec(counted / loop.body.length),
  };
}

/** Enough of them to fill the link; more would only wait longer. */
const NOISY_SMS = 8;

/** Reads and writes of one memory: by all agents, by one, and by all while the other side does the same over the link. */
const ACCESSES = SIDES.flatMap((side) =>
  MEMORIES.flatMap((memory) =>
    [read, write].flatMap((access) => {
      const body = [access(memory)];
      const { does } = body[0]!;
      const where = `${does}.${side}.${memory}`;
      const other: Loop =
        side === 'grace'
          ? { side: 'hopper', agents: NOISY_SMS, body: [access('lpddr')] }
          : { side: 'grace', agents: 'all', body: [access('hbm')] };
      return [
        loopCell(where, { side, agents: 'all', body }),
        loopCell(`${side === 'grace' ? 'one-thread' : 'one-block'}-${where}`, { side, agents: 1, body }),
        loopCell(`noise-${where}`, { side, agents: 'all', body }, 1, other),
      ];
    }),
  ),
);

/** Copied bytes count once, as in the published figures; those of a triad as often as they are read or written. */
const LOOPS = [
  ...SIDES.flatMap((side) =>
    MEMORIES.flatMap((from) =>
      MEMORIES.map((to) => {
        const body = [read(from), write(to)];
        return loopCell(`copy.${side}.${from}-${to}`, { side, agents: 'all', body }, 1);
      }),
    ),
  ),
  loopCell(
    'copy-both-ways.hopper',
    { side: 'hopper', agents: 'all', body: [read('lpddr'), write('hbm'), read('hbm'), write('lpddr')] },
    1,
  ),
  ...(
    [
      ['grace', 'lpddr'],
      ['hopper', 'hbm'],
    ] as const
  ).map(([side, memory]) =>
    loopCell(`stream-triad.${side}.${memory}`, {
      side,
      agents: 'all',
      body: [read(memory), read(memory), write(memory)],
    }),
  ),
];

const SHARING = MEMORIES.flatMap((memory) => [
  storesCell('shared-line', memory, 'shared'),
  storesCell('padded-line', memory, 'own'),
  ...SIDES.flatMap((side) => [
    additionsCell('contended-add', side, memory, 'shared'),
    additionsCell('lone-add', side, memory, 'own'),
  ]),
]);

function storesCell(name: string, memory: Memory, lines: 'shared' | 'own'): Cell {
  return nsCell(`${name}.grace.${memory}`, () => stores(memory, lines), meanNs);
}

function additionsCell(name: string, side: Side, memory: Memory, lines: 'shared' | 'own'): Cell {
  return nsCell(`${name}.${side}.${memory}`, (values) => additions(values, side, memory, lines), meanNs);
}

export const CELLS: readonly Cell[] = [...CHASES, ...PING_PONGS, ...ACCESSES, ...LOOPS, ...SHARING];

/** Throws RangeError for an id that is none: a mistake in a program, not in what a user gave. */
export function unitOf(id: string): CellUnit {
  const cell = CELLS.find((one) => one.id === id);
  if (cell === undefined) throw new RangeError(`no figure ${JSON.stringify(id)}`);
  return cell.unit;
}
