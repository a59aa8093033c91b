import { type Profiler, Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/** How often functions of some source files were entered, and blocks of them run. */
export interface BlockCounts {
  readonly calls: number;
  readonly blocks: number;
}

/**
 * V8's own counters in every block of JavaScript. Code compiled before `start` has none, and code that V8 inlines
 * does not count its calls: start before what is to be counted is loaded, and count with `exactly`.
 */
export class BlockCoverage {
  private readonly session = new Session();

  start(): void {
    this.session.connect();
    this.post('Profiler.enable');
    this.restart();
  }

  /**
   * Runs `pass` in code that is not optimised, so that each call and block of it is counted. Exact where V8 compiles
   * on the main thread only (--no-concurrent-recompilation, --no-maglev): nothing optimised can arrive meanwhile.
   * @param before makes the pass possible, and is not counted
   * @returns counts of the files whose URLs each test picks
   */
  exactly<Name extends string>(
    tests: Readonly<Record<Name, (url: string) => boolean>>,
    before: () => void,
    pass: () => void,
  ): Record<Name, BlockCounts> {
    setFlagsFromString('--no-opt');
    try {
      this.restart(); // gives up what is optimised already
      before();
      this.take();
      pass();
      const scripts = this.take();
      const names = Object.keys(tests) as Name[];
      const counts = names.map((name) => [name, sum(scripts, tests[name])] as const);
      return Object.fromEntries(counts) as Record<Name, BlockCounts>;
    } finally {
      setFlagsFromString('--opt');
    }
  }

  private restart(): void {
    this.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** Counts since the last time. */
  private take(): readonly Profiler.ScriptCoverage[] {
    const { result } = this.post('Profiler.takePreciseCoverage') as Profiler.TakePreciseCoverageReturnType;
    return result;
  }

  /** Within its own thread a session answers before `post` returns. */
  private post(method: string, params: object = {}): unknown {
    let failure: Error | null = null;
    let answer: unknown;
    this.session.post(method, params, (error, result) => {
      failure = error;
      answer = result;
    });
    if (failure) throw failure;
    return answer;
  }
}

/**
 * The first range of a function is all of it, the others are blocks that ran another number of times than what is
 * around them: V8 tells no others.
 */
function sum(scripts: readonly Profiler.ScriptCoverage[], isCounted: (url: string) => boolean): BlockCounts {
  const functions = scripts.filter(({ url }) => isCounted(url)).flatMap((script) => script.functions);
  const total = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  return {
    calls: total(functions.map(({ ranges }) => ranges[0]!.count)),
    blocks: total(functions.flatMap(({ ranges }) => ranges.map(({ count }) => count))),
  };
}
