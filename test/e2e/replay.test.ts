/** `barometer replay`, as a user starts it. */
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { bootGuest } from '../../src/run/guest/boot.ts';
import { accessesOf } from '../../src/run/guest/guest-check.ts';
import { guestScript } from '../../src/run/guest/guest-script.ts';
import { vfioUserMachine } from '../../src/run/guest/machine.ts';
import { openServed } from '../../src/vfio-user/open-served.ts';
import { VfioUserServer } from '../../src/vfio-user/server.ts';
import { Session } from '../../src/vfio-user/session.ts';
import { barometer, finish, start, temporaryFolder } from './barometer.ts';
import { FETCH_MS, type RealQemu, realQemu } from './real-qemu.ts';

const LOG = [
  'vfio_pci_read_config  (0000:01:00.0, @0x0, len=0x4) 0x234210de',
  'vfio_pci_write_config  (0000:01:00.0, @0x4, 0x2, len=0x2)',
  'vfio_region_write  (0000:01:00.0:region4+0x1000, 0x1122334455667788, 8)',
  'vfio_region_read  (0000:01:00.0:region4+0x1004, 4) = 0x11223344',
  '',
].join('\n');

const replay = (...args: string[]) => barometer(['replay', '--policy', 'nvgrace', ...args]);

interface Implementation {
  implementation: string;
  differences: number;
  firstDifferences: { line: number; logged: string; answered: string }[];
  nsPerAccess: number;
}

describe("a log of a real QEMU's", () => {
  let qemu: RealQemu | string;
  beforeAll(async () => {
    qemu = await realQemu();
  }, FETCH_MS);

  test('agrees with the device that it was taken of, with times and without', async ({ skip }) => {
    if (typeof qemu === 'string') return skip(qemu);
    using folder = temporaryFolder();
    const log = join(folder.path, 'qemu.log');
    await tracedBoot(qemu, folder.path, log);
    const timed = readFileSync(log, 'utf8');
    expect(timed).toMatch(/^\d{4}-\d\d-\d\dT\S+Z vfio_pci_read_config {2}\(/m);
    const untimed = join(folder.path, 'untimed.log');
    writeFileSync(untimed, timed.replaceAll(/^\S+Z /gm, ''));
    for (const path of [log, untimed]) {
      const { exitCode, stdout, stderr } = await replay(path, '--json');
      expect([exitCode, stderr]).toEqual([0, '']);
      const report = JSON.parse(stdout) as { reads: number; writes: number; answeredByQemu: number };
      expect(report.reads).toBeGreaterThan(200);
      expect(report.writes).toBeGreaterThan(40);
      expect(report.answeredByQemu).toBeGreaterThan(20);
    }
  }, 60_000);
});

/** A boot during which QEMU logs what it does with the device. */
async function tracedBoot({ files }: RealQemu, folder: string, log: string): Promise<void> {
  const spec = specFromFlags({ device: 'gh200-120gb', policy: 'nvgrace' });
  const socketPath = join(folder, 's');
  const newSession = () => new Session(openServed(spec, 'ts'));
  const server = new VfioUserServer({ path: socketPath, newSession, once: true, say: () => {} });
  await server.listen();
  const logPath = join(folder, 'seabios.log');
  const machine = vfioUserMachine({ socketPath, firmware: 'seabios', ovmf: null, logPath });
  const traced = [...machine.args, '-trace', 'vfio_*', '-D', log, '-msg', 'timestamp=on'];
  await bootGuest({
    files,
    machine: { ...machine, args: traced },
    script: guestScript(machine.pciAddress, accessesOf(spec, 'vfio-user')),
    limitMs: 45_000,
    signal: new AbortController().signal,
    onSerial: () => {},
  });
  server.close();
  await server.ended();
}

describe('replay', () => {
  test('agrees with a log in every implementation, and says what an access costs', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'qemu.log');
    writeFileSync(path, LOG);
    const { exitCode, stdout, stderr } = await replay(path, '--json');
    expect([exitCode, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as { schema: string; implementations: Implementation[] };
    expect(report).toMatchObject({ schema: 'barometer/replay/1', lines: 4, reads: 2, writes: 2 });
    expect(report.implementations.map(({ implementation }) => implementation)).toEqual([
      'wasm',
      'ts',
      'native',
    ]);
    for (const { differences, nsPerAccess } of report.implementations) {
      expect(differences).toBe(0);
      expect(nsPerAccess).toBeGreaterThan(0);
    }
    const text = await replay(path, '--impl', 'ts');
    expect(text.stdout).toMatch(/4 lines, 2 reads and 2 writes of 0000:01:00\.0/);
    expect(text.stdout).toMatch(/ts +2 reads compared, all as logged; .* an access/);
  });

  test('names the first difference with its line, exit code 5', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'qemu.log');
    writeFileSync(path, LOG.replace('= 0x11223344', '= 0x11223345'));
    const { exitCode, stdout } = await replay(path, '--impl', 'wasm');
    expect(exitCode).toBe(5);
    expect(stdout).toContain(
      'line 4: region 4 + 0x1004, 4 B: the log says 0x11223345, wasm answers 0x11223344\n',
    );
  });

  test('reads standard input', async () => {
    const child = start(['replay', '-', '--policy', 'nvgrace', '--impl', 'ts'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const said = finish(child);
    child.stdin!.end(LOG);
    expect(await said).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('that is interrupted says what agreed so far', async () => {
    const child = start(['replay', '-', '--policy', 'nvgrace', '--impl', 'ts', '--json'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const said = finish(child);
    // More than pipes hold: by then it reads, and has been told what a signal means.
    for (let i = 0; i < 4; i++) {
      if (!child.stdin!.write(LOG.repeat(2000))) await once(child.stdin!, 'drain');
    }
    // Nobody ends its input.
    child.kill('SIGINT');
    const { exitCode, stdout } = await said;
    expect(exitCode).toBe(130);
    expect(
      (JSON.parse(stdout) as { implementations: Implementation[] }).implementations[0]!.differences,
    ).toBe(0);
  });

  test.each([
    [['/nowhere'], /\/nowhere cannot be read: ENOENT; expected a QEMU trace log/],
    [['/'], /\/ is a folder/],
    [['/dev/null'], /0 lines and no access; expected lines as QEMU logs them/],
    [['/dev/null', '--impl', 'noop'], /--impl "noop": expected wasm, ts, native/],
    [['/dev/null', '--device', 'nope'], /nope/],
    [[], /missing required argument/],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stdout, stderr } = await replay(...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  test('a malformed line is refused with its number', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'qemu.log');
    writeFileSync(path, `${LOG}vfio_region_read  (0000:01:00.0:region4+0x1004, 4)\n`);
    const { exitCode, stdout, stderr } = await replay(path, '--impl', 'ts');
    expect(exitCode).toBe(2);
    // What came before it is told.
    expect(stdout).toMatch(/ts +2 reads compared, all as logged/);
    expect(stderr).toMatch(/qemu\.log:5: vfio_region_read: .* was given; expected the form/);
  });

  test.each([
    ['--of', 'x'],
    ['--policy', 'core'],
  ])('with %s %s it says what is wrong', async (flag, value) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'qemu.log');
    writeFileSync(path, LOG.replaceAll('+0x10', '+0x1000000'));
    const { exitCode, stdout, stderr } = await barometer(['replay', path, '--impl', 'ts', flag, value]);
    expect(exitCode).toBe(flag === '--of' ? 2 : 5);
    expect(stdout + stderr).toMatch(flag === '--of' ? /no access of a device "x"/ : /refuses it, errno 22/);
  });
});
