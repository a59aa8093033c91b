import { describe, expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { Random } from '../../src/random.ts';
import { accessCost } from '../../src/replay/access-cost.ts';
import { type Replayed, replayLog } from '../../src/replay/replay-log.ts';
import { Replayer } from '../../src/replay/replayer.ts';
import { openServed, SERVED_IMPLEMENTATIONS } from '../../src/vfio-user/open-served.ts';
import { regionRead, regionWrite } from '../vfio-user/messages.ts';
import { Rig } from '../vfio-user/rig.ts';

const SPEC = specFromFlags({ device: 'gh200-120gb', policy: 'nvgrace' });

/** A session of seeded accesses of every size and to every region, as `serve --record` writes it. */
function recordedSession(count: number, seed: number): string {
  const random = new Random(seed);
  const rig = new Rig();
  const pick = <T>(of: readonly T[]): T => of[random.below(of.length)]!;
  const places = [0n, 0x10n, 0x20n, 0x100n, 4094n, 2n ** 36n, 0x17bffffff0n];
  for (let i = 0; i < count; i++) {
    const region = pick([7, 7, 7, 0, 2, 4, 4, 4]);
    const base = region === 7 ? BigInt(random.below(256)) : pick(places);
    const bytes = pick([1, 2, 3, 4, 8, 8, 16, 100]);
    const offset = base + BigInt(random.below(16));
    if (random.below(2) === 0) rig.send(regionRead(region, offset, bytes));
    else
      rig.send(
        regionWrite(region, offset, Buffer.from(Array.from({ length: bytes }, () => random.below(256)))),
      );
  }
  return rig.recorded;
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += 1000) yield Buffer.from(text.slice(at, at + 1000), 'latin1');
}

async function replayed(
  text: string,
  replayers: readonly Replayer[],
  of: string | null = null,
): Promise<Replayed> {
  return await replayLog(chunksOf(text), replayers, {
    ...{ name: 'log', of },
    signal: new AbortController().signal,
    progress: () => {},
  });
}

const replayer = (implementation: (typeof SERVED_IMPLEMENTATIONS)[number] = 'ts') =>
  new Replayer(openServed(SPEC, implementation));

describe('a recorded session', () => {
  const log = recordedSession(1500, 11);

  test('is answered alike by every implementation, over and over', async () => {
    const all = SERVED_IMPLEMENTATIONS.map(replayer);
    const { counts, device } = await replayed(log, all);
    expect(all.map(({ differenceCount }) => differenceCount)).toEqual([0, 0, 0]);
    expect(counts.reads).toBeGreaterThan(300);
    expect(counts.writes).toBeGreaterThan(300);
    expect([device, counts.lines, counts.answeredByQemu]).toEqual([
      'vfio-user',
      counts.reads + counts.writes,
      0,
    ]);
  });

  test('with one read altered differs there, and nowhere before', async () => {
    const lines = log.split('\n');
    const line = lines.findIndex((text, i) => i > 700 && text.startsWith('vfio_region_read'));
    lines[line] = lines[line]!.replace(/0x[0-9a-f]+$/, (value) => (value === '0x1' ? '0x2' : '0x1'));
    const one = replayer();
    await replayed(lines.join('\n'), [one]);
    expect(one.differenceCount).toBe(1);
    expect(one.differences[0]!.line).toBe(line + 1);
  });

  test('replayed on another device differs, and the first ten are kept', async () => {
    const other = new Replayer(openServed(specFromFlags({ device: 'generic-type0' }), 'ts'));
    await replayed(log, [other]);
    expect(other.differenceCount).toBeGreaterThan(50);
    expect(other.differences.length).toBe(10);
  });

  test.each([
    ['a prefix', (line: string) => `4242@1698060357.000001:${line}`],
    ['carriage returns', (line: string) => `${line}\r`],
    ['other lines between', (line: string) => `vfio_region_exit Device x, region 1\nhello\n${line}`],
  ])('may have %s', async (_, change) => {
    const text = log
      .trimEnd()
      .split('\n')
      .map((line) => (line.startsWith('barometer') ? line : change(line)))
      .join('\n');
    const one = replayer('wasm');
    const { counts } = await replayed(text, [one]);
    expect([one.differenceCount, counts.reads > 300]).toEqual([0, true]);
  });

  test('that is damaged anywhere is replayed, up to a line that is malformed', async () => {
    const random = new Random(3);
    const short = log.slice(0, 6000);
    for (let i = 0; i < 300; i++) {
      const at = random.below(short.length);
      const text =
        short.slice(0, at) + String.fromCharCode(random.below(256)) + short.slice(at + random.below(40));
      const { malformed } = await replayed(text, [replayer()]);
      if (malformed !== null) expect(malformed).toMatch(/^log:\d+: /);
    }
  });
});

describe("a log of QEMU's", () => {
  const log = [
    'vfio_pci_read_config  (0000:01:00.0, @0x0, len=0x4) 0x234210de',
    'vfio_pci_read_config  (0000:01:00.0, @0x20, len=0x4) 0xdeadbeef',
    'vfio_pci_read_config  (0000:02:00.0, @0x0, len=0x4) 0x12345678',
    'vfio_region_write  (0000:01:00.0:region4+0x10, 0x55, 1)',
    'vfio_pci_reset_flr 0000:01:00.0 FLR/VFIO_DEVICE_RESET',
    'vfio_region_read  (0000:01:00.0:region4+0x10, 1) = 0x55',
    'vfio_region_read  (0000:01:00.0:region5+0x10, 4) = 0xffffffff',
  ].join('\n');

  test('is compared but where QEMU answers itself, for the device of its first access', async () => {
    const one = replayer();
    const { counts, device } = await replayed(log, [one]);
    expect(device).toBe('0000:01:00.0');
    expect(counts).toEqual({
      ...{ lines: 7, reads: 4, writes: 1, resets: 1 },
      ...{ answeredByQemu: 1, otherLines: 0, otherDevices: 1 },
    });
    // What nobody answers reads as ones, and memory outlives a reset.
    expect(one.differenceCount).toBe(0);
  });

  test('is replayed for another device where that is asked for', async () => {
    const one = replayer();
    const { counts } = await replayed(log, [one], '0000:02:00.0');
    expect([counts.reads, counts.otherDevices, one.differences[0]?.line]).toEqual([1, 6, 3]);
  });
});

test('accesses cost something, in passes that are all alike', async () => {
  const { first } = await replayed(recordedSession(100, 5), [replayer()]);
  const cost = accessCost(openServed(SPEC, 'ts'), first)!;
  expect(cost.nsPerAccess).toBeGreaterThan(0);
  expect(cost.accesses).toBe(first.length);
  expect(cost.passes).toBeGreaterThan(4);
  expect(accessCost(openServed(SPEC, 'ts'), [])).toBeNull();
});
