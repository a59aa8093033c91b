/** `barometer agents litmus`: in what order accesses of several agents take effect on this host. */
import {
  LitmusBench,
  type LitmusOutcome,
  type LitmusRun,
  type LitmusVerdict,
  verdictOf,
} from '../agent/litmus/run-litmus.ts';
import { controlOf, LITMUS_TESTS, type LitmusTest, programText } from '../agent/litmus/tests.ts';
import { specFromFlags } from '../device/device-flags.ts';
import { EXIT } from '../errors.ts';
import { fingerprint } from '../measure/fingerprint.ts';
import { jsonText } from '../report/json-text.ts';
import type { Fingerprint } from '../results/samples.ts';
import { parseCount } from '../units.ts';
import { selectNames } from '../workload/catalog.ts';
import { namesOf } from './device-option.ts';
import { litmusText } from './litmus-text.ts';
import { listenForInterrupts } from './measured-run.ts';
import { ProgressLine } from './progress.ts';

/** Native code is left out: a race of plain accesses has no meaning in C. */
const IMPLEMENTATIONS = ['wasm', 'ts'] as const;
/** Of the reference device, whose memory the agents share. */
const DEVICE = 'gh200-120gb';
const MOST_TRIALS = 1e11;

export interface LitmusFlags {
  readonly trials: string;
  readonly impl: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** A test on one implementation. */
export interface LitmusRow {
  readonly test: string;
  readonly program: string;
  readonly implementation: (typeof IMPLEMENTATIONS)[number];
  readonly agents: number;
  readonly evidence: 'measured';
  readonly oversubscribed: boolean;
  readonly pinning: string;
  readonly tier: string;
  /** What is looked for, what the memory model says of it, and how often it was seen. */
  readonly weakOutcome: string;
  readonly model: 'forbidden' | 'allowed';
  readonly trials: number;
  readonly weak: number;
  readonly verdict: LitmusVerdict;
  /** The positive control for so many agents, plain store buffering, before and after all tests. */
  readonly control: { readonly test: string; readonly trials: number; readonly weak: number };
  /** Values in the order of threads and reads, finals behind them; -1 is one that nobody wrote. */
  readonly outcomes: readonly LitmusOutcome[];
}

export interface LitmusReport {
  readonly schema: 'barometer/litmus/1';
  readonly fingerprint: Fingerprint;
  readonly rows: readonly LitmusRow[];
}

/** Returns the exit code: 5 where anything was seen that no memory model allows. @throws UsageError for bad input */
export async function litmus(given: readonly string[], flags: LitmusFlags): Promise<number> {
  const implementations = namesOf(flags.impl, IMPLEMENTATIONS, '--impl');
  const trials = parseCount(flags.trials, '--trials', { min: 1, max: MOST_TRIALS });
  const tests = selected(given);
  const progress = new ProgressLine(process.stderr, flags.quiet ?? false);
  const interrupt = listenForInterrupts();
  const rows: LitmusRow[] = [];
  const report = { schema: 'barometer/litmus/1', fingerprint: fingerprint(implementations), rows } as const;
  const print = () => {
    // As they are listed: tests of more agents ran last.
    rows.sort((a, b) => orderOf(a) - orderOf(b));
    process.stdout.write(flags.json ? jsonText(report) : litmusText(report));
  };
  try {
    for (const [agentCount, members] of Map.groupBy(tests, ({ threads }) => threads.length)) {
      for (const implementation of implementations) {
        const run = { implementation, agentCount, tests: members, trials };
        await runOn(run, rows, progress, interrupt.signal);
      }
    }
  } catch (error) {
    progress.clear();
    if (rows.length > 0) print();
    throw error;
  } finally {
    progress.clear();
    interrupt.dispose();
  }
  print();
  if (rows.some(({ verdict }) => verdict === 'fault')) return EXIT.wrongAnswer;
  return interrupt.signal.aborted ? EXIT.interrupted : EXIT.ok;
}

function selected(given: readonly string[]): LitmusTest[] {
  const names = LITMUS_TESTS.map(({ name }) => name);
  const shapes = new Set(LITMUS_TESTS.map(({ shape }) => shape));
  // A shape stands for all its variants.
  const wanted = given.map((one) => (shapes.has(one) ? `${one} *` : one));
  const found = selectNames(
    names,
    wanted.length > 0 ? wanted : ['*'],
    '`barometer agents litmus --list` names them',
    'litmus test',
  );
  return LITMUS_TESTS.filter(({ name }) => found.has(name));
}

function orderOf({ test }: LitmusRow): number {
  return LITMUS_TESTS.findIndex(({ name }) => name === test);
}

interface BenchRun {
  readonly implementation: (typeof IMPLEMENTATIONS)[number];
  readonly agentCount: number;
  readonly tests: readonly LitmusTest[];
  readonly trials: number;
}

/** Adds a row for each test that had trials, whatever ended it. */
async function runOn(
  { implementation, agentCount, tests, trials }: BenchRun,
  rows: LitmusRow[],
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const bench = new LitmusBench(specFromFlags({ device: DEVICE }), implementation, agentCount);
  const stop = () => bench.stop();
  const runs: LitmusRun[] = [];
  const controls: LitmusRun[] = [];
  signal.addEventListener('abort', stop);
  const runOne = async (test: LitmusTest): Promise<LitmusRun | null> => {
    if (signal.aborted) return null;
    progress.say(`litmus  ${test.name}  ${implementation}  ${agentCount} agents`);
    return bench.run(test, trials);
  };
  const runInto = async (list: LitmusRun[], test: LitmusTest) => {
    const run = await runOne(test);
    if (run) list.push(run);
  };
  try {
    // Before and after all others: agents that ran together at both ends did so in between.
    await runInto(controls, controlOf(agentCount));
    for (const test of tests) await runInto(runs, test);
    await runInto(controls, controlOf(agentCount));
  } finally {
    signal.removeEventListener('abort', stop);
    for (const run of runs) {
      rows.push({ ...rowOf(run, controls, bench), implementation, agents: agentCount });
    }
    await bench.close();
  }
}

function rowOf(run: LitmusRun, controls: readonly LitmusRun[], { isOversubscribed, pinning }: LitmusBench) {
  const { test, trials, weak, outcomes, tier } = run;
  return {
    test: test.name,
    program: programText(test),
    evidence: 'measured' as const,
    oversubscribed: isOversubscribed,
    pinning,
    tier,
    weakOutcome: test.weak,
    model: test.model,
    trials,
    weak,
    verdict: verdictOf(run, controls, isOversubscribed),
    control: {
      test: controls[0]!.test.name,
      trials: controls.reduce((sum, control) => sum + control.trials, 0),
      weak: controls.reduce((sum, control) => sum + control.weak, 0),
    },
    outcomes,
  };
}

/** `barometer agents litmus --list`. */
export function listTests(): string {
  const width = Math.max(...LITMUS_TESTS.map(({ name }) => name.length));
  return LITMUS_TESTS.map((test) => {
    return `${test.name.padEnd(width)}  ${programText(test)}   ${test.weak}: ${test.model}\n`;
  }).join('');
}
