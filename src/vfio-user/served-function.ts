/** What a served device tells of itself as a PCI function. */
import type { ServedRegion, VfioUserClient } from './client.ts';
import { VFIO_PCI_CONFIG_REGION_INDEX } from './constants.ts';

/** Of configuration space; what lies behind is none. */
const MOST_CONFIG_BYTES = 4096n;
const DWORD_BYTES = 4;

export interface ServedFunction {
  /** As long as the configuration region is, whatever length that may be, up to 4096. */
  readonly configBytes: Uint8Array;
  /** Regions 0 to 7: BARs, ROM, configuration space. */
  readonly regions: readonly ServedRegion[];
}

/** Asks and reads; writes nothing. */
export async function readServedFunction(client: VfioUserClient): Promise<ServedFunction> {
  const regions: ServedRegion[] = [];
  for (let index = 0; index <= VFIO_PCI_CONFIG_REGION_INDEX; index++) {
    regions.push(await client.regionInfo(index));
  }
  const { sizeBytes } = regions[VFIO_PCI_CONFIG_REGION_INDEX]!;
  const count = Number(sizeBytes < MOST_CONFIG_BYTES ? sizeBytes : MOST_CONFIG_BYTES);
  return { configBytes: await readRegisters(client, count), regions };
}

/**
 * Dword by dword, all on their way at once. Kernels read registers, and some devices emulate them for reads of registers
 * only: the nvgrace-gpu driver answers a read of all of configuration space without its emulated BARs.
 */
async function readRegisters(client: VfioUserClient, count: number): Promise<Uint8Array> {
  const offsets = Array.from({ length: Math.ceil(count / DWORD_BYTES) }, (_, i) => DWORD_BYTES * i);
  const dwords = await Promise.all(
    offsets.map((offset) => {
      const width = Math.min(DWORD_BYTES, count - offset);
      return client.read(VFIO_PCI_CONFIG_REGION_INDEX, BigInt(offset), width);
    }),
  );
  const bytes = new Uint8Array(count);
  for (const [i, dword] of dwords.entries()) bytes.set(dword, DWORD_BYTES * i);
  return bytes;
}
