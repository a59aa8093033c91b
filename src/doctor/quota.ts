import { quoted } from '../pci/quoted.ts';
import { groupFolders, groupsAreVisible } from './cgroup.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';
import type { Machine } from './machine.ts';
import { wholeNumber } from './text.ts';

interface Quota {
  /** Cores' worth of time; Infinity for `max`. */
  readonly cores: number;
  readonly path: string;
  /** Contents of cpu.stat beside it. */
  readonly stat: string | null;
}

interface QuotaFile {
  readonly path: string;
  /** `QUOTA PERIOD` in microseconds. */
  readonly text: string;
  readonly stat: string | null;
}

const NO_QUOTA: Quota = { cores: Number.POSITIVE_INFINITY, path: '', stat: null };

/** A limit on CPU time: the kernel stops the process for the rest of each period once it is used up. */
export function quota({ readFile }: Machine): Finding {
  const files = quotaFiles(readFile);
  const odd = files.find(({ text }) => quotaOf(text) === null);
  if (odd) return unknown(`${odd.path} holds ${quoted(odd.text)}`);
  if (files.length === 0 && !groupsAreVisible(readFile, 'cpu')) return unknown('no control group is visible');
  const tightest = tightestOf(files);
  if (tightest.cores === Number.POSITIVE_INFINITY) return ok('none');
  const limit = `${Number(tightest.cores.toFixed(2))} cores`;
  const stops = throttled(tightest.stat);
  if (tightest.cores >= 2 && stops === null) return ok(limit);
  const judge = tightest.cores < 1 ? bad : warn;
  return judge(`${limit} (${tightest.path})${stops === null ? '' : `, ${stops}`}`, {
    effect: 'the kernel stops the process in the middle of samples, for tens of milliseconds',
    fix: 'docker run --cpus 2 or more, or a limit of 2 CPUs or none where the container is described',
  });
}

/** Cores' worth of time that the process may use; null where nothing limits it, or what does is not to be seen. */
export function quotaCores(readFile: Machine['readFile']): number | null {
  const { cores } = tightestOf(quotaFiles(readFile));
  return Number.isFinite(cores) ? cores : null;
}

function tightestOf(files: readonly QuotaFile[]): Quota {
  return files
    .map(({ path, text, stat }) => ({ path, stat, cores: quotaOf(text) ?? Number.POSITIVE_INFINITY }))
    .reduce((least, one) => (one.cores < least.cores ? one : least), NO_QUOTA);
}

/** How often the limit has stopped the group since it began, or null where it has not. */
function throttled(stat: string | null): string | null {
  const count = (key: string) => wholeNumber(new RegExp(`^${key} (\\d+)$`, 'm').exec(stat ?? '')?.[1]);
  const [periods, stops] = [count('nr_periods'), count('nr_throttled')];
  return periods !== null && stops ? `used up in ${stops} of ${periods} periods` : null;
}

/** Quotas of the process's control group and of those above it. */
function quotaFiles(readFile: Machine['readFile']): QuotaFile[] {
  const { v1, v2 } = groupFolders(readFile, 'cpu');
  const second = v2.map((folder) => {
    const path = `${folder}/cpu.max`;
    return { path, text: readFile(path)?.trim(), folder };
  });
  const first = v1.map((folder) => {
    const path = `${folder}/cpu.cfs_quota_us`;
    const limit = readFile(path)?.trim();
    const period = readFile(`${folder}/cpu.cfs_period_us`)?.trim();
    return { path, text: limit && `${limit === '-1' ? 'max' : limit} ${period ?? ''}`, folder };
  });
  return [...second, ...first].flatMap(({ path, text, folder }) =>
    text === undefined ? [] : [{ path, text, stat: readFile(`${folder}/cpu.stat`) }],
  );
}

function quotaOf(text: string): number | null {
  const [limit, period] = text.split(/\s+/).map((word) => (word === 'max' ? word : wholeNumber(word)));
  if (typeof period !== 'number' || period === 0) return null;
  if (limit === 'max') return Number.POSITIVE_INFINITY;
  return typeof limit === 'number' && limit > 0 ? limit / period : null;
}
