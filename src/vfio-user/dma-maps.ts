/** Which of the client's memory a device may access: ranges that never overlap. */
import { EEXIST, EINVAL, ENOENT, ENOSPC } from './constants.ts';

const TWO_64 = 2n ** 64n;

export class DmaMaps {
  private readonly most: number;
  /** In the order of addresses. */
  private readonly ranges: { readonly address: bigint; readonly sizeBytes: bigint }[] = [];

  constructor(most: number) {
    this.most = most;
  }

  /** 0, or an error number. */
  map(address: bigint, sizeBytes: bigint): number {
    if (sizeBytes === 0n || address + sizeBytes > TWO_64) return EINVAL;
    const at = this.firstFrom(address);
    const [before, after] = [this.ranges[at - 1], this.ranges[at]];
    if (before && before.address + before.sizeBytes > address) return EEXIST;
    if (after && after.address < address + sizeBytes) return EEXIST;
    if (this.ranges.length >= this.most) return ENOSPC;
    this.ranges.splice(at, 0, { address, sizeBytes });
    return 0;
  }

  /** Takes back exactly what was mapped: 0, or an error number. */
  unmap(address: bigint, sizeBytes: bigint): number {
    const at = this.firstFrom(address);
    const found = this.ranges[at];
    if (found?.address !== address || found.sizeBytes !== sizeBytes) return ENOENT;
    this.ranges.splice(at, 1);
    return 0;
  }

  unmapAll(): void {
    this.ranges.length = 0;
  }

  /** Index of the first range at this address or behind it. */
  private firstFrom(address: bigint): number {
    let [low, high] = [0, this.ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ranges[middle]!.address < address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
