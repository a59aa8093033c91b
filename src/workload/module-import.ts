import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { handOnMarks, type Marking, markedUrl } from './handed-mark.ts';

/** The files that a module imports come with it. Packages are shared, since they may hold state of the process. */
const MODULE: Marking = {
  mark: /\?module=\d+$/,
  owns: (url) => url.startsWith('file:') && !url.includes('/node_modules/'),
};

/** What is to be loaded for `url`, which the module at `parentUrl` asks for. */
export function ownUrl(url: string, parentUrl: string | undefined): string {
  return markedUrl(url, parentUrl, MODULE);
}

/** Whether a loaded file is that of a module, or one that a module imports. */
export function isOfModule(url: string): boolean {
  return MODULE.mark.test(url);
}

let loads = 0;

/**
 * Imports a file, and the files that it imports, with functions that share neither state nor V8's type feedback with
 * those of other imports: one workload must not pay for what another has seen. Packages, and scripts of CommonJS that
 * the file imports, are shared.
 */
export async function importAnew(path: string): Promise<Readonly<Record<string, unknown>>> {
  if (loads === 0) handOnMarks(MODULE);
  const real = realpathSync(path);
  // Node keeps scripts of CommonJS by their path, whatever mark they are asked for with.
  delete createRequire(import.meta.url).cache[real];
  return import(`${pathToFileURL(real).href}?module=${loads++}`);
}
