/**
 * Loading files anew. A query at the end of a module's URL makes Node load the file once more; the hook here hands it on
 * to those of its imports that are to come with it.
 */
import { registerHooks } from 'node:module';

/** A kind of load that is told from others by a query, as in `?arm=3`. */
export interface Marking {
  /** Matches the query at the end of a URL. */
  readonly mark: RegExp;
  /** Whether a file is loaded anew with who imports it. */
  readonly owns: (url: string) => boolean;
}

/** What is to be loaded for `url`, which the module at `parentUrl` asks for. URLs or paths. */
export function markedUrl(url: string, parentUrl: string | undefined, { mark, owns }: Marking): string {
  const found = mark.exec(parentUrl ?? '');
  return found && !url.includes('?') && owns(url) ? url + found[0] : url;
}

/** Has Node hand on marks of this kind from now on. */
export function handOnMarks(marking: Marking): void {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier);
      // `require` looks for a file of that very name. For `require`, Node 22.15 passes a Set where an array is documented.
      if ([...context.conditions].includes('require')) return resolved;
      const url = markedUrl(resolved.url, context.parentURL, marking);
      return url === resolved.url ? resolved : { ...resolved, url };
    },
  });
}
