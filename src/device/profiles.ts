import { bar, configFrom, KIB, MIB, type Profile, pciFunction } from './profile.ts';
import { GRACE_PROFILES } from './profile-grace.ts';
import { VIRTIO_PROFILES } from './profile-virtio.ts';

const GENERIC_TYPE0: Profile = {
  name: 'generic-type0',
  summary: 'one BAR of each kind: I/O 32 bytes, 32-bit 64 KiB, 64-bit prefetchable 256 MiB, ROM 64 KiB',
  source: {
    ...pciFunction('generic-type0', genericConfig(), [
      bar(0, 'io', false, 0n, 32),
      bar(1, 'mem32', false, 0n, 64 * KIB),
      bar(2, 'mem64', true, 0n, 256 * MIB),
    ]),
    rom: { address: 0n, sizeBytes: BigInt(64 * KIB), enabled: false, sizeSource: 'profile' },
  },
  gpuMemory: undefined,
  policy: 'strict',
};

/** Made up, ids included. */
function genericConfig(): Uint8Array {
  return configFrom(256, [
    [0x00, 0x8086],
    [0x02, 0x8086],
    [0x0a, 0xff00], // unassigned class
  ]);
}

export const PROFILES: readonly Profile[] = [...GRACE_PROFILES, GENERIC_TYPE0, ...VIRTIO_PROFILES];

export const PROFILE_NAMES: readonly string[] = PROFILES.map((profile) => profile.name);

export function findProfile(name: string): Profile | undefined {
  return PROFILES.find((profile) => profile.name === name);
}
