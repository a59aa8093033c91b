/** Every sizer vector of the specification, where it lies beside the repository: access log and conclusions. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { vectorDevice } from '../../../src/conform/vector-device.ts';
import { POLICIES, type Policy } from '../../../src/types.ts';
import { type ConfigAccess, devicePort, RecordingPort } from '../../../src/workload/sizer/config-port.ts';
import { parseBars } from '../../../src/workload/sizer/edk2.ts';
import { deviceToSize, sizedFunction } from '../../../src/workload/sizer/record-sizing.ts';
import { findSizer } from '../../../src/workload/sizer/sizers.ts';
import { ROM_BAR_IDX, type SizedBar, type Sizer } from '../../../src/workload/sizer/sizing.ts';
import { ANSWERING } from '../../implementations.ts';

const PATH = fileURLToPath(new URL('../../../../shared/spec/vectors.json', import.meta.url));

interface SizerVector {
  readonly id: string;
  readonly area: string;
  readonly source: string;
  readonly policy: string;
  readonly device: Record<string, unknown>;
  readonly ops: readonly { op: string; offset: string; width: number; value?: string; expect?: string }[];
  readonly result: readonly (readonly (string | boolean | null)[])[];
}

const vectors: SizerVector[] = existsSync(PATH)
  ? JSON.parse(readFileSync(PATH, 'utf8')).filter(({ area }: SizerVector) => area === 'sizer')
  : [];

/** `source` of the vectors, and what of our sizer it shows. */
const SOURCES: Readonly<Record<string, { sizer: Sizer; shows: (access: ConfigAccess) => boolean }>> = {
  'linux-6.15+': { sizer: findSizer('linux')!, shows: () => true },
  'linux-older': { sizer: findSizer('linux-older')!, shows: () => true },
  seabios: { sizer: findSizer('seabios')!, shows: () => true },
  'edk2 (BARs only)': { sizer: { ...findSizer('edk2')!, size: parseBars }, shows: () => true },
  freebsd: { sizer: findSizer('freebsd')!, shows: () => true },
  // "BAR and ROM probe accesses only".
  'u-boot': { sizer: findSizer('u-boot')!, shows: isBarOrRom },
  'cloud-hypervisor': { sizer: findSizer('cloud-hypervisor')!, shows: () => true },
};

function isBarOrRom({ offset }: ConfigAccess): boolean {
  return (offset >= 0x10 && offset < 0x28) || offset === 0x30;
}

function expectedAccesses({ ops }: SizerVector): ConfigAccess[] {
  return ops.map(({ op, offset, width, value, expect }) => ({
    kind: op === 'cfg-read' ? 'read' : 'write',
    offset: Number(offset),
    width: width as 1 | 2 | 4,
    value: Number(expect ?? value),
  }));
}

/** A conclusion in the words that the vectors share: `2 mem64p 268435456`. */
function inWords({ barIdx, kind, prefetchable, sizeBytes }: SizedBar): string {
  return `${barIdx} ${kind}${prefetchable && kind !== 'rom' ? 'p' : ''} ${sizeBytes}`;
}

const KINDS: Readonly<Record<string, string>> = {
  '32': 'mem32',
  '32p': 'mem32p',
  '64': 'mem64',
  '64p': 'mem64p',
};

/** Rows differ by sizer: index or offset, kind, a flag or two, size. Null kinds and sizes of 0 are no BARs. */
function expectedWords({ source, result }: SizerVector): string[] {
  return result
    .filter((row) => row[1] !== null && BigInt(row.at(-1) as string) !== 0n)
    .map((row) => {
      const [place, kind, flag] = row;
      const size = BigInt(row.at(-1) as string);
      const barIdx = barIdxOf(place as string);
      if (barIdx === ROM_BAR_IDX) return `6 rom ${size}`;
      if (source !== 'seabios') return `${barIdx} ${KINDS[kind as string] ?? kind} ${size}`;
      if (kind === 'io') return `${barIdx} io ${size}`;
      return `${barIdx} ${flag ? 'mem64' : 'mem32'}${kind === 'p' ? 'p' : ''} ${size}`;
    });
}

function barIdxOf(place: string): number {
  if (place === 'rom') return ROM_BAR_IDX;
  const number = Number(place);
  return number >= 0x10 ? (number - 0x10) / 4 : number;
}

/** FreeBSD's and U-Boot's rows do not say whether memory is prefetchable. */
function withoutPrefetch(words: string): string {
  return words.replace(/p (?=\d+$)/, ' ');
}

describe.skipIf(vectors.length === 0)('sizer vectors (skipped where ../shared is missing)', () => {
  test('are all of known sizers, and each sizer but QEMU and the older Linux has one', () => {
    expect(vectors.map(({ source }) => source).filter((source) => !SOURCES[source])).toEqual([]);
    const sizers = new Set(vectors.map(({ source }) => SOURCES[source]!.sizer.name));
    expect([...sizers].sort()).toEqual(['cloud-hypervisor', 'edk2', 'freebsd', 'linux', 'seabios', 'u-boot']);
  });

  const known = vectors.filter(({ policy }) => POLICIES.some((name) => name === policy));

  describe.each(known)('$id $source on $policy', (vector) => {
    const built = vectorDevice(vector.device, vector.policy as Policy, vector.id);
    if ('skipped' in built) throw new Error(`${vector.id} cannot run: ${built.skipped}`);
    const { spec } = built.variants[0]!;
    const { sizer, shows } = SOURCES[vector.source]!;

    test.each(ANSWERING)('on %s: the same accesses and the same conclusions', (implementation) => {
      const port = new RecordingPort(devicePort(deviceToSize(spec, implementation).model));
      const sizing = sizer.size(port, sizedFunction(spec));
      expect(port.accesses.filter(shows)).toEqual(expectedAccesses(vector));
      const expected = expectedWords(vector);
      const words = sizing.bars.map(inWords);
      const saysPrefetch = !['freebsd', 'u-boot'].includes(vector.source);
      expect(saysPrefetch ? words : words.map(withoutPrefetch)).toEqual(expected);
    });
  });
});
