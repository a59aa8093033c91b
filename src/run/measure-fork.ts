import { BarometerError, WrongAnswerError } from '../errors.ts';
import type { ForkRequest, ForkResult, ForkSubject } from '../measure/fork-protocol.ts';
import type { RoundSpan } from '../measure/round-order.ts';
import type { SampleSeries } from '../results/samples.ts';
import { moduleEnded } from '../workload/module-failure.ts';
import type { Fork, ForkEnd, ForkUse } from './fork.ts';
import type { ForkSupply } from './fork-supply.ts';

/** A Node binary, and what rows call it: `node 26.10.0`. */
export interface Runtime {
  readonly path: string;
  readonly label: string;
}

export interface ForkPlan {
  readonly request: Omit<ForkRequest, 'runtime'>;
  /** One process each; they take turns, round by round. */
  readonly runtimes: readonly Runtime[];
  readonly supply: ForkSupply;
  /** Time for the rounds, once everything is warm, is what preparing leaves of `span.budgetMs`. */
  readonly span: RoundSpan;
}

/**
 * One fork of one group: a fresh process for each runtime.
 * @param signal cuts rounds short; those that were measured are kept
 * @throws WrongAnswerError where answers disagree; another BarometerError where a process crashed, hung or threw
 */
export async function measureFork(
  { request, runtimes, supply, span }: ForkPlan,
  options: Omit<ForkUse, 'ended'>,
  signal: AbortSignal,
): Promise<ForkResult> {
  const start = performance.now();
  const forks = supply.take();
  for (const fork of forks) fork.useFor({ ...options, ended: endOf(request.subject) });
  const stocked = supply.stock();
  const stop = () => {
    for (const fork of forks) fork.stop();
  };
  signal.addEventListener('abort', stop);
  try {
    // One after the other: two at once would warm up against each other.
    for (const [idx, fork] of forks.entries()) {
      await fork.prepare({ ...request, runtime: runtimes[idx]!.label });
    }
    // Nothing starts while something is timed.
    await stocked;
    if (signal.aborted) stop();
    const budgetMs = Math.max(0, span.budgetMs - (performance.now() - start));
    await takeTurns(forks, { ...span, budgetMs }, signal);
    const results: ForkResult[] = [];
    for (const fork of forks) results.push(await fork.finish());
    const series = results.flatMap((result) => result.series);
    expectEqualAnswers(series);
    return {
      series,
      unavailable: results.flatMap(({ unavailable }) => unavailable),
      latencies: results.flatMap(({ latencies }) => latencies),
    };
  } finally {
    signal.removeEventListener('abort', stop);
    for (const fork of forks) fork.kill();
  }
}

/** Rounds of several processes alternate, and every second round in reverse order. */
async function takeTurns(forks: readonly Fork[], span: RoundSpan, signal: AbortSignal): Promise<void> {
  if (forks.length === 1) {
    await forks[0]!.rounds(span);
    return;
  }
  const start = performance.now();
  const stop = (done: number) => done >= span.atLeast && performance.now() - start >= span.budgetMs;
  for (let done = 0; done < span.atMost && !stop(done) && !signal.aborted; done++) {
    for (const fork of done % 2 === 0 ? forks : forks.toReversed()) {
      await fork.rounds({ first: span.first + done, atLeast: 1, atMost: 1, budgetMs: 0 });
    }
  }
}

/** Runtimes of one build must agree. */
function expectEqualAnswers(series: readonly SampleSeries[]): void {
  const answers = new Map<string, SampleSeries>();
  for (const one of series.filter(({ implementation }) => implementation !== 'noop')) {
    const key = JSON.stringify([one.workload, one.params]);
    const first = answers.get(key) ?? one;
    answers.set(key, first);
    if (first.checksum !== one.checksum) {
      throw new WrongAnswerError(
        `${one.workload} ${JSON.stringify(one.params)}: wrong answer: ${first.implementation} on ${first.runtime} ` +
          `answered ${first.checksum}, ${one.implementation} on ${one.runtime} ${one.checksum}`,
      );
    }
  }
}

/** An unexpected end in words: the user's own code is spoken of by its file. */
export function endOf(subject: ForkSubject): (end: ForkEnd) => BarometerError {
  if (subject.kind === 'module') {
    return (end) =>
      moduleEnded(subject.versions.map(({ path }) => path).join(', '), 'while it was measured', end);
  }
  const { name } = subject.workloads[0]!;
  return ({ exitCode, signal, killedAfterMs }) => {
    const how =
      killedAfterMs !== null
        ? `said nothing for ${killedAfterMs / 1000} s, and was ended: it hangs, or its passes are too long`
        : signal
          ? `was ended by ${signal}`
          : `exited with code ${exitCode}`;
    return new BarometerError(`${name}: the process that measured it ${how}`);
  };
}
