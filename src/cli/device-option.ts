import { oneOf } from '../device/device-flags.ts';
import { IMPLEMENTATIONS, type Implementation } from '../types.ts';

/** @throws UsageError for a name that is none of the implementations */
export function parseImplementations(list: string): Implementation[] {
  return [...new Set(list.split(',').map((name) => oneOf('--impl', name.trim(), IMPLEMENTATIONS)))];
}
