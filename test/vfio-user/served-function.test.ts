import { expect, test } from 'vitest';
import { VfioUserClient } from '../../src/vfio-user/client.ts';
import { readServedFunction } from '../../src/vfio-user/served-function.ts';
import { ServedRegisters } from '../../src/vfio-user/served-registers.ts';
import { servedProfile } from './rig.ts';
import { serve } from './serving.ts';

test('is read register by register: the emulated BARs of nvgrace are in it', async () => {
  await using serving = await serve(() => servedProfile('gh200-no-bar2', 'nvgrace'));
  const client = await VfioUserClient.connect(serving.path);
  const { configBytes, regions } = await readServedFunction(client);
  expect(configBytes).toHaveLength(4096);
  expect([configBytes[0x18], configBytes[0x20]]).toEqual([0x0c, 0x0c]);
  expect((await client.read(7, 0n, 4096))[0x20]).toBe(0);
  expect(regions.map(({ sizeBytes }) => sizeBytes)).toEqual([
    2n ** 24n,
    0n,
    2n ** 30n,
    0n,
    2n ** 37n,
    0n,
    0n,
    4096n,
  ]);
  expect(serving.writes).toEqual([]);
  client.close();
});

test('registers are numbers without a sign, whatever their width', async () => {
  await using serving = await serve(() => servedProfile('generic-type0', 'strict'));
  const client = await VfioUserClient.connect(serving.path);
  const registers = new ServedRegisters(client);
  await registers.write(0x14, 4, 0xffff_ffff);
  expect(await registers.read(0x14, 4)).toBe(0xffff_0000);
  await registers.write(0x16, 2, 0x8001);
  expect([await registers.read(0x16, 2), await registers.read(0x17, 1)]).toEqual([0x8001, 0x80]);
  expect(serving.writes.map(({ data }) => [...data])).toEqual([
    [255, 255, 255, 255],
    [1, 128],
  ]);
  client.close();
});
