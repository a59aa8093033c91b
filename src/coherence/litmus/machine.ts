/**
 * A program on the protocol: what its agents can do next, and what becomes of it. Each agent does its accesses in order,
 * one at a time. With a store buffer its stores are done for the thread when they are in it; the oldest of them goes to
 * the cache while the thread goes on.
 */
import { Stepper } from '../explore/step.ts';
import { COPY, HOME, World } from '../explore/world.ts';
import { CPU, OPERATION } from '../protocol/codes.ts';
import type { CompiledProtocol } from '../protocol/compile.ts';
import { type Agents, operationOf, threadsByAgent } from './agents.ts';
import { type Orders, promptMessage } from './orders.ts';
import { outcomeOf } from './outcome.ts';
import type { Access, Program } from './shapes.ts';
import { type Checks, sizeOf } from './starts.ts';
import { type Store, ThreadStates } from './thread-state.ts';

/** Packed: `index of a message`, or `kind | agent << 2 | line`. */
export type Choice = number;
const EVICT = 1 << 8;
const DRAIN = 2 << 8;
const ACCESS = 3 << 8;

export interface MachineOptions {
  readonly agents: Agents;
  readonly checks: Checks;
  readonly orders: Orders;
  /** Copies that are given back to make room, at most and by all together. */
  readonly evictions: number;
}

export class Machine {
  /** All of its state. */
  readonly cells: Uint16Array;
  readonly world: World;
  private readonly threads: ThreadStates;
  private readonly stepper: Stepper;
  private readonly agents: Agents;
  private readonly orders: Orders;
  private readonly evictions: number;
  private readonly order: readonly number[];
  /** By agent. */
  private readonly programs: Program['threads'];

  constructor(
    protocol: CompiledProtocol,
    program: Program,
    { agents, checks, orders, evictions }: MachineOptions,
  ) {
    const size = sizeOf(program, agents, checks);
    const worldLength = new World(size).cells.length;
    this.agents = agents;
    this.orders = orders;
    this.evictions = evictions;
    this.order = threadsByAgent(program, agents);
    this.programs = this.order.map((thread) => program.threads[thread]!);
    const threadsEnd = worldLength + ThreadStates.lengthOf(this.programs.length);
    // Behind all else, the number of evictions where they are counted.
    this.cells = new Uint16Array(threadsEnd + 1);
    this.world = new World(size, this.cells.subarray(0, worldLength));
    this.threads = new ThreadStates(this.cells.subarray(worldLength, threadsEnd));
    this.stepper = new Stepper(protocol, (agent, _line, operation, value) =>
      this.performed(agent, operation, value),
    );
  }

  /** Writes all choices into `choices` and returns how many there are. */
  choices(choices: Choice[]): number {
    const { world, stepper } = this;
    let count = 0;
    if (this.orders === 'reduced') {
      choices[0] = promptMessage(world);
      if (choices[0] >= 0) return 1;
    }
    for (let i = 0; i < world.messageCount; i++) {
      const isRepeated = i > 0 && world.packedAt(i) === world.packedAt(i - 1);
      if (!isRepeated && stepper.canArrive(world, i)) choices[count++] = i;
    }
    // Nothing that is given back changes what was read.
    if (this.isOver()) return count;
    for (let agent = 0; agent < this.programs.length; agent++) {
      if (this.canAccess(agent)) choices[count++] = ACCESS | (agent << 2);
      if (this.canDrain(agent)) choices[count++] = DRAIN | (agent << 2);
      count = this.evictionsOf(agent, choices, count);
    }
    return count;
  }

  /** @throws Violation */
  take(choice: Choice): void {
    const agent = (choice >> 2) & 3;
    if (choice < EVICT) this.stepper.arrive(this.world, choice);
    else if (choice < DRAIN) this.evict(agent, choice & 3);
    else if (choice < ACCESS) this.store(agent, this.threads.storeAt(agent, 0));
    else this.access(agent, this.accessOf(agent)!);
  }

  /** Every thread has done all it has to do, though not all may have been told to the homes. */
  isOver(): boolean {
    for (let agent = 0; agent < this.programs.length; agent++) {
      if (this.accessOf(agent) !== undefined || this.threads.storeCount(agent) > 0) return false;
    }
    return true;
  }

  /** Of a machine that is over and on which nothing is on its way. */
  outcome(): string {
    const reads = this.programs.map((_, thread) => this.threads.reads(this.order.indexOf(thread)));
    const finals = Array.from({ length: this.world.size.lineCount }, (_, line) => this.finalOf(line));
    return outcomeOf(reads, finals);
  }

