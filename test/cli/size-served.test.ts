/** `size vfio-user:PATH`, on servers in this process. */
import { describe, expect, test } from 'vitest';
import { type SizeFlags, size } from '../../src/cli/size.ts';
import { sizeServed } from '../../src/cli/size-served.ts';
import { parseSizing } from '../../src/results/sizing.ts';
import type { Policy } from '../../src/types.ts';
import { servedProfile } from '../vfio-user/rig.ts';
import { type Plant, readsConfig, type Serving, serve, writesConfigAt } from '../vfio-user/serving.ts';

const BEHIND = / \(GPU memory\)| \(virtio\)/g;
const EINVAL = 22;

function serveProfile(profile: string, policy: Policy, plant?: Plant): Promise<Serving> {
  return serve(() => servedProfile(profile, policy), plant);
}

async function run({ device }: Serving, flags: SizeFlags) {
  let stdout = '';
  const stderr = await erring(async () => {
    const exitCode = await sizeServed(device, flags, { stdout: { write: (text) => (stdout += text) } });
    return `exit ${exitCode}`;
  });
  return { stdout, stderr };
}

/** What the action writes to standard error, and then what it returns or throws. */
async function erring(action: () => Promise<string>): Promise<string[]> {
  const lines: string[] = [];
  const write = process.stderr.write;
  process.stderr.write = ((text: string) => lines.push(text.trim()) > 0) as typeof write;
  try {
    lines.push(await action());
  } catch (error) {
    const { message, exitCode } = error as Error & { exitCode?: number };
    lines.push(`${message}, exit ${exitCode}`);
  } finally {
    process.stderr.write = write;
  }
  return lines;
}

describe('without --allow-writes', () => {
  test('nothing is written, and it says so', async () => {
    await using serving = await serveProfile('generic-type0', 'strict');
    const { stdout, stderr } = await run(serving, {});
    expect(stderr).toEqual(['exit 0']);
    expect(serving.writes).toEqual([]);
    expect(stdout).toContain('served  not run  not run');
    expect(stdout).toMatch(/\nnot run: .*with --allow-writes they run\n/);
    expect(stdout).toContain('  served  0 io 32 B, 1 mem32 64 KiB, 2 mem64p 256 MiB, ROM 64 KiB\n');
  });

  test('as JSON', async () => {
    await using serving = await serveProfile('generic-type0', 'strict');
    const { stdout } = await run(serving, { json: true, sizer: 'linux' });
    expect(parseSizing(JSON.parse(stdout), 'stdout').policies).toEqual(JSON.parse(stdout).policies);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'barometer/size/1',
      device: serving.device,
      policies: [
        {
          policy: 'served',
          expected: [{ barIdx: 0, kind: 'io', sizeBytes: '32' }, {}, {}, { kind: 'rom' }],
          sizers: [{ sizer: 'linux', applies: true, notRun: expect.any(String), bars: [], accesses: 0 }],
        },
      ],
      restored: true,
      notRestored: [],
    });
  });
});

