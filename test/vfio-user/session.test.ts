/** What a server answers to each command, and to what is none. */
import { describe, expect, test } from 'vitest';
import { irqInfos } from '../../src/vfio-user/irqs.ts';
import { parseTraceLine } from '../../src/workload/qemu-trace.ts';
import { command, regionRead, regionWrite, version, words } from './messages.ts';
import { Rig, servedDevice } from './rig.ts';

const CONFIG = 7;
const GPU_MEMORY = 4;
const EINVAL = 22;

describe('VERSION', () => {
  const json = (payload: Buffer) =>
    JSON.parse(payload.subarray(4, -1).toString()) as { capabilities: object };

  test('is answered with what both sides can do, never more than was proposed', () => {
    const rig = new Rig(servedDevice(), null);
    const reply = rig.ask(
      version({ max_data_xfer_size: 4096, write_multiple: true, max_msg_fds: 8, other: 1 }),
    );
    expect(reply.errno).toBe(null);
    expect(reply.payload.readUInt32LE(0)).toBe(0);
    expect(reply.payload.at(-1)).toBe(0);
    expect(json(reply.payload).capabilities).toEqual({
      max_data_xfer_size: 4096,
      max_dma_maps: 65535,
      max_msg_fds: 8,
      pgsizes: 4096,
      write_multiple: true,
    });
  });

  test('without capabilities means the usual ones', () => {
    const reply = new Rig(servedDevice(), null).ask(version(null));
    expect(json(reply.payload).capabilities).toMatchObject({ max_data_xfer_size: 2 ** 20, max_msg_fds: 1 });
    expect(json(reply.payload).capabilities).not.toHaveProperty('write_multiple');
  });

  test.each([
    ['of another major', version({}, 1)],
    ['that is short', command(1, Buffer.from([0, 0]))],
    ['whose capabilities do not end', command(1, Buffer.from('\0\0\0\0{}'))],
    ['whose capabilities are no JSON', command(1, Buffer.from('\0\0\0\0{"capabilities"\0'))],
    ['of capabilities of another type', version({ max_data_xfer_size: 'much' })],
    ['of no bytes in a message', version({ max_data_xfer_size: 0 })],
  ])('%s is refused, and ends the session', (_, message) => {
    const rig = new Rig(servedDevice(), null);
    expect(rig.ask(message)).toMatchObject({ command: 1, errno: EINVAL });
    expect(rig.session.fault).not.toBe(null);
    expect(rig.send(version())).toEqual([]);
  });

  test('has to come first, and once', () => {
    const rig = new Rig(servedDevice(), null);
    expect(rig.ask(regionRead(CONFIG, 0n, 4)).errno).toBe(EINVAL);
    expect(rig.session.fault).toMatch(/before a VERSION/);
    const other = new Rig();
    expect(other.ask(version()).errno).toBe(EINVAL);
    expect(other.session.fault).toBe(null);
  });
});

