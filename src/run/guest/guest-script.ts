/** What runs in the guest, and what it says: lines `GUEST <key> <values>` on the serial port. */

/** An access to a BAR of the guest's device. */
export interface GuestAccess {
  readonly barIdx: number;
  readonly offset: bigint;
  readonly widthBytes: 1 | 2 | 4 | 8;
  /** Null for a read. */
  readonly value: bigint | null;
}

export interface GuestBar {
  readonly barIdx: number;
  readonly sizeBytes: bigint;
  readonly is64Bit: boolean;
  readonly isPrefetchable: boolean;
  readonly isIo: boolean;
}

export interface GuestSaw {
  readonly bars: readonly GuestBar[];
  /** Of each read, by its number among all accesses. */
  readonly values: ReadonlyMap<number, bigint>;
  /** Whether the guest came to the end of its script. */
  readonly isComplete: boolean;
}

/** Of the only device behind the root port. */
const GUEST_ADDRESS = '0000:01:00.0';
/** PCI resource flags of Linux (include/linux/ioport.h). */
const IORESOURCE_IO = 0x100;
const IORESOURCE_PREFETCH = 0x2000;
const IORESOURCE_MEM_64 = 0x100000;
/** Of a function: six BARs, and the expansion ROM. */
const RESOURCE_COUNT = 7;

/** An `init` for busybox. */
export function guestScript(accesses: readonly GuestAccess[]): string {
  const bits = (width: number) => 8 * width;
  const lines = accesses.map(({ barIdx, offset, widthBytes, value }, i) => {
    const at = `$((B${barIdx}+${offset}))`;
    const known = `[ -n "$B${barIdx}" ] &&`;
    return value === null
      ? `${known} echo "GUEST read ${i} $(devmem ${at} ${bits(widthBytes)})"`
      : `${known} devmem ${at} ${bits(widthBytes)} 0x${value.toString(16)}`;
  });
  return `#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
D=/sys/bus/pci/devices/${GUEST_ADDRESS}
[ -e $D ] || echo GUEST missing
n=0
while read first last flags; do
  if [ $n -lt ${RESOURCE_COUNT} ] && [ $last != 0x0000000000000000 ]; then
    echo "GUEST bar $n $first $last $flags"
    eval B$n=$first
  fi
  n=$((n+1))
done < $D/resource
echo 1 > $D/enable
${lines.join('\n')}
echo GUEST end
poweroff -f
`;
}

/** What the serial port said: other lines are those of firmware and kernel. */
export function parseGuest(serial: string): GuestSaw {
  const bars: GuestBar[] = [];
  const values = new Map<number, bigint>();
  const said = [...serial.matchAll(/GUEST (bar|read|end)([^\r\n]*)/g)];
  for (const [, key, rest = ''] of said) {
    const fields = rest.trim().split(/\s+/);
    if (key === 'bar' && fields.length === 4) bars.push(barOf(fields as [string, string, string, string]));
    if (key === 'read' && /^\d+ 0x[0-9A-Fa-f]+$/.test(rest.trim()))
      values.set(Number(fields[0]), BigInt(fields[1]!));
  }
  return { bars, values, isComplete: said.some(([, key]) => key === 'end') };
}

function barOf([barIdx, first, last, flagText]: [string, string, string, string]): GuestBar {
  const flags = Number(flagText);
  return {
    barIdx: Number(barIdx),
    sizeBytes: BigInt(last) - BigInt(first) + 1n,
    is64Bit: (flags & IORESOURCE_MEM_64) !== 0,
    isPrefetchable: (flags & IORESOURCE_PREFETCH) !== 0,
    isIo: (flags & IORESOURCE_IO) !== 0,
  };
}
