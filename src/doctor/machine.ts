import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { url } from 'node:inspector';
import { availableParallelism } from 'node:os';
import { nowNs } from '../clock.ts';

export interface Outcome {
  /** Null where a signal ended the program. */
  readonly exitCode: number | null;
  readonly stdout: string;
}

/** What the checks may ask. Nothing here changes the machine. */
export interface Machine {
  /** Text of a file, or null where it cannot be read. */
  readonly readFile: (path: string) => string | null;
  readonly nowNs: () => number;
  /** Keeps the core busy for about 0.1 ms, always with the same work. */
  readonly spin: () => void;
  /** Runs a program to its end, with `input` on its standard input; null where it cannot be started. */
  readonly spawn: (command: string, args: readonly string[], input: string) => Outcome | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion: string;
  readonly execPath: string;
  /** Flags given to Node itself. */
  readonly execArgv: readonly string[];
  /** The version that a checkout measures with, or null where the package does not say. */
  readonly pinnedNodeVersion: string | null;
  /** Where a debugger can attach, or null. */
  readonly inspectorUrl: string | null;
  /** CPUs that the process may use, as Node counts them. */
  readonly cpuCount: number;
}

const SPAWN_LIMIT_MS = 10_000;

export function thisMachine(pinnedNodeVersion: string | null): Machine {
  return {
    readFile,
    nowNs,
    spin,
    spawn,
    env: process.env,
    nodeVersion: process.versions.node,
    execPath: process.execPath,
    execArgv: process.execArgv,
    pinnedNodeVersion,
    inspectorUrl: url() ?? null,
    cpuCount: availableParallelism(),
  };
}

/** Text of a file, or null where it cannot be read: not every machine has each of them. */
export function readFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Steps of a chain in which each waits for the one before: about 1.4 ns each at 3 GHz. */
const SPIN_STEPS = 70_000;
let spun = 1;

function spin(): void {
  let state = spun;
  for (let step = 0; step < SPIN_STEPS; step++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  spun = state;
}

function spawn(command: string, args: readonly string[], input: string): Outcome | null {
  const { error, status, stdout } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    timeout: SPAWN_LIMIT_MS,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // A program that does not read its input still ran.
  const ran = error === undefined || (error as NodeJS.ErrnoException).code === 'EPIPE';
  return ran ? { exitCode: status, stdout } : null;
}
