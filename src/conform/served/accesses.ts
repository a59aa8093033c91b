/** Reads of regions (specification 2.2, 8.2): widths agree, bounds hold, and nothing is answered that is not there. */
import { readWord } from '../../pci/config-bytes.ts';
import { hex } from '../../pci/quoted.ts';
import {
  PCI_COMMAND,
  PCI_COMMAND_IO,
  PCI_COMMAND_MEMORY,
  PCI_STD_HEADER_SIZEOF,
} from '../../pci/registers.ts';
import { RefusedRequest, type VfioUserClient } from '../../vfio-user/client.ts';
import { VFIO_PCI_CONFIG_REGION_INDEX } from '../../vfio-user/constants.ts';
import { type Check, type CheckedBar, type CheckedFunction, hexText, unlessEmpty } from './check.ts';

const WIDTHS = [1, 2, 4] as const;

interface Place {
  readonly region: number;
  readonly offset: bigint;
  readonly count: number;
}

export const ACCESS_CHECKS: readonly Check[] = [
  {
    id: '2.2 reads of 1, 2 and 4 bytes agree in the header',
    needs: 'reads',
    run: async ({ client }) => {
      const [bytes, words, dwords] = await Promise.all(WIDTHS.map((width) => headerBy(client, width)));
      const differing = [...dwords!.keys()].filter((at) => {
        return bytes![at] !== dwords![at] || words![at] !== dwords![at];
      });
      return unlessEmpty(
        'the same bytes',
        differing.map((at) => {
          const [one, two, four] = [bytes!, words!, dwords!].map((read) => hex(read[at]!, 2));
          return `at ${hex(at, 2)} ${one} by bytes, ${two} by words, ${four} by dwords`;
        }),
      );
    },
  },
  {
    id: '8.2 a read of no bytes is answered with none',
    needs: 'reads',
    run: async ({ client }) => {
      await client.read(VFIO_PCI_CONFIG_REGION_INDEX, 0n, 0);
      return null;
    },
  },
  refusing('8.2 a read past the configuration region is an error', ({ regions }) => {
    const { sizeBytes } = regions[VFIO_PCI_CONFIG_REGION_INDEX]!;
    return [{ region: VFIO_PCI_CONFIG_REGION_INDEX, offset: sizeBytes, count: 4 }];
  }),
  refusing('8.2 a read across the end of the configuration region is an error', ({ regions }) => {
    const { sizeBytes } = regions[VFIO_PCI_CONFIG_REGION_INDEX]!;
    return acrossEnd(VFIO_PCI_CONFIG_REGION_INDEX, sizeBytes);
  }),
  refusing('8.2 a read of a region past the last one is an error', ({ info }) => [
    { region: info.regionCount, offset: 0n, count: 4 },
  ]),
  refusing('8.2 a read of a region without a size is an error', ({ regions }) =>
    regions.flatMap(({ sizeBytes }, region) => (sizeBytes === 0n ? [{ region, offset: 0n, count: 4 }] : [])),
  ),
  {
    id: '8.2 the last byte of each BAR can be read',
    needs: 'reads',
    run: async (subject) => {
      const bars = decodedBars(subject);
      if (bars.length === 0) return { reason: 'COMMAND has decoding off, or there is no BAR' };
      for (const { barIdx, sizeBytes } of bars) await subject.client.read(barIdx, sizeBytes - 1n, 1);
      return null;
    },
  },
  refusing('8.2 a read past a BAR is an error', ({ bars }) =>
    bars.map(({ barIdx, sizeBytes }) => ({ region: barIdx, offset: sizeBytes, count: 4 })),
  ),
  refusing('8.2 a read across the end of a BAR is an error', ({ bars }) =>
    bars.flatMap(({ barIdx, sizeBytes }) => acrossEnd(barIdx, sizeBytes)),
  ),
];

/** Half of it behind the end. A region of fewer bytes than are before it has no such place. */
function acrossEnd(region: number, sizeBytes: bigint): Place[] {
  return sizeBytes < 2n ? [] : [{ region, offset: sizeBytes - 2n, count: 4 }];
}

/** The standard header, read in pieces of one width, all on their way at once. */
async function headerBy(client: VfioUserClient, width: number): Promise<Uint8Array> {
  const offsets = Array.from({ length: PCI_STD_HEADER_SIZEOF / width }, (_, i) => i * width);
  const pieces = await Promise.all(
    offsets.map((offset) => client.read(VFIO_PCI_CONFIG_REGION_INDEX, BigInt(offset), width)),
  );
  return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
}

/** BARs that answer: those whose space COMMAND has enabled. */
function decodedBars({ bars, configBytes }: CheckedFunction): readonly CheckedBar[] {
  const command = readWord(configBytes, PCI_COMMAND);
  return bars.filter(({ kind }) => (command & (kind === 'io' ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY)) !== 0);
}

/** A check that each of those reads is refused. */
function refusing(id: string, placesOf: (subject: CheckedFunction) => readonly Place[]): Check {
  return {
    id,
    needs: 'reads',
    run: async (subject) => {
      const places = placesOf(subject);
      if (places.length === 0) return { reason: 'there is no such region' };
      const answered: string[] = [];
      for (const { region, offset, count } of places) {
        if (await isAnswered(subject.client, { region, offset, count })) {
          answered.push(`${count} bytes of region ${region} at ${hexText(offset)}`);
        }
      }
      return unlessEmpty('an error', answered);
    },
  };
}

async function isAnswered(client: VfioUserClient, { region, offset, count }: Place): Promise<boolean> {
  try {
    await client.read(region, offset, count);
    return true;
  } catch (error) {
    if (error instanceof RefusedRequest) return false;
    throw error;
  }
}