describe('info', () => {
  test('of the device: what can be reset, nine regions, five interrupts', () => {
    expect(new Rig().ask(command(4, words(16, 0, 0, 0))).payload).toEqual(words(16, 3, 9, 5));
  });

  test.each([
    [GPU_MEMORY, 2n ** 37n, 3],
    [2, 2n ** 30n, 3],
    [0, 2n ** 24n, 3],
    [1, 0n, 0],
    [CONFIG, 4096n, 3],
    [8, 0n, 0],
  ])('of region %i: %i bytes, flags %i; nothing can be mapped', (index, sizeBytes, flags) => {
    const { payload } = new Rig().ask(command(5, words(32, 0, index, 0, 0n, 0n)));
    expect(payload.readUInt32LE(0)).toBe(32);
    expect(payload.readUInt32LE(8)).toBe(index);
    expect([payload.readBigUInt64LE(16), payload.readUInt32LE(4)]).toEqual([sizeBytes, flags]);
  });

  test.each([
    ['of a device in too few bytes', command(4, words(15, 0, 0, 0))],
    ['of a device, cut short', command(4, words(16, 0))],
    ['of region 9', command(5, words(32, 0, 9, 0, 0n, 0n))],
    ['of a region in too few bytes', command(5, words(31, 0, 0, 0, 0n, 0n))],
    ['of a region, cut short', command(5, words(32, 0, 0, 0, 0n))],
    ['of interrupt 5', command(7, words(16, 0, 5, 0))],
    ['of an interrupt, cut short', command(7, words(16, 0, 0))],
    ['of file descriptors of region 9', command(6, words(16, 0, 9, 0))],
  ])('%s is refused', (_, message) => {
    expect(new Rig().ask(message).errno).toBe(EINVAL);
  });

  test('of interrupts', () => {
    const rig = new Rig();
    const infos = [0, 1, 2, 3, 4].map((index) => rig.ask(command(7, words(16, 0, index, 0))).payload);
    expect(infos.map((payload) => [payload.readUInt32LE(0), payload.readUInt32LE(8)])).toEqual(
      [0, 1, 2, 3, 4].map((index) => [16, index]),
    );
    expect(infos[4]!.readUInt32LE(12)).toBe(1);
  });

  test('of interrupts is that of the capabilities, of those that are whole', () => {
    const config = new Uint8Array(256);
    config[0x06] = 0x10; // a list of capabilities
    config[0x34] = 0x40;
    config.set([0x05, 0x50, 0x86, 0x00], 0x40); // MSI of eight messages
    config.set([0x11, 0xfc, 0x05, 0x00], 0x50); // MSI-X of six
    config.set([0x10, 0x00, 0x02, 0x00], 0xfc);
    expect(irqInfos(config).map(({ count }) => count)).toEqual([0, 8, 6, 1, 1]);
    config.set([0x00, 0x00], 0xfc);
    config[0x51] = 0x00;
    expect(irqInfos(config).map(({ count }) => count)).toEqual([0, 8, 6, 0, 1]);
  });

  test('of file descriptors: no region has any', () => {
    expect(new Rig().ask(command(6, words(16, 0, 2, 0))).payload).toEqual(words(16, 0, 2, 0));
  });
});

