import { Fork } from './fork.ts';
import type { Runtime } from './measure-fork.ts';

/**
 * Forks that are started ahead: while those of one group prepare, which nobody times, the next ones start on another
 * core. Starting takes a tenth of a second, as long as many a group measures.
 */
export class ForkSupply {
  private readonly runtimes: readonly Runtime[];
  private ahead: readonly Fork[] = [];

  constructor(runtimes: readonly Runtime[]) {
    this.runtimes = runtimes;
  }

  /** One fork of each runtime. */
  take(): readonly Fork[] {
    const taken = this.ahead.length > 0 ? this.ahead : this.start();
    this.ahead = [];
    // What died while nobody used it says nothing about who would have.
    return taken.map((fork, i) => (fork.isAlive ? fork : new Fork(this.runtimes[i]!.path)));
  }

  /** Starts the next ones. Settled when they have started: from then on they wait, and disturb nobody. */
  async stock(): Promise<void> {
    this.ahead = this.start();
    await Promise.all(this.ahead.map(({ booted }) => booted));
  }

  close(): void {
    for (const fork of this.ahead) fork.kill();
    this.ahead = [];
  }

  private start(): readonly Fork[] {
    return this.runtimes.map(({ path }) => new Fork(path));
  }
}
