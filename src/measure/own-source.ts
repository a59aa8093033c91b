import { registerHooks } from 'node:module';

/** Marks a module, and what it imports of `OWNED`, as one of many loads of the same file. */
const MARK = /\?arm=\d+$/;

/** Folders of what an arm spends its time in. They hold no state of the process, so that any number may be loaded. */
const OWNED = ['/device/ts/', '/device/noop/'];

/**
 * What is to be loaded for `url`, which the module at `parentUrl` asks for: a load that is marked hands its mark
 * on to the owned modules that it imports. URLs or paths.
 */
export function ownedUrl(url: string, parentUrl: string | undefined): string {
  const mark = MARK.exec(parentUrl ?? '');
  return mark && !url.includes('?') && OWNED.some((folder) => url.includes(folder)) ? url + mark[0] : url;
}

let loads = 0;

/**
 * Loads a module, and the owned ones that it imports, with source text of its own: functions made from one source
 * text share V8's type feedback, and an arm would pay for what another has seen.
 * @param path below src/, without its extension
 */
export async function loadAnew(path: string): Promise<unknown> {
  if (loads === 0) registerHooks({ resolve: resolveOwned });
  // Built as .js, tested as .ts: all files have the extension of this one.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const url = new URL(`../${path}.${extension}?arm=${loads++}`, import.meta.url);
  return import(url.href);
}

function resolveOwned(
  specifier: string,
  context: { readonly parentURL: string | undefined },
  nextResolve: (specifier: string) => { readonly url: string },
) {
  const resolved = nextResolve(specifier);
  const url = ownedUrl(resolved.url, context.parentURL);
  return url === resolved.url ? resolved : { ...resolved, url };
}
