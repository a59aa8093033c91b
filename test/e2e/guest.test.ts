/** A real Linux in a real QEMU on our device. Skipped, with the reason, where neither can be had. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { BarometerError } from '../../src/errors.ts';
import { guestFiles } from '../../src/run/guest/guest-files.ts';
import { barometer, finish, start } from './barometer.ts';

const FETCH_MS = 150_000;
const BOOT_MS = 60_000;

/** Why there is no guest; null where there is. */
let missing: string | null = null;
const cache = process.env.BAROMETER_CACHE ?? join(homedir(), '.cache', 'barometer');

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  process.env.BAROMETER_CACHE = cache;
  try {
    await guestFiles({ progress: () => {}, signal: AbortSignal.timeout(FETCH_MS) });
  } catch (error) {
    // A machine without a Debian mirror, or without a network, has no guest. Anything else is a fault.
    if (!(error instanceof BarometerError)) throw error;
    missing = error.message;
  }
}, FETCH_MS + 10_000);

const guest = (...args: string[]) =>
  barometer(['guest', '--json', '--limit', '45s', ...args], {
    env: { BAROMETER_CACHE: cache, HOME: homedir() },
  });

interface Bar {
  barIdx: number;
  kind: string;
  prefetchable: boolean;
  sizeBytes: string;
}

interface Boot {
  policy: string;
  expected: Bar[];
  qemu: Bar[];
  guest: Bar[];
  accesses: number;
  wrong: unknown[];
}

const GPU_MEMORY = { kind: 'mem64', prefetchable: true, sizeBytes: (2n ** 37n).toString() };

describe('a guest', () => {
  test.for(['wasm', 'ts', 'native'])(
    'sees 128 GiB of GPU memory behind %s, and reads there what it wrote',
    { timeout: BOOT_MS },
    async (implementation, { skip }) => {
      if (missing !== null) skip(missing);
      const { exitCode, stdout, stderr } = await guest('--policy', 'nvgrace', '--impl', implementation);
      expect([exitCode, stderr]).toEqual([0, '']);
      const [boot] = (JSON.parse(stdout) as { boots: Boot[] }).boots;
      expect(boot!.guest).toContainEqual({ barIdx: 4, ...GPU_MEMORY });
      expect(boot!.guest).toEqual(boot!.qemu);
      expect([boot!.accesses, boot!.wrong]).toEqual([40, []]);
    },
  );

  test(
    'never sees a BAR whose type bits say 32 bits',
    async ({ skip }) => {
      if (missing !== null) skip(missing);
      const { exitCode, stdout } = await guest('--device', 'gh200-no-bar2', '--policy', 'passthrough');
      expect(exitCode).toBe(0);
      const [boot] = (JSON.parse(stdout) as { boots: Boot[] }).boots;
      expect(boot!.expected).toContainEqual({ barIdx: 2, ...GPU_MEMORY, behind: 'gpu-memory' });
      expect(boot!.guest.map(({ barIdx }) => barIdx)).toEqual([0]);
      expect(boot!.guest).toEqual(boot!.qemu);
    },
    BOOT_MS,
  );
});

test(
  'that is killed leaves no QEMU',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    if (spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status !== 0) skip('there is no setpriv');
    const child = start(['guest'], { env: { BAROMETER_CACHE: cache, HOME: homedir() } });
    const ended = finish(child);
    let qemu: number | undefined;
    while (qemu === undefined) {
      await setImmediate();
      qemu = childrenOf(child.pid!).find((pid) => commandOf(pid).includes('vfio-user-pci'));
    }
    child.kill('SIGKILL');
    await ended;
    while (commandOf(qemu).includes('vfio-user-pci')) await setImmediate();
  },
  BOOT_MS,
);

function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}

/** Empty where there is no such process, or nothing of it but its exit status. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

test.each([
  [['--impl', 'noop'], /--impl "noop": expected wasm, ts, native/],
  [['--limit', 'soon'], /--limit/],
  [['--all', '--policy', 'strict'], /--all takes every policy/],
])('%j is refused', async (args, message) => {
  const { exitCode, stdout, stderr } = await guest(...args);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});
