/** Words on shared memory by which the agents of a window start together and end in order, each on lines of its own. */
import type { LinearMemory } from '../memory/linear-memory.ts';

const LINE_BYTES = 128;
/** Lines before those of the agents. */
const COMMON_LINES = 5;

export function controlBytes(agentCount: number): number {
  return (COMMON_LINES + agentCount) * LINE_BYTES;
}

/** Attempts between two looks at the clock. */
const SPINS_A_LOOK = 256;
/** An agent that sleeps looks again so often, whatever wakes it. */
const SLEEP_MS = 50;

export class Control {
  /** Of the word that ends waiting in kernels. */
  readonly stopAddress: number;
  /** The same for agents that serve others. */
  readonly servedAddress: number;
  private readonly words: Int32Array;
  private readonly arrived: number;
  private readonly go: number;
  private readonly joined: number;
  private readonly agentCount: number;
  private readonly idxOf: (line: number) => number;

  /** @param address of controlBytes(agentCount), aligned to 128 */
  constructor(memory: LinearMemory, address: number, agentCount: number) {
    this.words = memory.i32;
    this.agentCount = agentCount;
    this.idxOf = (line: number) => (address + line * LINE_BYTES) >>> 2;
    this.arrived = this.idxOf(0);
    this.go = this.idxOf(1);
    this.stopAddress = address + 2 * LINE_BYTES;
    this.servedAddress = address + 3 * LINE_BYTES;
    this.joined = this.idxOf(4);
  }

  /** Before each window, while no agent runs. */
  reset(): void {
    const lines = COMMON_LINES + this.agentCount;
    for (let line = 0; line < lines; line++) {
      if (this.idxOf(line) !== this.joined) Atomics.store(this.words, this.idxOf(line), 0);
    }
  }

  /** Of a thread, once: its number among those of the pool, from 0. */
  join(): number {
    return Atomics.add(this.words, this.joined, 1);
  }

  /**
   * Returns when all of `count` agents have come here, true; or false where the window was stopped before. They may meet
   * again and again.
   * @param spinMs time that is spun for before the agent sleeps: a sleeper wakes 50 µs late, or more
   */
  meet(count: number, spinMs: number): boolean {
    const { words, go } = this;
    const before = Atomics.load(words, go);
    if (this.isStopped) return false;
    if (Atomics.add(words, this.arrived, 1) + 1 === count) {
      Atomics.store(words, this.arrived, 0);
      Atomics.add(words, go, 1);
      Atomics.notify(words, go);
      return !this.isStopped;
    }
    const until = performance.now() + spinMs;
    while (performance.now() < until) {
      for (let i = 0; i < SPINS_A_LOOK; i++) if (Atomics.load(words, go) !== before) return !this.isStopped;
    }
    while (Atomics.load(words, go) === before) Atomics.wait(words, go, before, SLEEP_MS);
    return !this.isStopped;
  }

  /** Ends the window for all: those that wait for others, and those that have not started. */
  stop(): void {
    Atomics.store(this.words, this.stopAddress >>> 2, 1);
    Atomics.store(this.words, this.servedAddress >>> 2, 1);
    Atomics.add(this.words, this.go, 1);
    Atomics.notify(this.words, this.go);
  }

  get isStopped(): boolean {
    return Atomics.load(this.words, this.stopAddress >>> 2) !== 0;
  }

  /** Tells the agent that follows this one, before it starts, that its chunk (from 1 on) is the last. */
  announceLast(leaderIdx: number, chunk: number): void {
    Atomics.store(this.words, this.idxOf(COMMON_LINES + leaderIdx), chunk);
  }

  /** Whether the leader has announced this chunk. One that was done together with the leader has been started by it. */
  isLast(leaderIdx: number, chunk: number): boolean {
    return Atomics.load(this.words, this.idxOf(COMMON_LINES + leaderIdx)) === chunk;
  }

  /** Tells those that serve that nobody will ask any more. */
  endServing(): void {
    Atomics.store(this.words, this.servedAddress >>> 2, 1);
  }
}
