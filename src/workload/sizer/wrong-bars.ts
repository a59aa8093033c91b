/** Where a consumer's conclusions part from what the device presents, and what follows for its user. */

import { formatSize } from '../../units.ts';
import type { Behind, PresentedBar } from './presented-bars.ts';
import type { SizedBar } from './sizing.ts';

export interface WrongBar {
  readonly barIdx: number;
  /** In few characters: `gone`, `extra`, `mem32`, `not pref`, `64 GiB`. */
  readonly what: string;
  readonly consequence: string;
}

const FOUR_GIB = 2n ** 32n;

const BEHIND: Readonly<Record<Behind, string>> = {
  physical: 'device memory',
  'gpu-memory': 'GPU memory',
  'virtio-legacy': 'legacy virtio registers',
  rom: 'option ROM',
};

/** None where the consumer is right. Whether the ROM is prefetchable, and I/O, is no question. */
export function wrongBars(expected: readonly PresentedBar[], concluded: readonly SizedBar[]): WrongBar[] {
  const wrong = expected.flatMap((bar): WrongBar[] => {
    const found = concluded.find(({ barIdx }) => barIdx === bar.barIdx);
    return found === undefined ? [gone(bar)] : differing(bar, found);
  });
  const extra = concluded
    .filter(({ barIdx }) => !expected.some((bar) => bar.barIdx === barIdx))
    .map(({ barIdx }) => ({
      barIdx,
      what: 'extra',
      consequence: 'the device presents no such BAR: address space is spent on nothing',
    }));
  return [...wrong, ...extra].sort((a, b) => a.barIdx - b.barIdx);
}

function gone({ barIdx, kind, sizeBytes, behind }: PresentedBar): WrongBar {
  const size = formatSize(sizeBytes);
  const consequences = {
    io: `no driver finds the ${size} of I/O ports${behind === 'virtio-legacy' ? ` that hold the ${BEHIND[behind]}` : ''}`,
    rom: `the ${size} of option ROM are never read: nothing boots from the device`,
    memory: `the guest never maps the ${BEHIND[behind]} behind it, a BAR of ${size}`,
  };
  const consequence = consequences[kind === 'io' || kind === 'rom' ? kind : 'memory'];
  return { barIdx, what: 'gone', consequence };
}

interface Difference {
  readonly what: string;
  readonly consequence: string;
}

/** One entry for all that is wrong with the BAR, the gravest first. */
function differing(expected: PresentedBar, found: SizedBar): WrongBar[] {
  const differences = [kindOf(expected, found), sizeOf(expected, found), prefetchOf(expected, found)];
  const wrong = differences.filter((difference) => difference !== null);
  if (wrong.length === 0) return [];
  return [
    {
      barIdx: expected.barIdx,
      what: wrong.map(({ what }) => what).join(' '),
      consequence: wrong.map(({ consequence }) => consequence).join('; '),
    },
  ];
}

function kindOf(expected: PresentedBar, found: SizedBar): Difference | null {
  if (found.kind === expected.kind) return null;
  const needs = `32-bit: needs ${formatSize(found.sizeBytes)} below 4 GiB`;
  const consequence =
    expected.kind === 'mem64' && found.kind === 'mem32'
      ? `${needs}, where there is little room or none`
      : `taken for ${found.kind}, is ${expected.kind}: its addresses are never decoded`;
  return { what: found.kind, consequence };
}

function sizeOf(expected: PresentedBar, found: SizedBar): Difference | null {
  if (found.sizeBytes === expected.sizeBytes) return null;
  const [is, asked] = [formatSize(expected.sizeBytes), formatSize(found.sizeBytes)];
  const consequence =
    found.sizeBytes < expected.sizeBytes
      ? `only ${asked} of ${is} are mapped: nothing reaches the ${BEHIND[expected.behind]} behind the rest`
      : `asks for ${asked} of addresses, of which ${is} answer`;
  return { what: asked, consequence };
}

function prefetchOf(expected: PresentedBar, found: SizedBar): Difference | null {
  const isMemory = found.kind === 'mem32' || found.kind === 'mem64';
  if (!isMemory || found.prefetchable === expected.prefetchable) return null;
  if (found.prefetchable) {
    return { what: 'pref', consequence: 'prefetchable: reads may be merged or repeated' };
  }
  const room = expected.sizeBytes < FOUR_GIB ? '' : ', and the other one ends below 4 GiB';
  return {
    what: 'not pref',
    consequence: `not prefetchable: cannot go into the prefetchable window of a bridge${room}`,
  };
}
