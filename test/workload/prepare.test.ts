import { describe, expect, test } from 'vitest';
import * as layout from '../../assembly/layout.ts';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { type DeviceSpec, isVirtio, NEEDS_GPU_MEMORY } from '../../src/device/device-spec.ts';
import type { Profile } from '../../src/device/profile.ts';
import { PROFILES } from '../../src/device/profiles.ts';
import { Random } from '../../src/random.ts';
import { type Implementation, POLICIES, type Policy } from '../../src/types.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { type PreparedWorkload, UnsuitableDevice } from '../../src/workload/prepared.ts';
import { loadWorkloads, type Workload } from '../../src/workload/scenario.ts';
import { linearAddress, workingRegion } from '../../src/workload/workbench.ts';

const gpu = specFromFlags({ device: 'gh200-120gb' });
const all = loadWorkloads();
/** Small enough to run many times. */
const small = all.filter(
  ({ params }) => Number(params.sizeBytes ?? 0) <= 4096 && Number(params.footprintBytes ?? 0) <= 2 ** 20,
);

function workload(name: string, params: Workload['params'] = {}): Workload {
  const found = small.find(
    (one) =>
      one.name === name && Object.entries(params).every(([param, value]) => one.params[param] === value),
  );
  if (!found) throw new Error(`no small ${name} ${JSON.stringify(params)}`);
  return found;
}

/** What is asked twice is the answer: a first pass may find registers at their reset values. */
function secondAnswer(prepared: PreparedWorkload): string {
  prepared.answer();
  return prepared.answer();
}

function answerOf(one: Workload, spec: DeviceSpec, implementation: Implementation): string {
  return secondAnswer(prepareWorkload(one, spec, implementation));
}

/** One of each name, with other parameters for each device. */
function sample(salt: number): Workload[] {
  return [...Map.groupBy(small, ({ name }) => name).values()].map((group) => group[salt % group.length]!);
}

/** Whether the policy's driver takes such a device. */
function suits(policy: Policy, { gpuMemory, source }: Profile): boolean {
  if (isVirtio(policy)) return source.bars.every(({ barIdx }) => barIdx !== 0);
  return gpuMemory !== undefined || !NEEDS_GPU_MEMORY.includes(policy);
}

const devices = PROFILES.flatMap((profile) =>
  POLICIES.filter((policy) => suits(policy, profile)).map((policy) => ({ name: profile.name, policy })),
);

describe.each(devices)('$name under policy $policy', ({ name, policy }) => {
  const spec = specFromFlags({ device: name, policy });

  test('wasm and ts give the same answer, or refuse alike', () => {
    const outcome = (one: Workload, implementation: Implementation) => {
      try {
        return answerOf(one, spec, implementation);
      } catch (error) {
        if (error instanceof UnsuitableDevice) return error.message;
        throw error;
      }
    };
    const answers = sample(
      devices.findIndex((device) => device.name === name && device.policy === policy),
    ).map((one) => {
      const answer = outcome(one, 'wasm');
      expect(outcome(one, 'ts'), `${one.name} ${JSON.stringify(one.params)}`).toBe(answer);
      return answer;
    });
    // A function with little memory has registers to measure, and little else.
    const hasMemory = spec.regions.some(({ memlengthBytes }) => memlengthBytes >= 2n ** 20n);
    const given = answers.filter((answer) => /^[0-9a-f]{8}$/.test(answer));
    expect(given.length).toBeGreaterThanOrEqual(hasMemory ? 12 : 6);
  });
});

describe('an answer', () => {
  test('stays the same from the second pass on', () => {
    for (const one of sample(1)) {
      const prepared = prepareWorkload(one, gpu, 'ts');
      const answer = secondAnswer(prepared);
      expect(prepared.answer(), one.name).toBe(answer);
    }
  });

  test('depends on the seed', () => {
    for (const one of sample(0).filter(({ name }) => !/^(noop|guest-boot|bar-size)/.test(name))) {
      expect(answerOf({ ...one, seed: one.seed + 1 }, gpu, 'ts'), one.name).not.toBe(
        answerOf(one, gpu, 'ts'),
      );
    }
  });

  test('of direct accesses is that of emulated ones', () => {
    const emulated = workload('region-copy', { sizeBytes: 64 });
    expect(answerOf(workload('region-direct', { operation: 'copy', sizeBytes: 64 }), gpu, 'wasm')).toBe(
      answerOf(emulated, gpu, 'wasm'),
    );
  });
});

describe('a broken model gives another answer', () => {
  /** The answers of a sound device and of one that `damage` was done to. */
  function twoAnswers(one: Workload, damage: (prepared: PreparedWorkload) => void): [string, string] {
    const damaged = prepareWorkload(one, gpu, 'ts');
    damage(damaged);
    return [answerOf(one, gpu, 'ts'), secondAnswer(damaged)];
  }

  test('one bit of a register is wrong', () => {
    const [sound, broken] = twoAnswers(workload('config-read/batch', { mix: 'header' }), ({ device }) => {
      device.memory.u8[device.placement.stateBlock + layout.CONFIG_VALUE + 0x2e]! ^= 1;
    });
    expect(broken).not.toBe(sound);
  });

  test('a writable bit of the BAR of usemem is not', () => {
    const one = workload('config-write/batch', { mix: 'bars', widthBytes: 4 });
    const [sound, broken] = twoAnswers(one, ({ device }) => {
      const writable = device.placement.stateBlock + layout.CONFIG_WRITABLE + layout.USEMEM_BAR_OFFSET;
      device.memory.u8.fill(0, writable, writable + 8);
      device.memory.u8.fill(0, writable + 4 - layout.CONFIG_WRITABLE, writable + 8 - layout.CONFIG_WRITABLE);
    });
    expect(broken).not.toBe(sound);
  });

  test('a bulk read delivers one wrong byte in the middle, which no checksum of the loop sees', () => {
    const [sound, broken] = twoAnswers(workload('region-read/batch', { sizeBytes: 4096 }), ({ device }) => {
      const { model, memory } = device;
      const runBatch = model.runBatch.bind(model);
      model.runBatch = (accesses, count, buffer, checksum) => {
        const result = runBatch(accesses, count, buffer, checksum);
        memory.u8[buffer + 2000]! ^= 1;
        return result;
      };
    });
    expect(broken).not.toBe(sound);
  });

  test('a copy misses its last byte', () => {
    const [sound, broken] = twoAnswers(workload('region-copy', { sizeBytes: 4096 }), (prepared) => {
      const { view } = prepared.device.memory;
      for (let i = 0; i < prepared.accessCount; i += 2) {
        const count = prepared.accesses + i * layout.ACCESS_BYTES + layout.ACCESS_VALUE;
        view.setUint32(count, view.getUint32(count, true) - 1, true);
      }
    });
    expect(broken).not.toBe(sound);
  });
});

