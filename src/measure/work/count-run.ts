import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BarometerError } from '../../errors.ts';
import type { WorkCount } from '../../results/samples.ts';
import type { CountRequest } from './count-work.ts';

/** Nothing may be compiled aside and arrive while it is counted, and the two optimising tiers are one switch. */
const FLAGS = ['--no-concurrent-recompilation', '--no-maglev'];
const STDERR_TAIL = 2000;

type Reply = { readonly counts: WorkCount[] } | { readonly failure: string };

/** The counting process of this build; another build has its own at the same place. */
export function countProcessPath(): string {
  // Built as .js, tested as .ts: the sibling has the extension of this file.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./count-process.${extension}`, import.meta.url));
}

/**
 * Counts the work of one pass of each arm in a process of its own. Equal requests give equal counts.
 * @param path the counting process of the build to be counted
 * @throws BarometerError where that process fails or ends without an answer
 */
export async function countRun(request: CountRequest, path = countProcessPath()): Promise<WorkCount[]> {
  const child = fork(path, {
    execArgv: FLAGS,
    serialization: 'advanced', // a device's spec holds bigints and bytes
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-STDERR_TAIL);
  });
  let reply: Reply | undefined;
  child.once('message', (message) => {
    reply = message as Reply;
  });
  const end = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  child.send(request, () => {}); // where it cannot be sent, the process has ended and says why
  const how = await end;
  if (reply === undefined) {
    throw new BarometerError(
      `work was not counted: ${path} ended without an answer (${how}) ${errors}`.trim(),
    );
  }
  if ('failure' in reply) throw new BarometerError(`work was not counted: ${reply.failure}`);
  return reply.counts;
}
