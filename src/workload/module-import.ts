import { realpathSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Marks a file as one of many loads of it. */
const MARK = /\?module=\d+$/;

/**
 * What is to be loaded for `url`, which the module at `parentUrl` asks for: a load that is marked hands its mark on
 * to the files that it imports. Packages are shared, since they may hold state of the process.
 */
export function ownUrl(url: string, parentUrl: string | undefined): string {
  const mark = MARK.exec(parentUrl ?? '');
  const own = mark && url.startsWith('file:') && !url.includes('?') && !url.includes('/node_modules/');
  return own ? url + mark[0] : url;
}

let loads = 0;

/**
 * Imports a file, and the files that it imports, with functions that share neither state nor V8's type feedback with
 * those of other imports: one workload must not pay for what another has seen. Packages, and scripts of CommonJS that
 * the file imports, are shared.
 */
export async function importAnew(path: string): Promise<Readonly<Record<string, unknown>>> {
  if (loads === 0) registerHooks({ resolve: resolveOwn });
  const real = realpathSync(path);
  // Node keeps scripts of CommonJS by their path, whatever mark they are asked for with.
  delete createRequire(import.meta.url).cache[real];
  return import(`${pathToFileURL(real).href}?module=${loads++}`);
}

function resolveOwn(
  specifier: string,
  context: { readonly parentURL: string | undefined; readonly conditions: readonly string[] },
  nextResolve: (specifier: string) => { readonly url: string },
) {
  const resolved = nextResolve(specifier);
  // `require` looks for a file of that very name.
  if (context.conditions.includes('require')) return resolved;
  const url = ownUrl(resolved.url, context.parentURL);
  return url === resolved.url ? resolved : { ...resolved, url };
}
