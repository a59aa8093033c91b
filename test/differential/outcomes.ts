/** What random accesses must have met: each rule of each kind of region, seen from its return value. */

import type { RandomAccess } from './random-access.ts';
import type { RandomDevice } from './random-device.ts';

const ERRNOS: Readonly<Record<number, string>> = {
  5: 'EIO',
  12: 'ENOMEM',
  14: 'EFAULT',
  22: 'EINVAL',
  62: 'ETIME',
};

export const EXPECTED_OUTCOMES: readonly string[] = [
  ...['done', 'short', 'EINVAL', 'ENOMEM', 'EIO', 'ETIME'].flatMap((outcome) => [
    `memory write: ${outcome}`,
    `uncached write: ${outcome}`,
  ]),
  ...['done', 'short', 'EINVAL', 'EIO', 'ETIME'].flatMap((outcome) => [
    `memory read: ${outcome}`,
    `uncached read: ${outcome}`,
  ]),
  ...['done', 'short', 'EINVAL', 'EIO'].flatMap((outcome) => [
    `bar read: ${outcome}`,
    `bar write: ${outcome}`,
  ]),
  ...['done', 'short', 'EINVAL'].flatMap((outcome) => [
    `io-bar read: ${outcome}`,
    `io-bar write: ${outcome}`,
  ]),
  ...['bar', 'io-bar'].flatMap((rules) => [`${rules} window: read`, `${rules} window: write`]),
  ...['bar copy: EIO', 'bar fill: EIO', 'memory copy: ETIME', 'memory fill: ETIME', 'bar write: ENOMEM'],
  ...['done', 'short', 'EINVAL'].map((outcome) => `rom read: ${outcome}`),
  ...['rom read: EIO', 'rom write: EINVAL', 'rom window: read'],
  ...['done', 'EINVAL', 'EIO'].flatMap((outcome) => [`virtio read: ${outcome}`, `virtio write: ${outcome}`]),
  ...['config read: done', 'config read: EFAULT', 'config write: done', 'config write: EFAULT'],
  ...['config write: short', 'config copy: EINVAL', 'absent read: EINVAL', 'absent read: nothing'],
];

/** The names under which an access counts. */
export function outcomesOf({ spec }: RandomDevice, access: RandomAccess, ret: number): string[] {
  if (!('region' in access)) return [];
  const region = spec.regions.find(({ regionIndex }) => regionIndex === access.region);
  const rules = region?.rules ?? (access.region === 7 ? 'config' : 'absent');
  const kind = /read|write|copy|fill/.exec(access.op)![0];
  const bytes = 'count' in access ? access.count : access.width;
  const full = ret === bytes ? 'done' : 'short';
  const outcome = ret < 0 ? ERRNOS[-ret]! : bytes === 0 ? 'nothing' : full;
  const window = region?.window;
  const meets =
    window !== undefined &&
    ret > 0 &&
    access.offset < Number(window.endBytes) &&
    access.offset + ret > Number(window.startBytes);
  return [`${rules} ${kind}: ${outcome}`, ...(meets ? [`${rules} window: ${kind}`] : [])];
}
