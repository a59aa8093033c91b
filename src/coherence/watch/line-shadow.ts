/**
 * What the watcher keeps of a line beside the simulation, which has no data: a version for each write, and which version is
 * where.
 */

/** Version of who has no data. */
export const NONE = -1;
/** As many things that happened to a line are told of it. */
const TOLD = 16;

export class LineShadow {
  readonly line: number;
  /** Versions: of the last write, and of memory at the home. */
  newest = 0;
  memory = 0;
  /** Of each agent: state of its copy (a code of CPU or GPU), its version, its transaction or 0. */
  readonly states: Uint8Array;
  readonly versions: Int32Array;
  readonly pending: Uint32Array;
  /** Of each GPU agent: it may read no version before this one. */
  readonly since: Int32Array;
  /** Versions on their way, by slot: in answers to the home, and in replies and write-backs. */
  readonly answers = new Map<number, number>();
  readonly carried = new Map<number, number>();
  readonly #story: string[] = [];

  constructor(line: number, agents: number) {
    this.line = line;
    this.states = new Uint8Array(agents);
    this.versions = new Int32Array(agents).fill(NONE);
    this.pending = new Uint32Array(agents);
    this.since = new Int32Array(agents);
  }

  /** What happened last, oldest first. */
  get story(): readonly string[] {
    return this.#story;
  }

  tell(timePs: number, what: string): void {
    this.#story.push(`${timePs} ps  ${what}`);
    if (this.#story.length > TOLD) this.#story.shift();
  }
}
