/** The matrix of policies, consumers and devices: every cell against a model that shares no code with it. */

import { describe, expect, test } from 'vitest';
import { deviceSpec } from '../../../src/device/device-spec.ts';
import { PROFILES } from '../../../src/device/profiles.ts';
import type { Bar } from '../../../src/pci/function.ts';
import { IMPLEMENTATIONS, POLICIES, type Policy } from '../../../src/types.ts';
import { presentedBars } from '../../../src/workload/sizer/presented-bars.ts';
import { deviceToSize, recordSizing } from '../../../src/workload/sizer/record-sizing.ts';
import { SIZERS } from '../../../src/workload/sizer/sizers.ts';
import { wrongBars } from '../../../src/workload/sizer/wrong-bars.ts';
import { type ModelBar, type ModelDevice, modelSizing, modelTruth } from './model.ts';

/** `noop` answers nothing. */
const ANSWERING = IMPLEMENTATIONS.filter((implementation) => implementation !== 'noop');

const MIB = 2n ** 20n;
const GIB = 2n ** 30n;

function bar(barIdx: number, kind: Bar['kind'], prefetchable: boolean, sizeBytes: bigint, address = 0n): Bar {
  return { barIdx, kind, prefetchable, address, sizeBytes, sizeSource: 'profile' };
}

/** Physical BARs in the place of a profile's own; null leaves them. */
const LAYOUTS: readonly (readonly [name: string, bars: readonly Bar[] | null])[] = [
  ['its own BARs', null],
  ['no BAR', []],
  ['BAR 0 alone', [bar(0, 'mem64', true, 16n * MIB)]],
  ['a BAR 2 that is too small', [bar(0, 'mem64', true, 16n * MIB), bar(2, 'mem64', true, 64n * GIB)]],
  ['a BAR 2 that is not prefetchable', [bar(2, 'mem64', false, 128n * GIB, 0x662000000000n)]],
  ['a BAR 2 of 32 bits', [bar(2, 'mem32', false, 16n * MIB, 0xdb000000n), bar(3, 'mem32', true, MIB)]],
  ['a BAR 2 of I/O', [bar(2, 'io', false, 64n, 0xe040n)]],
  // As on an A100: the pairs lie across those that nvgrace emulates.
  [
    '64-bit BARs at 1 and 3',
    [bar(0, 'mem32', false, 16n * MIB), bar(1, 'mem64', true, 128n * GIB), bar(3, 'mem64', true, 32n * MIB)],
  ],
  [
    'six small BARs',
    [0, 1, 2, 3, 4, 5].map((barIdx) => bar(barIdx, barIdx % 2 ? 'io' : 'mem32', false, 256n)),
  ],
  [
    'addresses at the top',
    [
      bar(0, 'mem32', false, 16n * MIB, 0xff000000n),
      bar(2, 'mem64', true, 128n * GIB, 2n ** 64n - 128n * GIB),
    ],
  ],
];

const ROMS = [0n, 2048n, 65536n];

const GPU_POLICIES: readonly Policy[] = ['nvgrace', 'passthrough', 'v13'];

/** v13's two registers change each other when a neighbour's pair lies across them: the model has no time in it. */
function isModelled(policy: Policy, bars: readonly Bar[]): boolean {
  return policy !== 'v13' || !bars.some(({ barIdx, kind }) => kind === 'mem64' && barIdx % 2 === 1);
}

function exists(policy: Policy, bars: readonly Bar[], gpuBytes: bigint): boolean {
  if (GPU_POLICIES.includes(policy)) return gpuBytes > 0n;
  return !policy.startsWith('virtio') || !bars.some(({ barIdx }) => barIdx === 0);
}

const plain = ({ barIdx, kind, prefetchable, sizeBytes }: ModelBar): ModelBar => ({
  barIdx,
  kind,
  // Linux calls every ROM prefetchable; nobody else asks.
  prefetchable: kind !== 'rom' && prefetchable,
  sizeBytes,
});