describe('accesses', () => {
  test('read and write registers in order, and as one batch', () => {
    const rig = new Rig();
    const replies = rig.send(
      regionWrite(GPU_MEMORY, 64n, Buffer.from('01020304', 'hex')),
      regionRead(GPU_MEMORY, 64n, 2),
      regionWrite(GPU_MEMORY, 64n, Buffer.from('aa', 'hex')),
      regionRead(GPU_MEMORY, 64n, 8),
      regionRead(CONFIG, 0n, 4),
    );
    expect(replies.map(({ command: number, errno }) => [number, errno])).toEqual(
      [10, 9, 10, 9, 9].map((n) => [n, null]),
    );
    expect(replies[0]!.payload).toEqual(words(64n, GPU_MEMORY, 4));
    expect(replies[1]!.payload).toEqual(
      Buffer.concat([words(64n, GPU_MEMORY, 2), Buffer.from('0102', 'hex')]),
    );
    expect(replies[3]!.payload.subarray(16).toString('hex')).toBe('aa02030400000000');
    expect(replies[4]!.payload.readUInt16LE(16)).toBe(0x10de);
  });

  test('of many bytes come whole, up to both ends of a region', () => {
    const rig = new Rig();
    const data = Buffer.alloc(100_000, 'barometer');
    expect(rig.ask(regionWrite(GPU_MEMORY, 4096n, data)).errno).toBe(null);
    expect(rig.ask(regionRead(GPU_MEMORY, 4096n, data.length)).payload.subarray(16)).toEqual(data);
    const last = 2n ** 37n - 8n;
    expect(
      rig
        .ask(regionRead(GPU_MEMORY, last, 8))
        .payload.subarray(16)
        .toString('hex'),
    ).toBe('f'.repeat(16));
    expect(rig.ask(regionRead(CONFIG, 0n, 4096)).payload).toHaveLength(16 + 4096);
  });

  test('more than 256 at once are answered all, in order', () => {
    const rig = new Rig();
    const messages = Array.from({ length: 1000 }, (_, i) =>
      command(9, words(BigInt(4 * (i % 16)), CONFIG, 4), { messageId: i }),
    );
    const replies = rig.send(...messages);
    expect(replies.map(({ messageId }) => messageId)).toEqual(messages.map((_, i) => i));
    expect(replies[999]!.payload.subarray(16)).toEqual(replies[999 % 16]!.payload.subarray(16));
  });

  test('of nothing are served', () => {
    const rig = new Rig();
    expect(rig.ask(regionRead(GPU_MEMORY, 0n, 0)).payload).toEqual(words(0n, GPU_MEMORY, 0));
    expect(rig.ask(regionWrite(GPU_MEMORY, 0n, Buffer.alloc(0))).payload).toEqual(words(0n, GPU_MEMORY, 0));
  });

  test.each([
    ['of region 9', regionRead(9, 0n, 4)],
    ['of region 2^32 - 1', regionRead(0xffffffff, 0n, 4)],
    ['of a region that is not there', regionRead(1, 0n, 4)],
    ['over the end of a region', regionRead(GPU_MEMORY, 2n ** 37n - 2n, 4)],
    ['behind a region', regionRead(GPU_MEMORY, 2n ** 37n, 4)],
    ['beyond all regions', regionRead(GPU_MEMORY, 2n ** 64n - 4n, 4)],
    ['of more than a message may move', regionRead(GPU_MEMORY, 0n, 2 ** 20 + 1)],
    ['of 4 GiB', regionRead(GPU_MEMORY, 0n, 0xffffffff)],
    ['with bytes behind a read', command(9, words(0n, GPU_MEMORY, 4, 0))],
    ['cut short', command(9, words(0n, GPU_MEMORY))],
    ['a write with fewer bytes than it says', command(10, words(0n, GPU_MEMORY, 8, 1))],
    ['a write with more', command(10, words(0n, GPU_MEMORY, 2, 1))],
    ['a write, cut short', command(10, words(0n, GPU_MEMORY))],
    ['a write over the end', regionWrite(GPU_MEMORY, 2n ** 37n - 2n, Buffer.alloc(4))],
  ])('%s are refused, and the session goes on', (_, message) => {
    const rig = new Rig();
    const { errno } = rig.ask(message);
    expect(errno).toBeGreaterThan(0);
    expect(rig.ask(regionRead(CONFIG, 0n, 2)).payload.readUInt16LE(16)).toBe(0x10de);
  });

  test('keep to what was agreed', () => {
    const rig = new Rig(servedDevice(), { max_data_xfer_size: 4 });
    expect(rig.ask(regionRead(GPU_MEMORY, 0n, 4)).errno).toBe(null);
    expect(rig.ask(regionRead(GPU_MEMORY, 0n, 5)).errno).toBe(EINVAL);
    expect(rig.ask(regionRead(GPU_MEMORY, 0n, 64)).errno).toBe(EINVAL);
  });

  test('that want no reply get none, whatever comes of them', () => {
    const rig = new Rig();
    const flags = 0x10;
    expect(rig.send(regionWrite(GPU_MEMORY, 0n, Buffer.from([5]), { flags }))).toEqual([]);
    expect(rig.send(regionWrite(9, 0n, Buffer.from([5]), { flags }))).toEqual([]);
    expect(rig.ask(regionRead(GPU_MEMORY, 0n, 1)).payload.at(-1)).toBe(5);
  });
});

