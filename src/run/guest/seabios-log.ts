/** What SeaBIOS says of BARs that it has sized and placed (pciinit.c, `PCI: map device`). */

export interface FirmwareBar {
  readonly barIdx: number;
  readonly sizeBytes: bigint;
  readonly type: 'io' | 'mem' | 'prefmem';
}

const LINE = /map device bdf=(\S+) +bar (\d+), addr [0-9a-f]+, size ([0-9a-f]+) \[(io|mem|prefmem)\]/g;

/** Of one function. @param pciAddress as Linux names it */
export function firmwareBars(log: string, pciAddress: string): FirmwareBar[] {
  return [...log.matchAll(LINE)]
    .filter(([, bdf]) => `0000:${bdf}` === pciAddress)
    .map(([, , barIdx, size, type]) => ({
      barIdx: Number(barIdx),
      sizeBytes: BigInt(`0x${size}`),
      type: type as FirmwareBar['type'],
    }))
    .sort((a, b) => a.barIdx - b.barIdx);
}