describe('alignment', () => {
  /** Addresses in linear memory that one pass reads from and writes to, modulo 64. */
  function alignments(one: Workload, draw: number | null) {
    const prepared = prepareWorkload(one, gpu, 'ts', draw === null ? {} : { layout: new Random(draw) });
    const { device, accesses, accessCount, bufferAddress } = prepared;
    const region = workingRegion(gpu, 0);
    const isDirect = one.name === 'region-direct';
    const operation = String(one.params.operation ?? /^region-(\w+)/.exec(one.name)![1]);
    const source = new Set<number>();
    const destination = new Set<number>();
    for (let i = 0; i < accessCount; i++) {
      const at = accesses + i * layout.ACCESS_BYTES;
      const low = device.memory.view.getUint32(at + layout.ACCESS_OFFSET_LOW, true);
      const onDevice = (isDirect ? low : linearAddress(device, region, low)) % 64;
      const isSource = operation === 'read' || (operation === 'copy' && i % 2 === 1);
      (isSource ? source : destination).add(onDevice);
    }
    if (operation === 'read') destination.add(bufferAddress % 64);
    if (operation === 'write') source.add(bufferAddress % 64);
    return { source, destination };
  }

  const moving = small.filter(
    ({ name, params }) =>
      name.startsWith('region-') &&
      name !== 'region-io' &&
      Number(params.sizeBytes) >= 64 &&
      !params.position &&
      !params.backing,
  );

  test.each([
    ['closest together', null],
    ['drawn', 1],
    ['drawn anew', 2],
  ])('is what the parameters say, on both sides of every transfer, in a layout %s', (_, draw) => {
    expect(moving.length).toBeGreaterThan(20);
    for (const one of moving) {
      const { source, destination } = alignments(one, draw);
      const { srcOffsetBytes, dstOffsetBytes } = one.params;
      const label = `${one.name} ${JSON.stringify(one.params)}`;
      expect([...destination], label).toEqual([dstOffsetBytes]);
      expect([...source], label).toEqual(srcOffsetBytes === undefined ? [] : [srcOffsetBytes]);
    }
  });
});

describe('an access across memlength', () => {
  test('starts half its size below it', () => {
    const one = workload('region-read/batch', { position: 'memlength' });
    const { device, accesses } = prepareWorkload(one, gpu, 'ts');
    const { view } = device.memory;
    const offset = view.getBigUint64(accesses + layout.ACCESS_OFFSET_LOW, true);
    expect(offset).toBe(workingRegion(gpu, 0).memlengthBytes - 2048n);
  });
});

describe('UnsuitableDevice', () => {
  const refusal = (one: Workload, spec: DeviceSpec, implementation: Implementation = 'ts') => {
    try {
      prepareWorkload(one, spec, implementation);
    } catch (error) {
      if (error instanceof UnsuitableDevice) return error.message;
      throw error;
    }
    return null;
  };
  const generic = specFromFlags({ device: 'generic-type0' });

  test('says what the device lacks', () => {
    expect(refusal(workload('config-read/batch', { mix: 'capabilities' }), generic)).toBe(
      'generic-type0 has no capabilities',
    );
    const without = { ...generic, regions: [] };
    expect(refusal(workload('region-copy'), without)).toMatch(/^generic-type0 has no memory region of /);
    const large = all.find(({ params }) => params.sizeBytes === 64 * 2 ** 20)!;
    const tiny = {
      ...generic,
      regions: generic.regions.filter(({ barSizeBytes }) => barSizeBytes < 2 ** 20),
    };
    expect(refusal(large, tiny)).toContain('region of ');
  });

  test('noop has no registers for the library to read', () => {
    const one = workload('config-read/call', { path: 'library' });
    expect(refusal(one, gpu, 'noop')).toContain('path library reads registers itself');
    expect(refusal(one, gpu, 'wasm')).toBeNull();
  });
});

describe('first touches', () => {
  const first = all.find(({ params }) => params.touch === 'first')!;

  test('find every page untouched in every pass', () => {
    const { device, beforePass, accesses, accessCount, bufferAddress } = prepareWorkload(first, gpu, 'ts');
    const framesLeft = () =>
      device.memory.view.getUint32(device.placement.stateBlock + layout.FRAME_BYTES_LEFT, true);
    const whole = framesLeft();
    for (let pass = 0; pass < 2; pass++) {
      beforePass!();
      expect(framesLeft()).toBe(whole);
      device.model.runBatch(accesses, accessCount, bufferAddress, 0);
      expect(whole - framesLeft()).toBe(first.params.footprintBytes);
    }
  });
});
