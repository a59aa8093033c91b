/** `vfio-user:PATH`: a function that somebody serves, as `inspect` takes it. It is only read. */
import { type DeviceSources, fromRaw } from '../device/device-source.ts';
import { UsageError } from '../errors.ts';
import { isWholeConfig } from '../pci/header.ts';
import type { KnownRegion } from '../pci/known-regions.ts';
import { VfioUserClient } from '../vfio-user/client.ts';
import { VFIO_PCI_CONFIG_REGION_INDEX } from '../vfio-user/constants.ts';

const PREFIX = 'vfio-user:';
const MOST_CONFIG_BYTES = 4096n;
const BAR_COUNT = 6;
const FIRST_BAR = 0x10;
const ROM_REGION_INDEX = 6;

/** The sources, to which the served function is one more; as they are where the name is none of a socket. */
export async function withServed(device: string, sources: DeviceSources): Promise<DeviceSources> {
  if (!device.startsWith(PREFIX)) return sources;
  const path = device.slice(PREFIX.length);
  if (path === '') throw new UsageError(`${device}: expected the path of a socket after ${PREFIX}`);
  const client = await VfioUserClient.connect(path);
  try {
    const { sizeBytes } = await client.regionInfo(VFIO_PCI_CONFIG_REGION_INDEX);
    const count = Number(sizeBytes < MOST_CONFIG_BYTES ? sizeBytes : MOST_CONFIG_BYTES);
    const bytes = await client.read(VFIO_PCI_CONFIG_REGION_INDEX, 0n, count);
    if (!isWholeConfig(bytes)) {
      throw new UsageError(
        `${device}: its configuration region has ${count} bytes, expected 64, 256 or 4096`,
      );
    }
    const bars = await knownBars(client, bytes);
    const rom = await client.regionInfo(ROM_REGION_INDEX);
    const known = {
      source: 'vfio',
      bars,
      rom: rom.sizeBytes === 0n ? null : { sizeBytes: rom.sizeBytes },
    } as const;
    const served = fromRaw(bytes, null, device, known);
    return { ...sources, profiles: (name) => (name === device ? served : sources.profiles(name)) };
  } finally {
    client.close();
  }
}

/** Sizes are those of region info, types those of the registers: so QEMU takes them. */
async function knownBars(client: VfioUserClient, config: Uint8Array): Promise<Map<number, KnownRegion>> {
  const view = new DataView(config.buffer, config.byteOffset, config.length);
  const bars = new Map<number, KnownRegion>();
  for (let barIdx = 0; barIdx < BAR_COUNT; barIdx++) {
    const { sizeBytes } = await client.regionInfo(barIdx);
    if (sizeBytes === 0n) continue;
    const register = view.getUint32(FIRST_BAR + 4 * barIdx, true);
    const isIo = (register & 1) !== 0;
    const kind = isIo ? 'io' : (register & 6) === 4 ? 'mem64' : 'mem32';
    bars.set(barIdx, { kind, prefetchable: !isIo && (register & 8) !== 0, sizeBytes });
  }
  return bars;
}