  private evictionsOf(agent: number, choices: Choice[], from: number): number {
    if (this.cells.at(-1)! >= this.evictions) return from;
    let count = from;
    for (let line = 0; line < this.world.size.lineCount; line++) {
      if (!this.stepper.accepts(this.world, agent, line, OPERATION.Evict)) continue;
      choices[count++] = EVICT | (agent << 2) | line;
    }
    return count;
  }

  private finalOf(line: number): number {
    for (let core = 0; core < this.world.size.cpuCount; core++) {
      if (this.world.copy(core, line, COPY.state) === CPU.M) return this.world.copy(core, line, COPY.value);
    }
    return this.world.home(line, HOME.memory);
  }

  private accessOf(agent: number): Access | undefined {
    return this.programs[agent]![this.threads.next(agent)];
  }

  private hasBuffer(agent: number): boolean {
    return this.agents.storeBuffer === 'fifo' && !this.world.isGpu(agent);
  }

  private canAccess(agent: number): boolean {
    const access = this.accessOf(agent);
    if (access === undefined || this.isWaiting(agent, 'thread')) return false;
    if (this.hasBuffer(agent)) {
      if (access.kind === 'write') return true;
      if (access.kind === 'read' && this.threads.newestStore(agent, access.variable) !== null) return true;
      if (access.kind !== 'read' && this.threads.storeCount(agent) > 0) return false;
    }
    if (access.kind === 'fence') return true;
    const operation = operationOf(access.kind, this.agents, this.world.isGpu(agent));
    return this.stepper.accepts(this.world, agent, access.variable, operation);
  }

  private canDrain(agent: number): boolean {
    if (this.threads.storeCount(agent) === 0 || this.isWaiting(agent, 'buffer')) return false;
    const { line } = this.threads.storeAt(agent, 0);
    return this.stepper.accepts(this.world, agent, line, operationOf('write', this.agents, false));
  }

  /** Whether an operation of `whose` is under way. Stores of an agent with a buffer are all of the buffer. */
  private isWaiting(agent: number, whose: 'thread' | 'buffer'): boolean {
    for (let line = 0; line < this.world.size.lineCount; line++) {
      const pending = this.world.copy(agent, line, COPY.pending);
      if (pending === 0) continue;
      const isStore = pending - 1 === OPERATION.Store || pending - 1 === OPERATION.StoreStream;
      if ((isStore && this.hasBuffer(agent)) === (whose === 'buffer')) return true;
    }
    return false;
  }

  private evict(agent: number, line: number): void {
    this.stepper.operate(this.world, agent, line, OPERATION.Evict);
    if (this.evictions < Number.POSITIVE_INFINITY) this.cells[this.cells.length - 1]!++;
  }

  private access(agent: number, access: Access): void {
    if (access.kind === 'fence') this.fence(agent);
    else if (access.kind === 'write') this.write(agent, { line: access.variable, value: access.value });
    else {
      const own = this.hasBuffer(agent) ? this.threads.newestStore(agent, access.variable) : null;
      const operation = operationOf(access.kind, this.agents, this.world.isGpu(agent));
      if (own === null) this.stepper.operate(this.world, agent, access.variable, operation);
      else this.read(agent, own);
    }
  }

  /** GPU agents forget what they read before; cores have nothing to forget, and their buffer is empty. */
  private fence(agent: number): void {
    const lines = this.world.isGpu(agent) ? this.world.size.lineCount : 0;
    for (let line = 0; line < lines; line++) this.stepper.operate(this.world, agent, line, OPERATION.Acquire);
    this.threads.goOn(agent);
  }

  private write(agent: number, store: Store): void {
    if (!this.hasBuffer(agent)) this.store(agent, store);
    else {
      this.threads.buffer(agent, store);
      this.threads.goOn(agent);
    }
  }

  private store(agent: number, { line, value }: Store): void {
    const operation = operationOf('write', this.agents, this.world.isGpu(agent));
    this.stepper.operate(this.world, agent, line, operation, value);
  }

  private read(agent: number, value: number): void {
    this.threads.keepRead(agent, value);
    this.threads.goOn(agent);
  }

  private performed(agent: number, operation: number, value: number): void {
    if (operation !== OPERATION.Store && operation !== OPERATION.StoreStream) this.read(agent, value);
    else if (this.hasBuffer(agent)) this.threads.drained(agent);
    else this.threads.goOn(agent);
  }
}
