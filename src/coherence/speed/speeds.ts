/** How fast the simulator is on a mix: wasm, TypeScript, and a loop in C over the same events, in turns. */
import { WrongAnswerError } from '../../errors.ts';
import type { ParameterValues } from '../profiles/parameters.ts';
import { tsCore } from '../simulate/ts-core.ts';
import { wasmCore } from '../simulate/wasm-core.ts';
import type { Mix } from './mixes.ts';
import { queueLoopNs } from './queue-loop.ts';
import { type MixRun, runMix } from './run-mix.ts';

export interface MixSpeed {
  readonly mix: Mix;
  readonly eventsPerAccess: number;
  /** Millions of accesses a second: medians of the rounds. */
  readonly wasm: number;
  readonly ts: number;
  readonly c: number;
}

/** What rounds need from outside. */
export interface Surroundings {
  readonly values: ParameterValues;
  /** The program of `buildQueueLoop`. */
  readonly loop: string;
  readonly nowNs: () => number;
}

/** Millions of accesses a second of all three, once. */
export interface Round {
  readonly run: MixRun;
  readonly wasm: number;
  readonly ts: number;
  readonly c: number;
}

/** @throws WrongAnswerError where wasm and TypeScript do not come to the same */
export function runRound(mix: Mix, { values, loop, nowNs }: Surroundings): Round {
  const wasm = runMix(mix, values, wasmCore(), nowNs);
  const ts = runMix(mix, values, tsCore(), nowNs);
  if (wasm.traceHash !== ts.traceHash || wasm.events !== ts.events) {
    throw new WrongAnswerError(
      `${mix.name}: wasm came to the trace ${wasm.traceHash} of ${wasm.events} events, ts to ${ts.traceHash} of ${ts.events}`,
    );
  }
  const c = queueLoopNs(loop, mix, wasm);
  const speed = (ns: number) => (1000 * wasm.accesses) / ns;
  return { run: wasm, wasm: speed(wasm.ns), ts: speed(ts.ns), c: speed(c) };
}

/** @throws WrongAnswerError where a round is another run than the first */
export function speedOf(mix: Mix, rounds: readonly Round[]): MixSpeed {
  const first = rounds[0]!.run;
  if (rounds.some(({ run }) => run.traceHash !== first.traceHash)) {
    throw new WrongAnswerError(`${mix.name}: the same accesses came to two traces`);
  }
  return {
    mix,
    eventsPerAccess: first.events / first.accesses,
    wasm: median(rounds.map(({ wasm }) => wasm)),
    ts: median(rounds.map(({ ts }) => ts)),
    c: median(rounds.map(({ c }) => c)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

export function isKept({ mix, wasm }: MixSpeed): boolean {
  return mix.promised === null || wasm >= mix.promised;
}
