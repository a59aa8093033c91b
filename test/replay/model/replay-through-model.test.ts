import { describe, expect, test } from 'vitest';
import * as layout from '../../../assembly/coherence/layout.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { PROTOCOL } from '../../../src/coherence/protocol/protocol.ts';
import { Simulation, type SimulationResult } from '../../../src/coherence/simulate/simulation.ts';
import type { SimulatorCore } from '../../../src/coherence/simulate/simulator-core.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';
import { specFromFlags } from '../../../src/device/device-flags.ts';
import { Random } from '../../../src/random.ts';
import { memoryMap } from '../../../src/replay/model/memory-map.ts';
import { ModelledReplay } from '../../../src/replay/model/modelled-replay.ts';
import { replayThroughModel } from '../../../src/replay/model/replay-through-model.ts';
import { AccessRecorder } from '../../../src/vfio-user/access-recorder.ts';

const { values: VALUES } = openCoherenceProfile('gh200-120gb');
const SPEC = specFromFlags({ device: 'gh200-120gb' });
const { regionIndex: MEMORY, memlengthBytes } = SPEC.regions.find(({ rules }) => rules === 'memory')!;
const UNCACHED = SPEC.regions.find(({ rules }) => rules === 'uncached')!.regionIndex;
const MEMORY_BYTES = Number(memlengthBytes);

const read = (offset: number | string, region = MEMORY) =>
  `vfio_region_read  (vfio-user:region${region}+0x${offset.toString(16)}, 8) = 0x0\n`;

async function* chunksOf(text: string | Buffer, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text as string, 'latin1');
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function replayed(
  log: string | Buffer,
  {
    chunk = 65_536,
    makeCore = tsCore,
    of = null as string | null,
    signal = new AbortController().signal,
  } = {},
) {
  const replay = new ModelledReplay(memoryMap(SPEC, 'hbm'), VALUES, makeCore);
  const options = { name: 'log', of, signal, progress: () => {} };
  const through = await replayThroughModel(chunksOf(log, chunk), replay, options);
  return { replay, ...through, result: replay.result() };
}

interface Access {
  readonly isWrite: boolean;
  readonly offset: number;
  readonly bytes: number;
}

/** Of registers and of longer ones, some of which are in several lines. */
function accessesOf(count: number, seed: number): Access[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => ({
    isWrite: random.below(3) === 0,
    offset: random.below(2 ** 15),
    bytes: [1, 2, 4, 8, 8, 8, 100, 300][random.below(8)]!,
  }));
}

/** As `serve --record` writes them. */
function recorded(accesses: readonly Access[]): string {
  let text = '';
  const recorder = new AccessRecorder((more) => {
    text += more;
  });
  for (const { isWrite, offset, bytes } of accesses) {
    recorder.access(isWrite, MEMORY, offset, new Uint8Array(bytes));
  }
  recorder.flush();
  return text;
}

/** The same without a log: the lines of an access at once, after those of the one before. */
function simulated(accesses: readonly Access[]): SimulationResult {
  const pairs = accesses.flatMap(({ isWrite, offset, bytes }) => {
    const first = Math.floor(offset / 64);
    const lines = Math.floor((offset + bytes - 1) / 64) - first + 1;
    return Array.from({ length: lines }, (_, i) => [
      2 ** 31 + first + i,
      (isWrite ? layout.ACCESS_STORE : layout.ACCESS_LOAD) + (i === 0 ? layout.ACCESS_DEPENDS : 0),
    ]);
  });
  let next = 0;
  const stream = {
    fill: (into: Uint32Array) => {
      const some = pairs.slice(next, next + into.length / 2);
      into.set(some.flat());
      next += some.length;
      return some.length;
    },
  };
  const machine = { values: VALUES, protocol: PROTOCOL, cores: 1, gpuAgents: 0 };
  const plan = { ...machine, chunk: 100, contents: 'empty' } as const;
  const simulation = new Simulation(tsCore(), plan, [stream]);
  while (simulation.advance());
  return simulation.result();
}

