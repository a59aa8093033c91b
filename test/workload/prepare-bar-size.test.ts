import { describe, expect, test } from 'vitest';
import { OP_CONFIG_READ, OP_CONFIG_WRITE } from '../../assembly/layout.ts';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { UnsuitableDevice } from '../../src/workload/prepared.ts';
import type { Workload } from '../../src/workload/scenario.ts';
import { SIZER_NAMES } from '../../src/workload/sizer/sizers.ts';

const spec = specFromFlags({ device: 'gh200-120gb' });
const workload = (name: string, params: Workload['params'] = {}): Workload => {
  return { name: `bar-size/${name}`, params, group: 'bar-size', seed: 51, checksums: {} };
};

/** Fields of the packed accesses of one sizing: operation, width, offset, value. */
function firstSizing(name: string, count: number): number[][] {
  const { device, accesses } = prepareWorkload(workload(name), spec, 'ts');
  return Array.from({ length: count }, (_, i) => {
    const [control, offset, , value] = device.memory.i32.subarray((accesses >> 2) + 4 * i).slice(0, 4);
    return [control! & 0xff, (control! >>> 16) & 0xff, offset!, value! >>> 0];
  });
}

describe('bar-size', () => {
  test('replays what the consumer does, one sizing after the other', () => {
    const prepared = prepareWorkload(workload('linux'), spec, 'ts');
    // Command read, cleared and restored; six dwords and the ROM probed with four accesses each; six dwords and
    // the ROM read again (specification 6.1).
    expect(prepared.accessCount).toBe(prepared.operations * (3 + 4 * 7 + 7));
    expect(firstSizing('linux', 5)).toEqual([
      [OP_CONFIG_READ, 2, 0x04, 0],
      [OP_CONFIG_WRITE, 2, 0x04, 0x0004],
      [OP_CONFIG_READ, 4, 0x10, 0],
      [OP_CONFIG_WRITE, 4, 0x10, 0xffff_ffff],
      [OP_CONFIG_READ, 4, 0x10, 0],
    ]);
  });

  test.each(SIZER_NAMES)('%s: the second pass gives what every later one gives', (name) => {
    for (const implementation of ['wasm', 'ts'] as const) {
      const prepared = prepareWorkload(workload(name), spec, implementation);
      prepared.answer();
      expect(prepared.answer()).toBe(prepared.answer());
    }
  });

  test.each(['wasm', 'ts'] as const)(
    'on %s is asked for the tier of the loop that mixes kinds',
    (implementation) => {
      const { model } = prepareWorkload(workload('linux'), spec, implementation).device;
      const [read, write] = [OP_CONFIG_READ | (4 << 16), OP_CONFIG_WRITE | (4 << 16)];
      const mixed = model.codeOf([read, write]);
      expect(mixed).toHaveLength(1);
      expect(mixed).not.toEqual(model.codeOf([read]));
      expect(model.codeOf([read])).toHaveLength(1);
    },
  );

  test('sizes under the policy that it names', () => {
    const { device } = prepareWorkload(workload('linux', { policy: 'core' }), spec, 'ts');
    expect(device.spec.policy).toBe('core');
    expect(device.spec.bars).toEqual(spec.bars);
  });

  test('is not for a device that the policy or the consumer does not go with', () => {
    const generic = specFromFlags({ device: 'generic-type0' });
    expect(() => prepareWorkload(workload('linux', { policy: 'nvgrace' }), generic, 'ts')).toThrow(
      UnsuitableDevice,
    );
    const bridge = { ...spec, configBytes: spec.configBytes.map((byte, i) => (i === 0x0e ? 1 : byte)) };
    expect(() => prepareWorkload(workload('qemu'), bridge, 'ts')).toThrow('header type 1');
  });
});
