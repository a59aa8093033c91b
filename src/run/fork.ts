import { type ChildProcess, fork as startProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BarometerError, EXIT, WrongAnswerError } from '../errors.ts';
import type {
  ForkFailure,
  ForkProgress,
  ForkRequest,
  ForkResult,
  FromFork,
  ModuleVersion,
  ToFork,
} from '../measure/fork-protocol.ts';
import type { RoundSpan } from '../measure/round-order.ts';
import type { ModuleWorkload } from '../workload/module.ts';

// Built as .js, tested as .ts: the process has the extension of this file.
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const ENTRY = fileURLToPath(new URL(`./fork-process.${EXTENSION}`, import.meta.url));

/** What Node says of TypeScript in modules of the user's is not for a report. */
const QUIET = ['ExperimentalWarning', 'MODULE_TYPELESS_PACKAGE_JSON'].map(
  (name) => `--disable-warning=${name}`,
);

/** What it is used for. */
export interface ForkUse {
  /** A fork that says nothing for so long is ended. */
  readonly silenceMs: number;
  readonly progress: (progress: ForkProgress) => void;
  /** The error that an unexpected end is. */
  readonly ended: (end: ForkEnd) => BarometerError;
}

/** How a process ended before it had answered. */
export interface ForkEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** How long it was waited for before it was killed; null where it ended by itself. */
  readonly killedAfterMs: number | null;
}

/** A fork that was told to stop has this long to come to its next sample. */
const STOP_MS = 10_000;

/** Those that run. A fork in an endless loop would never notice that its parent has gone. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** One fork, driven step by step. A step that fails ends the process. */
export class Fork {
  /** Settled when it has started, or never will. */
  readonly booted: Promise<void>;
  private readonly process: ChildProcess;
  private readonly runtime: string;
  private use: ForkUse | null = null;
  private settleBoot!: () => void;
  private waiting: { resolve: (message: FromFork) => void; reject: (error: Error) => void } | null = null;
  private silence: NodeJS.Timeout | undefined;
  private isStopped = false;
  /** Why nothing more is to be had of it: how it ended, or why it did not start. */
  private end: ForkEnd | BarometerError | null = null;

  /** @param runtime path of the Node binary */
  constructor(runtime: string) {
    this.runtime = runtime;
    this.booted = new Promise((resolve) => {
      this.settleBoot = resolve;
    });
    this.process = startProcess(ENTRY, {
      execPath: runtime,
      execArgv: [...process.execArgv, ...QUIET],
      // What a module of the user's prints must not get into the one document on standard output.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    running.add(this.process);
    this.process.on('message', (message: FromFork) => this.hear(message));
    this.process.on('error', ({ message }) => {
      this.fail(new BarometerError(`${this.runtime} could not be started: ${message}`));
    });
    this.process.on('exit', (exitCode, signal) => {
      running.delete(this.process);
      this.fail({ exitCode, signal, killedAfterMs: null });
    });
  }

  /** Whether anything is to be had of it. */
  get isAlive(): boolean {
    return this.end === null;
  }

  /** Before anything else is asked of it. */
  useFor(use: ForkUse): void {
    this.use = use;
  }

  async prepare(request: ForkRequest): Promise<void> {
    await this.ask({ type: 'prepare', request });
  }

  /** Runs rounds, and returns how many. */
  async rounds(span: RoundSpan): Promise<number> {
    const answer = await this.ask({ type: 'rounds', span });
    return answer.type === 'measured' ? answer.rounds : 0;
  }

  /** Ends the process. */
  async finish(): Promise<ForkResult> {
    const answer = await this.ask({ type: 'finish' });
    if (answer.type === 'finished') return answer.result;
    throw new Error(`a fork answered "${answer.type}" where it was to finish`);
  }

  /** What there is to measure in a workload module, with its operations calibrated. Ends the process. */
  async describe(version: ModuleVersion): Promise<readonly ModuleWorkload[]> {
    const answer = await this.ask({ type: 'describe', version });
    if (answer.type === 'described') return answer.workloads;
    throw new Error(`a fork answered "${answer.type}" where it was to describe a module`);
  }

  /** Cuts short what it is doing. */
  stop(): void {
    this.isStopped = true;
    if (this.waiting) this.listen();
    // It may be at its end, and hear nothing any more.
    if (this.process.connected) this.process.send({ type: 'stop' } satisfies ToFork, () => {});
  }

  kill(): void {
    clearTimeout(this.silence);
    this.process.kill('SIGKILL');
  }

  private ask(message: ToFork): Promise<FromFork> {
    if (this.end) return Promise.reject(this.failureOf(this.end));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.listen();
      // Where it cannot be told, it ends or hangs: either is heard of.
      this.process.send(message, () => {});
    });
  }

  private hear(message: FromFork): void {
    if (message.type === 'ready') {
      this.settleBoot();
      return;
    }
    if (message.type === 'progress') {
      this.listen();
      this.use!.progress(message.progress);
      return;
    }
    clearTimeout(this.silence);
    const { waiting } = this;
    this.waiting = null;
    if (message.type === 'failed') waiting?.reject(errorOf(message.failure));
    else waiting?.resolve(message);
  }

  private listen(): void {
    clearTimeout(this.silence);
    const { silenceMs: usualMs } = this.use!;
    const silenceMs = this.isStopped ? Math.min(usualMs, STOP_MS) : usualMs;
    this.silence = setTimeout(() => {
      this.fail({ exitCode: null, signal: null, killedAfterMs: silenceMs });
      this.kill();
    }, silenceMs);
  }

  private fail(end: ForkEnd | BarometerError): void {
    clearTimeout(this.silence);
    this.end ??= end;
    this.settleBoot();
    const { waiting } = this;
    this.waiting = null;
    waiting?.reject(this.failureOf(end));
  }

  private failureOf(end: ForkEnd | BarometerError): BarometerError {
    return end instanceof BarometerError ? end : this.use!.ended(end);
  }
}

function errorOf({ message, exitCode }: ForkFailure): Error {
  if (exitCode === EXIT.wrongAnswer) return new WrongAnswerError(message);
  return exitCode === null ? new Error(message) : new BarometerError(message, exitCode);
}
