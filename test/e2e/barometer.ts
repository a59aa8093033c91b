/** The built command line, run as its users run it. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const ENTRY = fileURLToPath(new URL('../../dist/src/cli/barometer.cjs', import.meta.url));
if (!existsSync(ENTRY)) throw new Error(`${ENTRY} is missing; build it with: npm run build`);

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly stdio?: StdioOptions;
  /** A process group of its own, as a terminal gives each command one. */
  readonly detached?: boolean;
}

/** Starts the command line under the Node that runs the tests, in an environment of its own. */
export function start(args: readonly string[], options?: Options): ChildProcess {
  return startEntry(ENTRY, args, options);
}

/** The same of another build. */
export function startEntry(
  entry: string,
  args: readonly string[],
  { cwd, env, stdio, detached }: Options = {},
): ChildProcess {
  return spawn(process.execPath, [entry, ...args], {
    cwd: cwd ?? tmpdir(),
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: stdio ?? ['ignore', 'pipe', 'pipe'],
    detached: detached ?? false,
  });
}

export async function finish(child: ChildProcess): Promise<Outcome> {
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [stdout, stderr, exitCode] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    closed,
  ]);
  return { exitCode, stdout, stderr };
}

export function barometer(args: readonly string[], options?: Options): Promise<Outcome> {
  return finish(start(args, options));
}

/** A folder for one test, gone with it. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'barometer-e2e-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
