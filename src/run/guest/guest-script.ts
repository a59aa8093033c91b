/** What runs in the guest, and what it says: lines `GUEST <key> <values>` on the serial port. */

import { ROM_BAR_IDX } from '../../workload/sizer/sizing.ts';

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
  /** Whether it has an address: the bus may have no room for it. */
  readonly isAssigned: boolean;
}

export interface GuestSaw {
  readonly bars: readonly GuestBar[];
  /** Of each read, by its number among all accesses. */
  readonly values: ReadonlyMap<number, bigint>;
  /** Its configuration space as sysfs shows it; empty where there is no such device. */
  readonly config: Uint8Array;
  /** Whether the guest came to the end of its script. */
  readonly isComplete: boolean;
}

const CONFIG_LINE_BYTES = 64;
/** PCI resource flags of Linux (include/linux/ioport.h). */
const IORESOURCE_IO = 0x100;
const IORESOURCE_PREFETCH = 0x2000;
const IORESOURCE_MEM_64 = 0x100000;
/** Of a function: six BARs, and the expansion ROM. */
const RESOURCE_COUNT = 7;

/** An `init` for busybox. @param pciAddress of the device, as Linux names it */
export function guestScript(pciAddress: string, accesses: readonly GuestAccess[]): string {
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
D=/sys/bus/pci/devices/${pciAddress}
[ -e $D ] || echo GUEST missing
n=0
while read first last flags; do
  if [ $n -lt ${RESOURCE_COUNT} ] && [ $last != 0x0000000000000000 ]; then
    echo "GUEST bar $n $first $last $flags"
    eval B$n=$first
  fi
  n=$((n+1))
done < $D/resource
dmesg | sed -nE "s/^.*${pciAddress}: (.*): can't assign.*/GUEST unassigned \\1/p" | sort -u
echo 1 > $D/enable
${lines.join('\n')}
hexdump -v -e '"GUEST config " ${CONFIG_LINE_BYTES}/1 "%02x" "\\n"' $D/config
echo GUEST end
poweroff -f
`;
}

/** What the serial port said: other lines are those of firmware and kernel. */
export function parseGuest(serial: string): GuestSaw {
  const bars: GuestBar[] = [];
  const values = new Map<number, bigint>();
  let config = '';
  const said = [...serial.matchAll(/GUEST (bar|unassigned|read|config|end)([^\r\n]*)/g)];
  for (const [, key, rest = ''] of said) {
    const fields = rest.trim().split(/\s+/);
    if (key === 'bar' && fields.length === 4) bars.push(barOf(fields as [string, string, string, string]));
    if (key === 'unassigned') bars.push(...unassignedBar(rest));
    if (key === 'config' && /^ ([0-9a-f]{2})+$/.test(rest)) config += rest.trim();
    if (key === 'read' && /^\d+ 0x[0-9A-Fa-f]+$/.test(rest.trim()))
      values.set(Number(fields[0]), BigInt(fields[1]!));
  }
  const isComplete = said.some(([, key]) => key === 'end');
  return { bars, values, config: Buffer.from(config, 'hex'), isComplete };
}

function barOf([barIdx, first, last, flagText]: [string, string, string, string]): GuestBar {
  const flags = Number(flagText);
  return {
    barIdx: Number(barIdx),
    sizeBytes: BigInt(last) - BigInt(first) + 1n,
    is64Bit: (flags & IORESOURCE_MEM_64) !== 0,
    isPrefetchable: (flags & IORESOURCE_PREFETCH) !== 0,
    isIo: (flags & IORESOURCE_IO) !== 0,
    isAssigned: true,
  };
}

/** As the kernel prints a resource that has a size and no address (%pR), where it is one of a BAR. */
const UNASSIGNED = /^ (?:BAR (\d)|(ROM)) \[(io|mem) +size 0x([0-9a-f]{1,16})( 64bit)?( pref)?\]$/;

function unassignedBar(text: string): GuestBar[] {
  const match = UNASSIGNED.exec(text.trimEnd());
  if (!match) return [];
  const [, barIdx, rom, space, size, is64Bit, isPrefetchable] = match;
  return [
    {
      barIdx: rom === undefined ? Number(barIdx) : ROM_BAR_IDX,
      sizeBytes: BigInt(`0x${size}`),
      is64Bit: is64Bit !== undefined,
      isPrefetchable: isPrefetchable !== undefined,
      isIo: space === 'io',
      isAssigned: false,
    },
  ];
}
