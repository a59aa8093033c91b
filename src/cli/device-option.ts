import { oneOf } from '../device/device-flags.ts';
import { IMPLEMENTATIONS, type Implementation } from '../types.ts';

/** @throws UsageError for a name that is none of the implementations */
export function parseImplementations(list: string): Implementation[] {
  return namesOf(list, IMPLEMENTATIONS, '--impl');
}

/** Names of a list with commas between, each once; all that are allowed where nothing was given. */
export function namesOf<T extends string>(
  list: string | undefined,
  allowed: readonly T[],
  option: string,
): T[] {
  if (list === undefined) return [...allowed];
  return [...new Set(list.split(',').map((name) => oneOf(option, name.trim(), allowed)))];
}
