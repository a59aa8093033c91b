import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BarometerError } from '../errors.ts';
import { endOf } from '../measure/child-end.ts';
import { type CompiledCode, parseCodeLog } from './code-log.ts';
import type { FromProfiled, ProfileRequest, RecordedProfile, ToProfiled } from './protocol.ts';

/** Beside the profile itself: preparing takes seconds, and what takes minutes hangs. */
const LIMIT_MS = 120_000;

/** Built as .js, tested as .ts: the sibling has the extension of this file. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const OWN_PROCESS = fileURLToPath(new URL(`./profile-process.${EXTENSION}`, import.meta.url));

export interface ArmProfile extends RecordedProfile {
  /** What V8 has made of each function, by its place (see `CompiledCode`). */
  readonly code: ReadonlyMap<string, CompiledCode>;
}

export interface ProfileRunHooks {
  readonly progress: (phase: string) => void;
  /** Ends the profile where it is. */
  readonly signal: AbortSignal;
}

/**
 * Profiles one arm in a process of its own.
 * @returns null where it was ended before there was anything to see
 * @throws BarometerError where the arm cannot run, or its process fails or ends without an answer
 */
export async function profileRun(
  request: ProfileRequest,
  hooks: ProfileRunHooks,
): Promise<ArmProfile | null> {
  const folder = mkdtempSync(join(tmpdir(), 'barometer-profile-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove); // a second Ctrl-C waits for nothing
  try {
    const log = join(folder, 'code.log');
    const profile = await askProcess(request, log, hooks);
    return profile && { ...profile, code: parseCodeLog(readFileSync(log, 'utf8')) };
  } finally {
    process.off('exit', remove);
    remove();
  }
}

async function askProcess(
  request: ProfileRequest,
  log: string,
  { progress, signal }: ProfileRunHooks,
): Promise<RecordedProfile | null> {
  const limitMs = LIMIT_MS + Math.ceil(request.durationMs); // timers take whole milliseconds alone
  const limit = AbortSignal.timeout(limitMs);
  const child = fork(OWN_PROCESS, {
    execArgv: [
      ...process.execArgv,
      '--log-code',
      '--log-deopt',
      '--no-logfile-per-isolate',
      `--logfile=${log}`,
    ],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    signal: limit,
    killSignal: 'SIGKILL',
  });
  const stop = () => send(child, { type: 'stop' });
  signal.addEventListener('abort', stop, { once: true });
  let reply: Exclude<FromProfiled, { type: 'progress' }> | undefined;
  child.on('message', (message: FromProfiled) => {
    if (message.type === 'progress') progress(message.phase);
    else reply = message;
  });
  send(child, { type: 'profile', request });
  if (signal.aborted) stop();
  const how = await endOf(child);
  signal.removeEventListener('abort', stop);
  if (limit.aborted) throw new BarometerError(`nothing was profiled within ${limitMs / 1000} s`);
  if (reply?.type === 'profiled') return reply.profile;
  if (reply?.type === 'failed' && reply.exitCode !== null)
    throw new BarometerError(reply.message, reply.exitCode);
  throw new BarometerError(
    `nothing was profiled: ${reply?.message ?? `its process ended without an answer ${how}`}`,
  );
}

function send(child: ChildProcess, message: ToProfiled): void {
  child.send(message, () => {}); // where it cannot be sent, the process has ended and says why
}
