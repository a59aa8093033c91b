import { describe, expect, test } from 'vitest';
import * as layout from '../../assembly/layout.ts';
import { specFromFlags } from '../../src/device/device-flags.ts';
import type { DeviceSpec } from '../../src/device/device-spec.ts';
import { RESMEM_REGION } from '../../src/device/region-spec.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { UnsuitableDevice } from '../../src/workload/prepared.ts';
import type { Workload } from '../../src/workload/scenario.ts';

const gpu = specFromFlags({ device: 'gh200-120gb' });

function workload(params: Workload['params']): Workload {
  return { name: 'region-io', params, group: 'region-io', seed: 61, checksums: {} };
}

/** Region and offset of each access. */
function places(
  params: Workload['params'],
  spec: DeviceSpec,
): { region: number; offset: number; count: number }[] {
  const { device, accesses, accessCount } = prepareWorkload(workload(params), spec, 'ts');
  const { view } = device.memory;
  return Array.from({ length: accessCount }, (_, i) => {
    const at = accesses + i * layout.ACCESS_BYTES;
    return {
      region: (view.getUint32(at + layout.ACCESS_CONTROL, true) >>> 8) & 0xff,
      offset: Number(view.getBigUint64(at + layout.ACCESS_OFFSET_LOW, true)),
      count: view.getUint32(at + layout.ACCESS_VALUE, true),
    };
  });
}

describe('region-io', () => {
  test.each([0, 1, 4])('reads the uncached region %i bytes off a boundary of 64', (srcOffsetBytes) => {
    const list = places({ operation: 'read', sizeBytes: 4096, srcOffsetBytes }, gpu);
    expect(new Set(list.map(({ region }) => region))).toEqual(new Set([RESMEM_REGION]));
    expect(new Set(list.map(({ offset }) => offset % 64))).toEqual(new Set([srcOffsetBytes]));
    expect(new Set(list.map(({ offset }) => offset)).size).toBeGreaterThan(20);
  });

  test('with a window, half of each transfer lies in the MSI-X table', () => {
    // The profile's MSI-X table: 6 vectors at 0xb90000 of BAR 0.
    const [first] = places({ operation: 'read', sizeBytes: 64, window: 'msix' }, gpu);
    expect(first).toEqual({ region: 0, offset: 0xb90000 - 32, count: 64 });
    const { device, bufferAddress, answer } = prepareWorkload(
      workload({ operation: 'read', sizeBytes: 64, window: 'msix' }),
      gpu,
      'wasm',
    );
    answer();
    const bytes = [...device.memory.u8.subarray(bufferAddress, bufferAddress + 64)];
    expect(bytes.slice(32)).toEqual(Array(32).fill(0xff));
    expect(bytes.slice(0, 32)).not.toEqual(Array(32).fill(0xff));
  });

  test('takes the largest BAR where nothing is uncached', () => {
    const core = specFromFlags({ device: 'gh200-120gb', policy: 'core' });
    const list = places({ operation: 'write', sizeBytes: 8, dstOffsetBytes: 0 }, core);
    expect(new Set(list.map(({ region }) => region))).toEqual(new Set([2]));
  });

  test('is not for devices without such a region, or without a window of the size', () => {
    const strict = specFromFlags({ device: 'generic-type0' });
    const on = (params: Workload['params'], spec: DeviceSpec) => () =>
      prepareWorkload(workload(params), spec, 'ts');
    expect(on({ operation: 'read', sizeBytes: 8 }, strict)).toThrow(UnsuitableDevice);
    expect(on({ operation: 'read', sizeBytes: 64, window: 'msix' }, strict)).toThrow(
      'no BAR with an exclusion window',
    );
    expect(on({ operation: 'read', sizeBytes: 4096, window: 'msix' }, gpu)).toThrow(
      'smaller than half a transfer',
    );
  });
});
