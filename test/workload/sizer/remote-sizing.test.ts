import { describe, expect, test } from 'vitest';
import { deviceSpec } from '../../../src/device/device-spec.ts';
import { findProfile } from '../../../src/device/profiles.ts';
import type { Policy } from '../../../src/types.ts';
import { type ConfigPort, devicePort } from '../../../src/workload/sizer/config-port.ts';
import { deviceToSize, recordSizing, sizedFunction } from '../../../src/workload/sizer/record-sizing.ts';
import { type RemoteConfigPort, recordRemoteSizing } from '../../../src/workload/sizer/remote-sizing.ts';
import { SIZERS } from '../../../src/workload/sizer/sizers.ts';
import { type Sizer, SizingBuilder } from '../../../src/workload/sizer/sizing.ts';

function deviceOf(profile: string, policy: Policy) {
  const { source, name, gpuMemory } = findProfile(profile)!;
  return deviceToSize(deviceSpec(source, { name, policy, gpuMemory }), 'ts');
}

function later(port: ConfigPort): RemoteConfigPort {
  return {
    read: async (offset, width) => port.read(offset, width),
    write: async (offset, width, value) => port.write(offset, width, value),
  };
}

const FN = { headerType: 0, regionBytes: [] };

describe.each(SIZERS.map((sizer) => [sizer.name, sizer] as const))('%s', (_, sizer) => {
  test.each([
    ['gh200-120gb', 'nvgrace'],
    ['gh200-no-bar2', 'passthrough'],
    ['generic-type0', 'strict'],
  ] as const)('makes the same accesses on %s under %s, and concludes the same', async (profile, policy) => {
    const device = deviceOf(profile, policy);
    const remote = later(devicePort(deviceOf(profile, policy).model));
    const fn = sizedFunction(device.spec);
    expect(await recordRemoteSizing(remote, fn, sizer)).toEqual(recordSizing(device, sizer));
  });
});

test('what the port throws ends it', async () => {
  const gone = new Error('gone');
  const port = { read: () => Promise.reject(gone), write: () => Promise.resolve() };
  await expect(recordRemoteSizing(port, FN, SIZERS[0]!)).rejects.toBe(gone);
});

test('a sizer that does not repeat itself is found out', async () => {
  let offset = 0;
  const wandering: Sizer = {
    name: 'wandering',
    summary: '',
    headerTypes: [0],
    size: (port) => {
      offset += 4;
      port.read(offset, 4);
      return new SizingBuilder();
    },
  };
  const port = { read: async () => 0, write: async () => {} };
  await expect(recordRemoteSizing(port, FN, wandering)).rejects.toThrow(
    'a sizer does not repeat itself: read of 4 bytes at 0x4, then read of 4 bytes at 0x8',
  );
});
