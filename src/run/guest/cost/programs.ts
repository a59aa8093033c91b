/** The C programs of this folder, compiled for this machine and, the same, for the guest. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, findCompiler } from '../../../device/native/compiler.ts';
import { BarometerError } from '../../../errors.ts';

export interface CostPrograms {
  /** Runs in the guest. */
  readonly timer: string;
  readonly client: string;
  readonly server: string;
}

// From dist/src/run/guest/cost/ the sources lie in src/ five folders up; from src/run/guest/cost/ they are here.
const CANDIDATES = ['../../../../../src/run/guest/cost/', './'];
const FLAGS = ['-std=c11', '-D_GNU_SOURCE', '-O2', '-static', '-Wall', '-Wextra', '-Werror'];

/** @throws BarometerError where there is no C compiler, or no static C library */
export function buildPrograms(folder: string): CostPrograms {
  const compiler = findCompiler(process.env);
  if ('reason' in compiler) throw new BarometerError(`guest --cost: ${compiler.reason}`);
  const sources = CANDIDATES.map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) =>
    existsSync(join(path, 'guest-timer.c')),
  );
  if (sources === undefined)
    throw new BarometerError('guest --cost: its C sources are missing; install barometer anew');
  const build = (name: string) => {
    const program = join(folder, name);
    const failure = compile(compiler, [...FLAGS, '-o', program, join(sources, `${name}.c`)], process.env);
    if (failure) throw new BarometerError(`guest --cost: ${failure}; expected gcc with libc6-dev`);
    return program;
  };
  return { timer: build('guest-timer'), client: build('socket-client'), server: build('socket-server') };
}
