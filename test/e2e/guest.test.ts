/** A real Linux in a real QEMU on our device. Skipped, with the reason, where neither can be had. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { barometer, finish, start, temporaryFolder } from './barometer.ts';
import { FETCH_MS, type RealQemu, realQemu } from './real-qemu.ts';

const BOOT_MS = 60_000;

let qemu: RealQemu | string;
beforeAll(async () => {
  qemu = await realQemu('ovmf');
}, FETCH_MS);

const environment = () => (typeof qemu === 'string' ? {} : { env: qemu.env });
const guest = (...args: string[]) => barometer(['guest', '--json', '--limit', '45s', ...args], environment());

/** The only boot of a document. */
function bootOf(stdout: string): Boot {
  const { boots } = JSON.parse(stdout) as { boots: Boot[] };
  expect(boots.length).toBe(1);
  return boots[0]!;
}

interface Bar {
  barIdx: number;
  kind: string;
  prefetchable: boolean;
  sizeBytes: string;
}

interface Boot {
  policy: string;
  link: string;
  sizer: string;
  expected: Bar[];
  modelled: Bar[];
  firmwareSaw: { barIdx: number; sizeBytes: string; type: string }[] | null;
  guest: (Bar & { isAssigned: boolean })[];
  config: string;
  accesses: number;
  wrong: unknown[];
}

interface Row {
  name: string;
  implementation: string;
  params: { path: string };
  nsPerOp: { estimate: number } | null;
}

const GPU_MEMORY = { kind: 'mem64', prefetchable: true, sizeBytes: (2n ** 37n).toString() };

/** What the guest saw, whether it could place it or not. */
const sized = ({ guest }: Boot): Bar[] => guest.map(({ isAssigned, ...bar }) => bar);

describe('a guest', () => {
  test('sees 128 GiB of GPU memory, and reads there what it wrote', { timeout: BOOT_MS }, async ({
    skip,
  }) => {
    if (typeof qemu === 'string') skip(qemu);
    const { exitCode, stdout, stderr } = await guest('--policy', 'nvgrace', '--impl', 'wasm');
    expect([exitCode, stderr]).toEqual([0, '']);
    const boot = bootOf(stdout);
    expect(sized(boot)).toContainEqual({ barIdx: 4, ...GPU_MEMORY });
    expect(boot.firmwareSaw).toContainEqual({
      barIdx: 4,
      sizeBytes: GPU_MEMORY.sizeBytes,
      type: 'prefmem',
    });
    expect(sized(boot)).toEqual(boot.modelled);
    expect([boot.accesses, boot.wrong]).toEqual([40, []]);
  });

  test(
    'never sees a BAR whose type bits say 32 bits',
    async ({ skip }) => {
      if (typeof qemu === 'string') skip(qemu);
      const { exitCode, stdout } = await guest('--device', 'gh200-no-bar2', '--policy', 'passthrough');
      expect(exitCode).toBe(0);
      const boot = bootOf(stdout);
      expect(boot.expected).toContainEqual({ barIdx: 2, ...GPU_MEMORY, behind: 'gpu-memory' });
      expect(boot.guest.map(({ barIdx }) => barIdx)).toEqual([0]);
      expect(sized(boot)).toEqual(boot.modelled);
    },
    BOOT_MS,
  );
});

describe('a guest that sizes the device itself', () => {
  test(
    'sees the BARs that the driver emulates, as our sizer does',
    async ({ skip }) => {
      if (typeof qemu === 'string') skip(qemu);
      const device = ['--device', 'gh200-no-bar2', '--policy', 'nvgrace', '--impl', 'native'];
      const { exitCode, stdout, stderr } = await guest('--link', 'proxy', ...device);
      expect([exitCode, stderr]).toEqual([0, '']);
      const boot = bootOf(stdout);
      expect(boot.sizer).toBe('linux');
      expect(sized(boot)).toEqual(boot.modelled);
      expect(sized(boot)).toContainEqual({ barIdx: 4, ...GPU_MEMORY });
    },
    BOOT_MS,
  );

  test(
    'reaches memory of a BAR of 32 bits, and gives I/O ports no address where its machine has none',
    async ({ skip }) => {
      if (typeof qemu === 'string') skip(qemu);
      const { exitCode, stdout } = await guest('--link', 'proxy', '--device', 'generic-type0');
      expect(exitCode).toBe(0);
      const boot = bootOf(stdout);
      expect([boot.accesses, boot.wrong]).toEqual([24, []]);
      expect(boot.guest.filter(({ isAssigned }) => !isAssigned).map(({ kind }) => kind)).toEqual(['io']);
    },
    BOOT_MS,
  );

  test(
    'finds no legacy registers where a constant answers it',
    async ({ skip }) => {
      if (typeof qemu === 'string') skip(qemu);
      const device = ['--device', 'virtio-net-vf', '--policy', 'virtio-flags'];
      const inBand = bootOf((await guest('--link', 'proxy', ...device)).stdout);
      expect(inBand.guest.map(({ barIdx }) => barIdx)).toEqual([4]);
    },
    BOOT_MS,
  );
});

