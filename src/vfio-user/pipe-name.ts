import { isAbsolute } from 'node:path';

/** A path that node:net takes for one, whatever it looks like: it takes `80` for a port. */
export function pipeName(path: string): string {
  return isAbsolute(path) ? path : `./${path}`;
}
