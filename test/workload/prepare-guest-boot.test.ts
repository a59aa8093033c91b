import { createReadStream, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  ACCESS_BYTES,
  OP_CONFIG_READ,
  OP_CONFIG_WRITE,
  OP_REGION_READ_BYTES,
  OP_REGION_WRITE,
} from '../../assembly/layout.ts';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { replayLog } from '../../src/replay/replay-log.ts';
import { Replayer } from '../../src/replay/replayer.ts';
import { bootAccesses, bootTracePath } from '../../src/workload/boot-trace.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { UnsuitableDevice } from '../../src/workload/prepared.ts';
import type { Workload } from '../../src/workload/scenario.ts';
import { ANSWERING } from '../implementations.ts';
import { type ServedImplementation, servedDevice } from '../vfio-user/rig.ts';

const spec = specFromFlags({ device: 'gh200-120gb' });
const workload = (params: Workload['params'] = {}): Workload => {
  return { name: 'guest-boot', params, group: 'guest-boot', seed: 61, checksums: {} };
};

describe('the recorded boot', () => {
  test.each(ANSWERING as readonly ServedImplementation[])(
    'is answered by %s as it was recorded',
    async (name) => {
      const replayer = new Replayer(servedDevice(name));
      const { counts } = await replayLog(createReadStream(bootTracePath()), [replayer], {
        ...{ name: 'boot', of: null },
        signal: new AbortController().signal,
        progress: () => {},
      });
      expect(replayer.differences).toEqual([]);
      expect(counts).toMatchObject({ reads: 203, writes: 77, resets: 1 });
      expect(counts.reads + counts.writes).toBe(bootAccesses().length);
    },
  );

  test('is text that tells of one machine only what a log of QEMU has', () => {
    const lines = readFileSync(bootTracePath(), 'utf8').trimEnd().split('\n');
    expect(lines.filter((line) => !/^(# |vfio_|barometer_read_bytes )/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.includes('/') && !line.startsWith('#'))).toEqual([
      'vfio_pci_reset_flr vfio-user FLR/VFIO_DEVICE_RESET',
    ]);
  });
});

describe('guest-boot', () => {
  test('replays the accesses of the recording in their order, and then undoes the boot', () => {
    const { device, accesses, accessCount, operations } = prepareWorkload(workload(), spec, 'ts');
    const words = device.memory.i32.subarray(accesses >> 2, (accesses + accessCount * ACCESS_BYTES) >> 2);
    const ops = Array.from({ length: accessCount }, (_, i) => words[4 * i]! & 0xff);
    const boot = bootAccesses();
    const eachBoot = accessCount / operations;
    expect([ops[0], ops[1], ops[2]]).toEqual([OP_REGION_READ_BYTES, OP_CONFIG_READ, OP_CONFIG_WRITE]);
    expect(Array.from({ length: boot.length }, (_, i) => words[4 * i + 1]! >>> 0)).toEqual(
      boot.map(({ offset }) => offset % 2 ** 32),
    );
    expect(ops.filter((op) => op === OP_REGION_WRITE)).toHaveLength(20 * operations);
    const undoing = ops.slice(boot.length, eachBoot);
    expect(undoing.length).toBeGreaterThan(0);
    expect(undoing.length).toBeLessThan(12);
    expect(new Set(undoing)).toEqual(new Set([OP_CONFIG_WRITE]));
  });

  test.each(['nvgrace', 'strict'])('under %s each boot finds the device as the first one did', (policy) => {
    for (const implementation of ANSWERING) {
      const { device, accesses, accessCount, operations, bufferAddress } = prepareWorkload(
        workload({ policy }),
        spec,
        implementation,
      );
      const eachBoot = accessCount / operations;
      const sums = Array.from({ length: operations }, (_, i) =>
        device.model.runBatch(accesses + i * eachBoot * ACCESS_BYTES, eachBoot, bufferAddress, 0),
      );
      expect(new Set(sums).size, implementation).toBe(1);
    }
  });

  test.each(['wasm', 'ts'] as const)(
    'on %s is asked for the tier of loops that a boot comes through',
    (name) => {
      const { model } = prepareWorkload(workload(), spec, name).device;
      const [read, write, region, bulk] = [
        OP_CONFIG_READ | (4 << 16),
        OP_CONFIG_WRITE | (1 << 16),
        0x10403,
        0x707,
      ];
      const code = model.codeOf([read, write, region, bulk]);
      expect(code).toHaveLength(3);
      expect(code[0]).toBe(model.codeOf([read, write])[0]);
      expect(code.slice(1)).toEqual(model.codeOf([region, bulk]));
    },
  );

  test('is for a device that has what the guest accesses', () => {
    const generic = specFromFlags({ device: 'generic-type0' });
    expect(() => prepareWorkload(workload(), generic, 'ts')).toThrow(UnsuitableDevice);
    expect(() => prepareWorkload(workload(), generic, 'ts')).toThrow(
      /accesses region 4 at 0x\w+, which generic-type0 under strict has not/,
    );
    expect(() => prepareWorkload(workload({ policy: 'v13' }), spec, 'ts')).toThrow(
      'which gh200-120gb under v13 has not',
    );
  });
});
