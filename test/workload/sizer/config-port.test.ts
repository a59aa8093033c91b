import { expect, test } from 'vitest';
import { deviceSpec } from '../../../src/device/device-spec.ts';
import { findProfile } from '../../../src/device/profiles.ts';
import { devicePort } from '../../../src/workload/sizer/config-port.ts';
import { deviceToSize } from '../../../src/workload/sizer/record-sizing.ts';

test.each(['wasm', 'ts'] as const)('what %s refuses reads as ones of the width', (implementation) => {
  const { source, name } = findProfile('generic-type0')!;
  const spec = deviceSpec(source, { name, policy: 'core' });
  const port = devicePort(deviceToSize(spec, implementation).model);
  const beyond = spec.configBytes.length;
  expect(([1, 2, 4] as const).map((width) => port.read(beyond, width))).toEqual([0xff, 0xffff, 0xffff_ffff]);
});
