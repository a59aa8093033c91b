import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BarometerError } from '../../errors.ts';
import type { WorkCount } from '../../results/samples.ts';
import { endOf } from '../child-end.ts';
import type { BuildRequest } from '../fork-protocol.ts';
import type { CountRequest } from './count-work.ts';

/** Nothing may be compiled aside and arrive while it is counted, and the two optimising tiers are one switch. */
const FLAGS = ['--no-concurrent-recompilation', '--no-maglev'];
/** Code that is not optimised takes a hundred times as long, and a module may never come back. */
const LIMIT_MS = 300_000;

type Reply = { readonly counts: WorkCount[] } | { readonly failure: string };

/** Built as .js, tested as .ts: the sibling has the extension of this file. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const OWN_PROCESS = fileURLToPath(new URL(`./count-process.${EXTENSION}`, import.meta.url));

/**
 * Counts the work of one pass of each arm of a build, in a process of its own. Equal requests give equal counts.
 * @param runtime path of the Node binary that counts
 * @param signal ends it
 * @throws BarometerError where that process fails or ends without an answer
 */
export async function countRun(
  request: CountRequest,
  { label, root }: BuildRequest,
  runtime = process.execPath,
  signal?: AbortSignal,
): Promise<WorkCount[]> {
  const path = root === null ? OWN_PROCESS : join(root, 'dist/src/measure/work/count-process.js');
  if (!existsSync(path))
    throw new BarometerError(`${path} is missing: this build of barometer counts no work`);
  const counts = await askProcess(request, path, { runtime, signal });
  return counts.map((count) => ({ ...count, build: label + count.build }));
}

async function askProcess(
  request: CountRequest,
  path: string,
  { runtime, signal }: { readonly runtime: string; readonly signal: AbortSignal | undefined },
): Promise<WorkCount[]> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const child = fork(path, {
    execPath: runtime,
    execArgv: FLAGS,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
    killSignal: 'SIGKILL',
  });
  let reply: Reply | undefined;
  child.once('message', (message) => {
    reply = message as Reply;
  });
  const end = endOf(child);
  child.send(request, () => {}); // where it cannot be sent, the process has ended and says why
  const how = await end;
  if (limit.aborted) throw new BarometerError(`work was not counted within ${LIMIT_MS / 1000} s`);
  if (reply === undefined) {
    throw new BarometerError(`work was not counted: ${path} ended without an answer ${how}`);
  }
  if ('failure' in reply) throw new BarometerError(`work was not counted: ${reply.failure}`);
  return reply.counts;
}
