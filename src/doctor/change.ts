import type { Machine } from './machine.ts';

/** Says of a fix that nothing in here can do it. */
export const CANNOT = 'cannot be changed here';

/**
 * The command, which writes below /sys, or where to run it: containers have /sys mounted to be read only.
 * Source: proc(5), /proc/self/mountinfo: the fifth word is the mount point, the sixth its options.
 */
export function sysFix(readFile: Machine['readFile'], command: string): string {
  const mounts = (readFile('/proc/self/mountinfo') ?? '').split('\n').map((line) => line.split(' '));
  // Of several mounts at one place, the last is seen.
  const options = mounts.findLast(([, , , , place]) => place === '/sys')?.[5] ?? '';
  if (!options.split(',').includes('ro')) return command;
  return `${CANNOT}, where /sys may only be read; on the host: ${command}`;
}
