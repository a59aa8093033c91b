/** Device info and region info (specification 8.1): what VFIO promises of any PCI function. */
import { RefusedRequest } from '../../vfio-user/client.ts';
import {
  VFIO_DEVICE_FLAGS_PCI,
  VFIO_PCI_CONFIG_REGION_INDEX,
  VFIO_PCI_NUM_IRQS,
  VFIO_PCI_NUM_REGIONS,
  VFIO_REGION_INFO_FLAG_READ,
  VFIO_REGION_INFO_FLAG_WRITE,
} from '../../vfio-user/constants.ts';
import { type Check, unlessEmpty } from './check.ts';

const READ_WRITE = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE;
const CONFIG_SIZES = [256n, 4096n];
const LEAST_IO_BYTES = 4n;
const MOST_IO_BYTES = 256n;
const LEAST_MEMORY_BYTES = 16n;

export const REGION_INFO_CHECKS: readonly Check[] = [
  {
    id: '8.1 device info is that of a PCI function',
    needs: 'reads',
    run: ({ info: { flags, regionCount, irqCount } }) =>
      unlessEmpty('VFIO_DEVICE_FLAGS_PCI, 9 regions or more, 5 interrupts or more', [
        ...((flags & VFIO_DEVICE_FLAGS_PCI) === 0 ? [`flags ${flags}`] : []),
        ...(regionCount < VFIO_PCI_NUM_REGIONS ? [`${regionCount} regions`] : []),
        ...(irqCount < VFIO_PCI_NUM_IRQS ? [`${irqCount} interrupts`] : []),
      ]),
  },
  {
    id: '8.1 the configuration region has 256 or 4096 bytes and can be read and written',
    needs: 'reads',
    run: ({ regions }) => {
      const { flags, sizeBytes } = regions[VFIO_PCI_CONFIG_REGION_INDEX]!;
      return unlessEmpty('256 or 4096 bytes, flags with read and write', [
        ...(CONFIG_SIZES.includes(sizeBytes) ? [] : [`${sizeBytes} bytes`]),
        ...((flags & READ_WRITE) === READ_WRITE ? [] : [`flags ${flags}`]),
      ]);
    },
  },
  {
    id: '8.1 a region can be accessed where it has a size, and has no flags where it has none',
    needs: 'reads',
    run: ({ regions }) =>
      unlessEmpty(
        'flags with read or write beside a size, flags 0 beside none',
        regions.flatMap(({ flags, sizeBytes }, index) => {
          const isRight = sizeBytes === 0n ? flags === 0 : (flags & READ_WRITE) !== 0;
          return isRight ? [] : [`region ${index} of ${sizeBytes} bytes has flags ${flags}`];
        }),
      ),
  },
  {
    id: '8.1 BAR sizes are powers of two, of I/O 4 to 256 bytes, of memory 16 or more',
    needs: 'reads',
    run: ({ bars }) =>
      unlessEmpty(
        'a power of two within those bounds for each',
        bars.flatMap(({ barIdx, kind, sizeBytes }) => {
          const least = kind === 'io' ? LEAST_IO_BYTES : LEAST_MEMORY_BYTES;
          const isTooLarge = kind === 'io' && sizeBytes > MOST_IO_BYTES;
          const isPowerOfTwo = (sizeBytes & (sizeBytes - 1n)) === 0n;
          const isRight = isPowerOfTwo && sizeBytes >= least && !isTooLarge;
          return isRight ? [] : [`BAR ${barIdx}, ${kind}: ${sizeBytes} bytes`];
        }),
      ),
  },
  {
    id: '8.1 the upper half of a 64-bit BAR is no region',
    needs: 'reads',
    run: ({ bars, regions }) =>
      unlessEmpty(
        'no size behind it',
        bars.flatMap(({ barIdx, upperOffset }) => {
          const upperBytes = upperOffset === null ? 0n : regions[barIdx + 1]!.sizeBytes;
          return upperBytes === 0n ? [] : [`region ${barIdx + 1} has ${upperBytes} bytes`];
        }),
      ),
  },
  {
    id: '8.1 there is no region past the last one',
    needs: 'reads',
    run: async ({ client, info: { regionCount } }) => {
      try {
        const { sizeBytes } = await client.regionInfo(regionCount);
        return {
          expected: `an error for region ${regionCount} of ${regionCount}`,
          actual: `${sizeBytes} bytes`,
        };
      } catch (error) {
        if (error instanceof RefusedRequest) return null;
        throw error;
      }
    },
  },
];
