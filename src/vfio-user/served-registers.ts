import type { WidthBytes } from '../types.ts';
import type { VfioUserClient } from './client.ts';
import { VFIO_PCI_CONFIG_REGION_INDEX } from './constants.ts';

/** Registers of a served device's configuration space. Values are 0 to 2^32 - 1. */
export class ServedRegisters {
  private readonly client: VfioUserClient;

  constructor(client: VfioUserClient) {
    this.client = client;
  }

  async read(offset: number, width: WidthBytes): Promise<number> {
    const bytes = await this.client.read(VFIO_PCI_CONFIG_REGION_INDEX, BigInt(offset), width);
    return bytes.reduceRight((value, byte) => value * 256 + byte, 0);
  }

  async write(offset: number, width: WidthBytes, value: number): Promise<void> {
    const bytes = Uint8Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i));
    await this.client.write(VFIO_PCI_CONFIG_REGION_INDEX, BigInt(offset), bytes);
  }
}