describe('with --allow-writes', () => {
  test.each([
    ['gh200-120gb', 'nvgrace'],
    ['gh200-no-bar2', 'v13'],
    ['gh200-no-bar2', 'strict'],
    ['generic-type0', 'core'],
    ['virtio-net-vf', 'virtio-flags'],
  ] as const)('concludes of %s under %s what it does without a socket', async (profile, policy) => {
    await using serving = await serveProfile(profile, policy);
    const { stdout, stderr } = await run(serving, { allowWrites: true, json: true });
    const { policies, restored } = JSON.parse(stdout);
    expect([stderr, restored]).toEqual([['exit 0'], true]);
    const { sizers } = JSON.parse(size(profile, { policy, json: true })).policies[0];
    const conclusions = (list: readonly { bars: unknown; accesses: number }[]) =>
      list.map(({ bars, accesses }) => ({ bars, accesses }));
    expect(conclusions(policies[0].sizers)).toEqual(conclusions(sizers));
    const inProcess = size(profile, { policy }).replaceAll(BEHIND, '').replaceAll(policy, 'served');
    const socket = (await run(serving, { allowWrites: true })).stdout;
    expect(presented(socket)).toBe(presented(inProcess));
  });

  const presented = (text: string) => text.slice(text.indexOf('The device presents:'));

  test('GPU memory behind a BAR without type bits is gone for everybody', async () => {
    await using serving = await serveProfile('gh200-no-bar2', 'passthrough');
    const { stdout, stderr } = await run(serving, { allowWrites: true });
    expect(stderr).toEqual(['exit 0']);
    expect(stdout).toMatch(/served( +2 gone){8}\n/);
    expect(stdout).toContain('  served  0 mem64p 16 MiB, 2 mem32 128 GiB\n');
  });

  test('writes every register back as it was, after each sizer', async () => {
    await using serving = await serveProfile('gh200-120gb', 'strict');
    await run(serving, { allowWrites: true, sizer: 'cloud-hypervisor,u-boot' });
    const { writes } = serving;
    const lastAt = (offset: bigint) => writes.findLast((write) => write.offset === offset)!;
    // BAR 0 of the profile is at 0x661002000000.
    expect(Buffer.from(lastAt(0x10n).data).toString('hex')).toBe('0c000002');
    expect(Buffer.from(lastAt(0x14n).data).toString('hex')).toBe('10660000');
    expect(writes.at(-1)!.offset).toBe(4n);
    expect(writes.filter(({ offset }) => offset === 4n)).toHaveLength(3);
  });

  test('a register that is not back is told, in words and in the document', async () => {
    let ones = 0;
    // BAR 1 keeps its ones: what is written after them is lost.
    await using serving = await serveProfile('generic-type0', 'strict', (message) => {
      if (writesConfigAt(message, 0x14) && ones++ > 0) message[16] = 0x2c;
      return null;
    });
    const { stdout, stderr } = await run(serving, {
      allowWrites: true,
      json: true,
      sizer: 'cloud-hypervisor',
    });
    expect(stderr).toEqual([
      expect.stringMatching(/not restored: BAR 1 at 14 was 00000000 before, and reads ffff0000 after/),
      'exit 5',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      restored: false,
      notRestored: [{ register: 'BAR 1', offset: 0x14, before: 0, after: 0xffff0000 }],
    });
  });

  test('what is refused is lost or reads as ones, as on the bus', async () => {
    // As libvfio-user refuses what Cloud Hypervisor writes to the ROM register.
    await using serving = await serveProfile('gh200-120gb', 'strict', (message) =>
      writesConfigAt(message, 0x30) && message[32] === 0xff ? EINVAL : null,
    );
    const { stdout, stderr } = await run(serving, { allowWrites: true });
    expect(stderr).toEqual(['exit 0']);
    expect(stdout).toMatch(/served( +ok){8}\n/);
  });

  test('a register that cannot be saved is written by nobody', async () => {
    // Configuration space is read by dwords: only the command register by itself is refused.
    await using serving = await serveProfile('gh200-120gb', 'strict', (message) =>
      readsConfig(message, 4, 2) ? EINVAL : null,
    );
    const { stdout, stderr } = await run(serving, { allowWrites: true });
    expect(stdout).toBe('');
    expect(stderr).toEqual([
      expect.stringMatching(
        /^PCI_COMMAND at 04 cannot be read, so that it could not be written back; nothing was written: vfio-user:.*: error 22 in reply to command 9, exit 2$/,
      ),
    ]);
    expect(serving.writes).toEqual([]);
  });

  test('an answer that is none leaves the registers as they were', async () => {
    let replies = 0;
    await using serving = await serve(
      () => servedProfile('gh200-120gb', 'strict'),
      undefined,
      (reply) => {
        // Of the acknowledged writes the tenth says that it wrote one byte of four.
        if (reply.readUInt16LE(2) === 10 && replies++ === 10) reply.writeUInt32LE(1, 28);
      },
    );
    const { stdout, stderr } = await run(serving, { allowWrites: true });
    expect(stdout).toBe('');
    expect(stderr).toEqual([expect.stringMatching(/1 bytes written of 4, exit 2$/)]);
    const bar0 = serving.writes.findLast(({ offset }) => offset === 0x10n)!;
    expect(Buffer.from(bar0.data).toString('hex')).toBe('0c000002');
    expect(serving.writes.at(-1)!.offset).toBe(4n);
  });

  test('a server that leaves in the middle is told, with what could not be restored', async () => {
    await using serving = await serveProfile('gh200-120gb', 'strict', (message) =>
      writesConfigAt(message, 0x18) ? 'leave' : null,
    );
    const { stdout, stderr } = await run(serving, { allowWrites: true });
    expect(stdout).toBe('');
    expect(stderr).toHaveLength(11);
    expect(stderr[0]).toMatch(/not restored: BAR 0 at 10 was 0200000c before, and cannot be read: /);
    expect(stderr.at(-1)).toMatch(/the server closed the connection, exit 5$/);
  });

  test('a register that is not back after one sizer is told, whatever the next one leaves', async () => {
    let zeroes = 0;
    // Cloud Hypervisor leaves its ones: the first zeroes that BAR 1 is given are those that it held before.
    await using serving = await serveProfile('generic-type0', 'strict', (message) => {
      const isZero = writesConfigAt(message, 0x14) && message.subarray(32).every((byte) => byte === 0);
      if (isZero && zeroes++ === 0) message[16] = 0x2c;
      return null;
    });
    const flags = { allowWrites: true, sizer: 'cloud-hypervisor,linux' };
    const { stderr } = await run(serving, flags);
    expect(stderr).toEqual([expect.stringMatching(/not restored: BAR 1 at 14 was 00000000 /), 'exit 5']);
  });

  test('a register that is not back is exit code 5 where it was interrupted as well', async () => {
    let writes = 0;
    await using serving = await serveProfile('generic-type0', 'strict', (message) => {
      if (!writesConfigAt(message, 0x14)) return null;
      if (writes++ === 0) process.emit('SIGINT');
      else message[16] = 0x2c;
      return null;
    });
    const { stderr } = await run(serving, { allowWrites: true, sizer: 'cloud-hypervisor' });
    expect(stderr).toEqual([
      expect.stringMatching(/not restored: BAR 1 at 14 was 00000000 /),
      'interrupted, exit 5',
    ]);
  });

  test.each([[['SIGINT']], [['SIGHUP']], [['SIGINT', 'SIGINT']], [['SIGTERM', 'SIGHUP']]] as const)(
    '%j ends it between two accesses, and the registers are as they were',
    async (signals) => {
      let reads = 0;
      await using serving = await serveProfile('gh200-120gb', 'strict', (message) => {
        if (writesConfigAt(message, 0x18) && reads++ === 0) for (const name of signals) process.emit(name);
        return null;
      });
      const { stdout, stderr } = await run(serving, { allowWrites: true });
      expect([stdout, stderr]).toEqual(['', ['interrupted, exit 130']]);
      const bar2 = serving.writes.filter(({ offset }) => offset === 0x18n).map(({ data }) => data[3]);
      expect(bar2).toEqual([0xff, 0]);
    },
  );
});

describe('what says nothing of a served device is refused', () => {
  test.each([
    [{ policy: 'strict' }, /--policy strict: vfio-user:\/nowhere is what its server makes it/],
    [{ generation: '6.9' }, /--generation 6.9: /],
    [{ gpuMemory: '96GiB' }, /--gpu-memory 96GiB: /],
    [{ physicalBars: 'none' }, /--physical-bars none: /],
    [{ sizer: 'bios' }, /--sizer "bios": expected linux/],
  ])('%j', async (flags, message) => {
    await expect(sizeServed('vfio-user:/nowhere', flags, process)).rejects.toThrow(message);
  });

  test('and --allow-writes of any other', () => {
    expect(() => size('generic-type0', { allowWrites: true })).toThrow(
      '--allow-writes: generic-type0 is none that somebody serves; expected vfio-user:PATH',
    );
  });
});