describe('several writes in one message', () => {
  const entry = (offset: bigint, count: number, data: bigint) => words(offset, GPU_MEMORY, count, data);
  const multi = (count: bigint, ...entries: readonly Buffer[]) =>
    command(15, Buffer.concat([words(count), ...entries]));

  test('are done in order', () => {
    const rig = new Rig();
    const message = multi(3n, entry(0n, 8, 0x1122334455667788n), entry(2n, 1, 0xffn), entry(3n, 0, 1n));
    expect(rig.ask(message).payload).toEqual(words(3n));
    expect(
      rig
        .ask(regionRead(GPU_MEMORY, 0n, 8))
        .payload.subarray(16)
        .toString('hex'),
    ).toBe('8877ff5544332211');
  });

  test.each([
    ['fewer than they say', multi(2n, entry(0n, 8, 0n))],
    ['more than they say', multi(1n, entry(0n, 8, 0n), entry(0n, 8, 0n))],
    ['2^63 of them', multi(2n ** 63n)],
    ['of nine bytes', multi(1n, entry(0n, 9, 0n))],
    ['over the end', multi(1n, entry(2n ** 37n - 1n, 8, 0n))],
    ['without a count', command(15)],
  ])('%s are refused', (_, message) => {
    expect(new Rig().ask(message).errno).toBe(EINVAL);
  });

  test('are refused where nobody agreed on them', () => {
    expect(new Rig(servedDevice(), {}).ask(multi(0n)).errno).toBe(EINVAL);
  });
});

describe('memory of the client', () => {
  const map = (address: bigint, sizeBytes: bigint, flags = 3) =>
    command(2, words(32, flags, 0n, address, sizeBytes));
  const unmap = (address: bigint, sizeBytes: bigint, flags = 0) =>
    command(3, words(24, flags, address, sizeBytes));

  test('is mapped and taken back, exactly', () => {
    const rig = new Rig();
    expect(rig.ask(map(0x1000n, 0x1000n))).toMatchObject({ errno: null, payload: Buffer.alloc(0) });
    expect(rig.ask(map(0x2000n, 0x1000n)).errno).toBe(null);
    expect(rig.ask(map(0x1fffn, 2n)).errno).toBe(17);
    expect(rig.ask(unmap(0x1000n, 0x2000n)).errno).toBe(2);
    expect(rig.ask(unmap(0x1000n, 0x1000n)).payload).toEqual(words(24, 0, 0x1000n, 0x1000n));
    expect(rig.ask(map(0x1000n, 0x1000n)).errno).toBe(null);
    expect(rig.ask(unmap(0n, 0n, 2)).errno).toBe(null);
    expect(rig.ask(unmap(0x2000n, 0x1000n)).errno).toBe(2);
  });

  test.each([
    ['of no bytes', map(0n, 0n)],
    ['over the end of the address space', map(2n ** 64n - 1n, 2n)],
    ['with flags that nobody knows', map(0n, 1n, 8)],
    ['cut short', command(2, words(32, 3, 0n, 0n))],
    ['in too few bytes', command(2, words(31, 3, 0n, 0n, 1n))],
    ['taken back with flags that nobody knows', unmap(0n, 1n, 1)],
    ['taken back, cut short', command(3, words(24, 0, 0n))],
  ])('%s is refused', (_, message) => {
    expect(new Rig().ask(message).errno).toBe(EINVAL);
  });

  test('is mapped in no more pieces than was agreed', () => {
    const rig = new Rig(servedDevice(), { max_dma_maps: 2 });
    expect([0n, 1n, 2n].map((at) => rig.ask(map(at, 1n)).errno)).toEqual([null, null, 28]);
  });
});

describe('interrupts', () => {
  const set = (flags: number, index: number, start: number, count: number, data = Buffer.alloc(0)) =>
    command(8, Buffer.concat([words(20 + data.length, flags, index, start, count), data]));

  test.each([
    ['none', set(1 | 32, 4, 0, 1)],
    ['truth values', set(2 | 32, 4, 0, 1, Buffer.from([1]))],
    ['event descriptors, which come beside the message', set(4 | 32, 4, 0, 1)],
  ])('are set by %s', (_, message) => {
    expect(new Rig().ask(message)).toMatchObject({ errno: null, payload: Buffer.alloc(0) });
  });

  test.each([
    ['of two kinds of data', set(3 | 32, 4, 0, 1)],
    ['of two actions', set(1 | 48, 4, 0, 1)],
    ['of no action', set(1, 4, 0, 1)],
    ['that are not there', set(1 | 32, 4, 1, 1)],
    ['of index 5', set(1 | 32, 5, 0, 0)],
    ['with fewer truth values than they say', set(2 | 32, 4, 0, 1)],
    ['of 2^32 - 1 of them', set(1 | 32, 4, 0xffffffff, 0xffffffff)],
    ['cut short', command(8, words(20, 33, 4))],
  ])('%s are refused', (_, message) => {
    expect(new Rig().ask(message).errno).toBe(EINVAL);
  });
});