test('after OVMF the guest sees the same, and lspci reads its configuration space', {
  timeout: BOOT_MS,
}, async ({ skip }) => {
  if (typeof qemu === 'string') skip(qemu);
  if (spawnSync('lspci', ['--version']).status !== 0) skip('there is no lspci');
  const { exitCode, stdout } = await guest('--policy', 'nvgrace', '--firmware', 'ovmf', '--impl', 'ts');
  expect(exitCode).toBe(0);
  const boot = bootOf(stdout);
  expect(sized(boot)).toEqual(boot.modelled);
  expect([boot.accesses, boot.wrong, boot.firmwareSaw]).toEqual([40, [], null]);
  using folder = temporaryFolder();
  const raw = join(folder.path, 'config');
  writeFileSync(raw, Buffer.from(boot.config, 'hex'));
  const dump = join(folder.path, 'dump');
  writeFileSync(dump, (await barometer(['inspect', '--hex', raw])).stdout);
  const text = spawnSync('lspci', ['-F', dump, '-vv'], { encoding: 'utf8' }).stdout;
  expect(text).toMatch(/Region 4: Memory at [0-9a-f]{10} \(64-bit, prefetchable\)/);
  expect(text).toMatch(/Region 2: Memory at [0-9a-f]{10} \(64-bit, prefetchable\)/);
});

test('times its accesses, beside devices of QEMU and a server in C, and is checked and saved', {
  timeout: 2 * BOOT_MS,
}, async ({ skip }) => {
  if (typeof qemu === 'string') skip(qemu);
  using folder = temporaryFolder();
  const out = join(folder.path, 'costs.json');
  const flags = ['--cost', '--impl', 'wasm', '--boots', '1', '--policy', 'nvgrace', '--out', out];
  const { exitCode, stdout, stderr } = await guest(...flags);
  if (stderr.includes('no C compiler') || stderr.includes('libc6-dev')) skip(stderr);
  expect([exitCode, stderr]).toEqual([0, '']);
  const { workloads } = JSON.parse(stdout) as { workloads: Row[] };
  const rows = workloads.map(
    ({ name, implementation, params }) => `${name} ${implementation} ${params.path}`,
  );
  for (const work of ['config-read', 'memory-read', 'memory-write', 'bulk-copy']) {
    for (const path of ['core', 'socket', 'guest']) expect(rows).toContain(`guest/${work} wasm ${path}`);
    for (const other of ['c-server', 'qemu-edu', 'ram-bar'])
      expect(rows).toContain(`guest/${work} ${other} guest`);
  }
  expect(workloads.every(({ nsPerOp }) => nsPerOp !== null && nsPerOp.estimate > 0)).toBe(true);
  const report = await barometer(['report', out, '--csv']);
  expect([report.exitCode, report.stdout]).toEqual([0, expect.stringContaining('guest/memory-read')]);
});

test(
  'that is killed leaves no QEMU',
  async ({ skip }) => {
    if (typeof qemu === 'string') skip(qemu);
    if (spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true']).status !== 0) skip('there is no setpriv');
    const child = start(['guest'], environment());
    const ended = finish(child);
    let pid: number | undefined;
    while (pid === undefined) {
      await setImmediate();
      pid = childrenOf(child.pid!).find((one) => commandOf(one).includes('vfio-user-pci'));
    }
    child.kill('SIGKILL');
    await ended;
    while (commandOf(pid).includes('vfio-user-pci')) await setImmediate();
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

test('that does not see the BAR is not timed', { timeout: BOOT_MS }, async ({ skip }) => {
  if (typeof qemu === 'string') skip(qemu);
  const device = ['--device', 'gh200-no-bar2', '--policy', 'passthrough', '--impl', 'ts'];
  const { exitCode, stdout, stderr } = await guest('--cost', '--boots', '1', '--out', '/dev/null', ...device);
  if (stderr.includes('no C compiler') || stderr.includes('libc6-dev')) skip(stderr);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/the guest does not see the BAR, or gave it no address/);
});

test.each([
  [['--impl', 'noop'], /--impl "noop": expected wasm, ts, native/],
  [['--limit', 'soon'], /--limit/],
  [['--all', '--policy', 'strict'], /--all takes every policy/],
  [['--boots', '2'], /--boots 2: expected none with no --cost/],
  [['--cost', '--all'], /--all: expected none with --cost/],
  [['--cost', '--boots', '0'], /--boots/],
  [['--cost', '--device', 'virtio-net-vf'], /expected a BAR with 68 KiB of memory or more/],
  [['--link', 'pci'], /--link "pci": expected vfio-user, proxy/],
  [['--firmware', 'bios'], /--firmware "bios": expected seabios, ovmf, none/],
  [['--link', 'proxy', '--firmware', 'ovmf'], /--firmware ovmf: expected none with --link proxy/],
])('%j is refused', async (args, message) => {
  const { exitCode, stdout, stderr } = await guest(...args);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});