const sameBar = (a: ModelBar, b: ModelBar | undefined) =>
  b !== undefined && a.kind === b.kind && a.sizeBytes === b.sizeBytes && a.prefetchable === b.prefetchable;

/** Indexes of BARs that are missing, too many, or not as they are. */
function modelWrong(truth: readonly ModelBar[], concluded: readonly ModelBar[]): number[] {
  const at = (bars: readonly ModelBar[], barIdx: number) =>
    bars.find((candidate) => candidate.barIdx === barIdx);
  const indexes = [0, 1, 2, 3, 4, 5, 6].filter((barIdx) => at(truth, barIdx) || at(concluded, barIdx));
  return indexes.filter((barIdx) => {
    const [right, found] = [at(truth, barIdx), at(concluded, barIdx)];
    return right === undefined || !sameBar(right, found);
  });
}

describe.each(PROFILES)('$name', (profile) => {
  describe.each(LAYOUTS)('with %s', (_, layout) => {
    const bars = layout ?? profile.source.bars;
    const gpuBytes = profile.gpuMemory?.sizeBytes ?? 0n;
    const policies = POLICIES.filter((policy) => exists(policy, bars, gpuBytes) && isModelled(policy, bars));

    test.each(policies)('under %s: every consumer concludes what the model says', (policy) => {
      for (const romBytes of ROMS) {
        const rom =
          romBytes === 0n
            ? null
            : ({ address: 0n, sizeBytes: romBytes, enabled: false, sizeSource: 'profile' } as const);
        const source = { ...profile.source, bars, rom };
        const { name, gpuMemory, virtualFunction } = profile;
        const spec = deviceSpec(source, { name, policy, gpuMemory, virtualFunction });
        // Grace Blackwell parts have no carve-out.
        const model: ModelDevice = { bars, romBytes, gpuBytes, carveOut: !name.startsWith('gb') };
        const truth = modelTruth(policy, model);
        const presented = presentedBars(source, spec);
        expect(presented.map(plain)).toEqual(truth.map(plain));
        for (const sizer of SIZERS) {
          const expected = modelSizing(policy, model, sizer.name);
          for (const implementation of ANSWERING) {
            const { sizing } = recordSizing(deviceToSize(spec, implementation), sizer);
            const cell = `${sizer.name} on ${implementation}, ROM ${romBytes}`;
            expect(sizing.failure, cell).toBe(null);
            expect(sizing.bars.map(plain), cell).toEqual(expected.map(plain));
            const wrong = wrongBars(presented, sizing.bars).map(({ barIdx }) => barIdx);
            expect(wrong, cell).toEqual(modelWrong(truth.map(plain), expected.map(plain)));
          }
        }
      }
    });
  });
});

/** Cells that the story is told with, by hand. */
test.each([
  ['gh200-120gb', 'passthrough', 'qemu', []],
  ['gh200-no-bar2', 'passthrough', 'qemu', ['2 gone']],
  ['gh200-no-bar2', 'passthrough', 'linux', ['2 gone']],
  ['gh200-no-bar2', 'nvgrace', 'cloud-hypervisor', []],
  ['gb200', 'passthrough', 'cloud-hypervisor', ['2 128 GiB']],
  ['gb200', 'passthrough', 'qemu', []],
  ['virtio-net-vf', 'virtio-flags', 'linux', ['0 gone']],
  ['virtio-net-vf', 'virtio-flags', 'qemu', []],
  ['virtio-net-vf', 'virtio', 'seabios', []],
] as const)('%s under %s as %s sees it: %j', (device, policy, sizerName, expected) => {
  const { source, gpuMemory, virtualFunction, name } = PROFILES.find((profile) => profile.name === device)!;
  const spec = deviceSpec(source, { name, policy, gpuMemory, virtualFunction });
  const sizer = SIZERS.find((candidate) => candidate.name === sizerName)!;
  const { sizing } = recordSizing(deviceToSize(spec, 'wasm'), sizer);
  const wrong = wrongBars(presentedBars(source, spec), sizing.bars);
  expect(wrong.map(({ barIdx, what }) => `${barIdx} ${what}`)).toEqual(expected);
});
