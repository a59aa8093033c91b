/**
 * A small world in one state: a few caches, a few lines, a few values, and messages on their way in no order. One array
 * of numbers, so that many of them fit in memory and equal ones are found quickly.
 */
export interface Size {
  /** 0 to 4, and so many agents in all. */
  readonly cpuCount: number;
  readonly gpuCount: number;
  readonly lineCount: 1 | 2 | 3;
  /** Lines that a cache has room for. A line that is on its way back takes none. */
  readonly capacity: 1 | 2 | 3;
  /** Values that a line can have, from 0 on: 2 unless told. An atomic operation goes on to the next one, and around. */
  readonly valueCount?: 2 | 4;
  /** Lets old values pass: what programs make of them is looked at instead. */
  readonly letsOldPass?: true;
}

/** Who has a copy, as the home knows it. */
export const HELD = { nobody: 0, shared: 1, exclusive: 2 } as const;
/** How far a home is with a request: no reply yet; the reply's acknowledgement is awaited; nothing but answers are. */
export const REPLIED = { not: 0, unacknowledged: 1, done: 2 } as const;

/** Of a line at its home. */
export const HOME = {
  held: 0,
  /** A bit for each core. */
  holders: 1,
  memory: 2,
  /** 1 + code of the request that is being served, or 0. */
  serving: 3,
  requester: 4,
  /** A bit for each core whose answer is awaited. */
  awaited: 5,
  /** What the request brought. */
  brought: 6,
  replied: 7,
  /** View of the home when it took the request. */
  view: 8,
  /** Not of the protocol: the value that was last written, by the order in which writes took effect. */
  newest: 9,
} as const;
const HOME_FIELDS = 10;

/** Of a line in a cache. */
export const COPY = {
  state: 0,
  value: 1,
  /** 1 + code of the operation that waits here, or 0. */
  pending: 2,
  /** What it stores. */
  operand: 3,
  /** Not of the protocol: values that were the newest since this agent's last acquire, a bit for each (GPU agents). */
  fresh: 4,
} as const;
const COPY_FIELDS = 5;

/** More are never on their way: a request or its reply, a snoop or its answer, an acknowledgement, of each agent and line. */
const MESSAGES_PER_COPY = 3;
const NO_MESSAGE = 0xffff;
const MAX_AGENTS = 4;

/** On its way between a home and an agent. */
export interface InFlight {
  readonly message: number;
  readonly agent: number;
  readonly line: number;
  readonly value: number;
}

/** `kind << 6 | agent << 4 | line << 2 | value`: sorted by kind. */
const pack = ({ message, agent, line, value }: InFlight): number =>
  (message << 6) | (agent << 4) | (line << 2) | value;

const unpack = (packed: number): InFlight => {
  return { message: packed >> 6, agent: (packed >> 4) & 3, line: (packed >> 2) & 3, value: packed & 3 };
};

export class World {
  readonly size: Size;
  readonly cells: Uint16Array;
  private readonly copiesAt: number;
  private readonly messagesAt: number;

  constructor(size: Size, cells?: Uint16Array) {
    if (size.cpuCount + size.gpuCount > MAX_AGENTS) throw new RangeError(`at most ${MAX_AGENTS} agents`);
    const copies = (size.cpuCount + size.gpuCount) * size.lineCount;
    this.size = size;
    this.copiesAt = size.lineCount * HOME_FIELDS;
    this.messagesAt = this.copiesAt + copies * COPY_FIELDS;
    this.cells = cells ?? new Uint16Array(this.messagesAt + copies * MESSAGES_PER_COPY);
  }

  /** All lines at their homes, with the value 0. */
  static initial(size: Size): World {
    const world = new World(size);
    world.cells.fill(NO_MESSAGE, world.messagesAt);
    for (let agent = size.cpuCount; agent < world.agentCount; agent++) {
      for (let line = 0; line < size.lineCount; line++) world.setCopy(agent, line, COPY.fresh, 1);
    }
    return world;
  }

  get agentCount(): number {
    return this.size.cpuCount + this.size.gpuCount;
  }

  get messageCount(): number {
    const end = this.cells.indexOf(NO_MESSAGE, this.messagesAt);
    return (end < 0 ? this.cells.length : end) - this.messagesAt;
  }

  become(cells: Uint16Array): void {
    this.cells.set(cells);
  }

  home(line: number, field: number): number {
    return this.cells[line * HOME_FIELDS + field]!;
  }

  setHome(line: number, field: number, value: number): void {
    this.cells[line * HOME_FIELDS + field] = value;
  }

  copy(agent: number, line: number, field: number): number {
    return this.cells[this.copyAt(agent, line) + field]!;
  }

  setCopy(agent: number, line: number, field: number, value: number): void {
    this.cells[this.copyAt(agent, line) + field] = value;
  }

  isGpu(agent: number): boolean {
    return agent >= this.size.cpuCount;
  }

  send(message: InFlight): void {
    const { cells } = this;
    if (cells[cells.length - 1] !== NO_MESSAGE) throw new RangeError('more messages than there can be');
    const packed = pack(message);
    let at = cells.length - 1;
    for (; at > this.messagesAt && cells[at - 1]! > packed; at--) cells[at] = cells[at - 1]!;
    cells[at] = packed;
  }

  packedAt(index: number): number {
    return this.cells[this.messagesAt + index]!;
  }

  messageAt(index: number): InFlight {
    return unpack(this.packedAt(index));
  }

  takeMessage(index: number): InFlight {
    const message = this.messageAt(index);
    const { cells } = this;
    cells.copyWithin(this.messagesAt + index, this.messagesAt + index + 1);
    cells[cells.length - 1] = NO_MESSAGE;
    return message;
  }

  /**
   * Writes to `to` the same world with the cores in another order, from which the same can happen.
   * @param names new number of each agent
   */
  renamed(names: readonly number[], to: World): void {
    for (let line = 0; line < this.size.lineCount; line++) {
      for (let field = 0; field < HOME_FIELDS; field++) to.setHome(line, field, this.home(line, field));
      to.setHome(line, HOME.holders, renamedBits(this.home(line, HOME.holders), names));
      to.setHome(line, HOME.awaited, renamedBits(this.home(line, HOME.awaited), names));
      if (this.home(line, HOME.serving) !== 0) {
        to.setHome(line, HOME.requester, names[this.home(line, HOME.requester)]!);
      }
    }
    const copyFields = this.size.lineCount * COPY_FIELDS;
    for (let agent = 0; agent < this.agentCount; agent++) {
      const from = this.copyAt(agent, 0);
      to.cells.set(this.cells.subarray(from, from + copyFields), this.copyAt(names[agent]!, 0));
    }
    to.cells.fill(NO_MESSAGE, this.messagesAt);
    for (let i = this.messagesAt; i < this.cells.length && this.cells[i] !== NO_MESSAGE; i++) {
      const message = unpack(this.cells[i]!);
      to.send({ ...message, agent: names[message.agent]! });
    }
  }

  private copyAt(agent: number, line: number): number {
    return this.copiesAt + (agent * this.size.lineCount + line) * COPY_FIELDS;
  }
}

function renamedBits(bits: number, names: readonly number[]): number {
  let renamed = 0;
  for (let agent = 0; agent < names.length; agent++) renamed |= ((bits >> agent) & 1) << names[agent]!;
  return renamed;
}
