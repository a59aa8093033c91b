/** queue-loop.c, compiled for this machine. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, findCompiler } from '../../device/native/compiler.ts';
import { BarometerError } from '../../errors.ts';
import type { Mix } from './mixes.ts';
import type { MixRun } from './run-mix.ts';

// From dist/src/coherence/speed/ the source lies in src/ four folders up; from src/coherence/speed/ it is here.
const CANDIDATES = ['../../../../src/coherence/speed/', './'];
const FLAGS = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror'];
/** Odd, so that every place comes up. */
const SCATTERED = 0x9e3779b1;

/** Returns the program. @throws BarometerError where there is no C compiler, or this is no checkout */
export function buildQueueLoop(folder: string): string {
  const compiler = findCompiler(process.env);
  if ('reason' in compiler) throw new BarometerError(compiler.reason);
  const source = CANDIDATES.map((path) =>
    join(fileURLToPath(new URL(path, import.meta.url)), 'queue-loop.c'),
  );
  const found = source.find(existsSync);
  if (found === undefined) throw new BarometerError('queue-loop.c is missing; expected a checkout');
  const program = join(folder, 'queue-loop');
  const failure = compile(compiler, [...FLAGS, '-o', program, found], process.env);
  if (failure) throw new BarometerError(failure);
  return program;
}

/** Nanoseconds that as many events take as a run of `mix` had. @throws BarometerError where the loop finds itself wrong */
export function queueLoopNs(program: string, { isInOrder }: Pick<Mix, 'isInOrder'>, run: MixRun): number {
  const { accesses, events } = run;
  const [waiting, lines] = [run.waiting, run.lines].map((count) => Math.max(1, Math.round(count)));
  const numbers = [accesses, events, waiting, lines, isInOrder ? 1 : SCATTERED].join(' ');
  const { status, signal, stdout } = spawnSync(program, numbers.split(' '), { encoding: 'utf8' });
  const [ns] = stdout.split(' ').map(Number);
  if (status === 0 && ns !== undefined && ns > 0) return ns;
  throw new BarometerError(`queue-loop ${numbers}: expected exit status 0, not ${status ?? signal}`);
}
