/** Which of the client's memory a device may access: ranges that never overlap. */
import { EEXIST, EINVAL, ENOENT, ENOSPC } from './constants.ts';

const TWO_64 = 2n ** 64n;

export class DmaMaps {
  private readonly most: number;
  /** Sizes by address. */
  private readonly sizes = new Map<bigint, bigint>();

  constructor(most: number) {
    this.most = most;
  }

  get count(): number {
    return this.sizes.size;
  }

  /** 0, or an error number. */
  map(address: bigint, sizeBytes: bigint): number {
    if (sizeBytes === 0n || address + sizeBytes > TWO_64) return EINVAL;
    for (const [from, size] of this.sizes) {
      if (address < from + size && from < address + sizeBytes) return EEXIST;
    }
    if (this.sizes.size >= this.most) return ENOSPC;
    this.sizes.set(address, sizeBytes);
    return 0;
  }

  /** Takes back exactly what was mapped: 0, or an error number. */
  unmap(address: bigint, sizeBytes: bigint): number {
    if (this.sizes.get(address) !== sizeBytes) return ENOENT;
    this.sizes.delete(address);
    return 0;
  }

  unmapAll(): void {
    this.sizes.clear();
  }
}