test('a reset is one of the device', () => {
  const rig = new Rig(servedDevice('ts', 'strict'));
  rig.send(regionWrite(CONFIG, 4n, Buffer.from([2, 0])));
  expect(rig.ask(regionRead(CONFIG, 4n, 2)).payload.readUInt16LE(16) & 2).toBe(2);
  expect(rig.ask(command(13))).toMatchObject({ errno: null, payload: Buffer.alloc(0) });
  expect(rig.ask(regionRead(CONFIG, 4n, 2)).payload.readUInt16LE(16) & 2).toBe(0);
});

describe('what no client sends', () => {
  test.each([
    ['DMA_READ', 11, EINVAL],
    ['DMA_WRITE', 12, EINVAL],
    ['DEVICE_FEATURE', 16, 25],
    ['MIG_DATA_READ', 17, 95],
    ['MIG_DATA_WRITE', 18, 95],
    ['command 0', 0, 95],
    ['command 14', 14, 95],
    ['command 65535', 65535, 95],
  ])('%s is refused, and the session goes on', (_, number, errno) => {
    const rig = new Rig();
    expect(rig.ask(command(number))).toMatchObject({ messageId: 7, command: number, errno });
    expect(rig.session.fault).toBe(null);
  });

  test.each([
    ['a reply', command(9, words(0n, 7, 4), { flags: 1 })],
    ['a message of no type', command(9, words(0n, 7, 4), { flags: 5 })],
    ['an error that is a command', command(9, words(0n, 7, 4), { flags: 0x20 })],
  ])('%s ends the session', (_, message) => {
    const rig = new Rig();
    rig.send(message);
    expect(rig.session.fault).not.toBe(null);
  });
});

test.each(['wasm', 'ts', 'native'] as const)('%s answers as the others do', (implementation) => {
  const ask = (one: Rig) =>
    one.send(
      regionWrite(CONFIG, 0x20n, Buffer.alloc(4, 0xff)),
      regionRead(CONFIG, 0x20n, 4),
      regionRead(CONFIG, 0x24n, 4),
      regionWrite(GPU_MEMORY, 3n, Buffer.from('0102030405060708', 'hex')),
      regionRead(GPU_MEMORY, 0n, 8),
      regionRead(1, 0n, 4),
      regionRead(GPU_MEMORY, 0n, 16),
    );
  expect(ask(new Rig(servedDevice(implementation)))).toEqual(ask(new Rig()));
});

test('what reached the device is recorded in lines of a QEMU trace, before it is acknowledged', () => {
  const rig = new Rig();
  rig.send(
    regionRead(CONFIG, 0n, 2),
    regionWrite(CONFIG, 0x10n, Buffer.alloc(4, 0xff)),
    regionWrite(GPU_MEMORY, 0x1498n, Buffer.from([0xff, 0, 0, 0])),
    regionRead(GPU_MEMORY, 0x1498n, 8),
    regionRead(1, 0n, 4),
    command(13),
  );
  expect(rig.recorded.split('\n')).toEqual([
    'vfio_pci_read_config  (vfio-user, @0x0, len=0x2) 0x10de',
    'vfio_pci_write_config  (vfio-user, @0x10, 0xffffffff, len=0x4)',
    'vfio_region_write  (vfio-user:region4+0x1498, 0xff, 4)',
    'vfio_region_read  (vfio-user:region4+0x1498, 8) = 0xff',
    'vfio_region_read  (vfio-user:region1+0x0, 4) = 0xffffffff',
    'vfio_pci_reset_flr vfio-user FLR/VFIO_DEVICE_RESET',
    '',
  ]);
  for (const line of rig.recorded.trim().split('\n')) expect(parseTraceLine(line)).toHaveProperty('event');
});
