import { handOnMarks, type Marking, markedUrl } from '../workload/handed-mark.ts';

/** Folders of what an arm spends its time in. They hold no state of the process, so that any number may be loaded. */
const OWNED = ['/device/ts/', '/device/noop/'];

const OWN_SOURCE: Marking = {
  mark: /\?arm=\d+$/,
  owns: (url) => OWNED.some((folder) => url.includes(folder)),
};

/** What is to be loaded for `url`, which the module at `parentUrl` asks for. URLs or paths. */
export function ownedUrl(url: string, parentUrl: string | undefined): string {
  return markedUrl(url, parentUrl, OWN_SOURCE);
}

let loads = 0;

/**
 * Loads a module, and the owned ones that it imports, with source text of its own: functions made from one source
 * text share V8's type feedback, and an arm would pay for what another has seen.
 * @param path below src/, without its extension
 */
export async function loadAnew(path: string): Promise<unknown> {
  if (loads === 0) handOnMarks(OWN_SOURCE);
  // Built as .js, tested as .ts: all files have the extension of this one.
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const url = new URL(`../${path}.${extension}?arm=${loads++}`, import.meta.url);
  return import(url.href);
}