describe('a recorded session', () => {
  const accesses = accessesOf(3000, 3);
  const log = recorded(accesses);

  // Whether a chunk has many accesses or less than one, the simulation goes on where it had none to begin.
  test.each([50, 700, 2 ** 20])('in chunks of %i bytes is what simulating its accesses is', async (chunk) => {
    const { replay, result, device, lines } = await replayed(log, { chunk });
    const { events: _, ...expected } = simulated(accesses);
    expect(result).toMatchObject(expected);
    expect([device, lines]).toEqual(['vfio-user', 3000]);
    const writes = accesses.filter(({ isWrite }) => isWrite).length;
    const bytes = accesses.reduce((sum, access) => sum + access.bytes, 0);
    expect(replay.regions).toEqual([{ region: MEMORY, reads: 3000 - writes, writes, bytes }]);
  });

  test('a hundred times as long takes no more memory', async () => {
    const mostBytes = async (times: number) => {
      let most = 0;
      const core = tsCore();
      const makeCore = (): SimulatorCore => ({
        ...core,
        grow: (bytes) => {
          most = Math.max(most, bytes);
          return core.grow(bytes);
        },
      });
      const few = recorded(accesses.slice(0, 200));
      const { result } = await replayed(few.repeat(times), { makeCore });
      return { most, lines: result!.lines, accesses: result!.accesses };
    };
    const [once, often] = [await mostBytes(1), await mostBytes(100)];
    expect(often).toEqual({ ...once, accesses: 100 * once.accesses });
  });
});

test('what is no cached memory is counted, and not simulated', async () => {
  const log = [
    'vfio_pci_read_config  (vfio-user, @0x10, len=0x4) 0x0\n',
    read(0, 0),
    read(0, UNCACHED),
    read(MEMORY_BYTES),
    read(MEMORY_BYTES - 4),
    read('fffffffffffff'),
    'vfio_pci_reset_flr vfio-user FLR/VFIO_DEVICE_RESET\n',
    read(0).replace('vfio-user', 'other'),
    '12@3.4:vfio_region_mmap Region a [0x0 - 0x1]\n2@3.5:memory_region_ops_read cpu 0\n\nqemu-system-aarch64: warning: x\n',
  ];
  const { replay, result, ...log_ } = await replayed(log.join(''));
  expect(replay.skipped).toEqual({ config: 1, registers: 1, uncached: 1, outside: 2 });
  // Half of it is behind the end.
  expect(replay.regions).toEqual([{ region: MEMORY, reads: 1, writes: 0, bytes: 4 }]);
  expect(result!.accesses).toBe(1);
  expect(log_).toEqual({
    ...{ lines: 12, device: 'vfio-user', resets: 1, otherDevices: 1, otherLines: 4, malformed: null },
  });
});

test('of another device than the first', async () => {
  const log = read(0) + read(64).replace('vfio-user', 'other').repeat(2);
  const { replay, otherDevices } = await replayed(log, { of: 'other' });
  expect([replay.regions[0]!.reads, otherDevices]).toEqual([2, 1]);
});

describe('garbage', () => {
  const form = "expected a line of QEMU's trace or of serve --record, as vfio_region_read  (";

  test.each([
    ['text', 'hello there', `log:3: "hello there" was given; ${form}`],
    ['bytes', '\x00\x1b[31m\xff', `log:3: "\\x00\\x1b[31m\\xff" was given; ${form}`],
    ['bytes behind the name of an event', 'memory_region_x \x00', 'log:3: "memory_region_x \\x00" was given'],
    ['a line that is cut', read(64).slice(0, 30), 'log:3: vfio_region_read: "'],
    ['too large a value', read(64).replace('0x0\n', `0x1${'0'.repeat(16)}`), 'log:3: vfio_region_read: '],
    ['a line without end', 'x'.repeat(3 * 2 ** 20), 'log:3: "xxx'],
  ])('%s: says where, and what was expected; what is before it is simulated', async (_, line, message) => {
    const { malformed, result } = await replayed(`${read(0)}${read(0)}${line}`);
    expect(malformed!.slice(0, message.length)).toBe(message);
    expect(malformed!.length).toBeLessThan(300);
    expect(result!.accesses).toBe(2);
  });

  test('nothing at all is no accesses', async () => {
    expect(await replayed('')).toMatchObject({ lines: 0, device: null, malformed: null, result: null });
  });
});

test('ends where it is interrupted, with what it has', async () => {
  const interrupt = new AbortController();
  const replay = new ModelledReplay(memoryMap(SPEC, 'lpddr'), VALUES, tsCore);
  const progress = () => interrupt.abort();
  const options = { name: 'log', of: null, signal: interrupt.signal, progress };
  const { lines } = await replayThroughModel(chunksOf(read(0).repeat(1000), 10_000), replay, options);
  expect(lines).toBeLessThan(500);
  expect(replay.result()!.accesses).toBe(lines);
});

test('a device without cached memory is none for this', () => {
  const spec = specFromFlags({ device: 'virtio-net-vf' });
  expect(() => memoryMap(spec, 'hbm')).toThrow(/virtio-net-vf has no region of cached memory; expected/);
});
