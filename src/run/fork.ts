import { type ChildProcess, fork as startProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BarometerError, EXIT, WrongAnswerError } from '../errors.ts';
import type {
  ForkFailure,
  ForkProgress,
  ForkRequest,
  ForkResult,
  FromFork,
  ToFork,
} from '../measure/fork-protocol.ts';
import type { RoundSpan } from '../measure/rounds.ts';

// Built as .js, tested as .ts: the process has the extension of this file.
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const ENTRY = fileURLToPath(new URL(`../measure/fork-process.${EXTENSION}`, import.meta.url));

export interface ForkOptions {
  /** Path of the Node binary. */
  readonly runtime: string;
  /** A fork that says nothing for so long is ended. */
  readonly silenceMs: number;
  readonly progress: (progress: ForkProgress) => void;
}

/** A fork that crashed, hung or threw: what was asked of it is lost, and nothing else. */
export class ForkFailed extends BarometerError {}

/** One fork, driven step by step. A step that fails ends the process. */
export class Fork {
  private readonly process: ChildProcess;
  private readonly options: ForkOptions;
  private readonly name: string;
  private waiting: { resolve: (message: FromFork) => void; reject: (error: Error) => void } | null = null;
  private silence: NodeJS.Timeout | undefined;

  constructor(name: string, options: ForkOptions) {
    this.name = name;
    this.options = options;
    this.process = startProcess(ENTRY, {
      execPath: options.runtime,
      execArgv: [...process.execArgv, '--disable-warning=ExperimentalWarning'],
      // What a module of the user's prints must not get into the one document on standard output.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.process.on('message', (message: FromFork) => this.hear(message));
    this.process.on('error', (error) => this.fail(`could not be started: ${error.message}`));
    this.process.on('exit', (code, signal) =>
      this.fail(signal ? `was ended by ${signal}` : `exited with code ${code}`),
    );
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
    throw new ForkFailed(`${this.name}: answered ${answer.type} where it was to finish`);
  }

  /** Cuts short what it is doing. */
  stop(): void {
    if (this.process.connected) this.process.send({ type: 'stop' } satisfies ToFork);
  }

  kill(): void {
    clearTimeout(this.silence);
    this.process.kill('SIGKILL');
  }

  private ask(message: ToFork): Promise<FromFork> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.listen();
      // Where it cannot be told, it has ended or hangs: either is heard of.
      this.process.send(message, () => {});
    });
  }

  private hear(message: FromFork): void {
    if (message.type === 'progress') {
      this.listen();
      this.options.progress(message.progress);
      return;
    }
    clearTimeout(this.silence);
    const { waiting } = this;
    this.waiting = null;
    if (message.type === 'failed') waiting?.reject(errorOf(this.name, message.failure));
    else waiting?.resolve(message);
  }

  private listen(): void {
    clearTimeout(this.silence);
    const { silenceMs } = this.options;
    this.silence = setTimeout(() => {
      this.fail(
        `said nothing for ${silenceMs / 1000} s, and was ended: it hangs, or its passes are too long`,
      );
      this.kill();
    }, silenceMs);
  }

  private fail(how: string): void {
    clearTimeout(this.silence);
    const { waiting } = this;
    this.waiting = null;
    waiting?.reject(new ForkFailed(`${this.name}: the process that measured it ${how}`));
  }
}

function errorOf(name: string, { message, exitCode }: ForkFailure): BarometerError {
  if (exitCode === EXIT.wrongAnswer) return new WrongAnswerError(message);
  return exitCode === null ? new ForkFailed(`${name}: ${message}`) : new BarometerError(message, exitCode);
}
