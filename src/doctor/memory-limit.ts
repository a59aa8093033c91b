import { quoted } from '../pci/quoted.ts';
import { groupFolders, groupsAreVisible } from './cgroup.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';
import type { Machine } from './machine.ts';
import { inMib, NEEDED_BYTES } from './memory.ts';
import { wholeNumber } from './text.ts';

/** A limit that a control group sets, and what is left of it. */
interface Limit {
  readonly path: string;
  readonly bytes: number;
  readonly freeBytes: number;
}

/** Files of a control group of either version. From `high` on the kernel stops the group to take memory back. */
const V2 = { limits: ['memory.max', 'memory.high'], used: 'memory.current', cache: 'inactive_file' };
const V1 = {
  limits: ['memory.limit_in_bytes'],
  used: 'memory.usage_in_bytes',
  cache: 'total_inactive_file',
};

/** The memory of a container: less than that of the machine, which /proc/meminfo tells of. */
export function memoryLimit({ readFile }: Machine): Finding {
  const { v1, v2 } = groupFolders(readFile, 'memory');
  const places = [
    ...v2.map((folder) => ({ folder, files: V2 })),
    ...v1.map((folder) => ({ folder, files: V1 })),
  ];
  const found: Limit[] = [];
  for (const { folder, files } of places) {
    for (const name of files.limits) {
      const path = `${folder}/${name}`;
      const text = readFile(path)?.trim();
      if (text === undefined) continue;
      const bytes = limitOf(text);
      if (bytes === null) return unknown(`${path} holds ${quoted(text)}`);
      found.push({ path, bytes, freeBytes: bytes - usedBytes(readFile, folder, files) });
    }
  }
  if (found.length === 0 && !groupsAreVisible(readFile, 'memory')) {
    return unknown('no control group is visible');
  }
  const limits = found.filter(({ bytes }) => bytes !== Number.POSITIVE_INFINITY);
  if (limits.length === 0) return ok('none');
  return judge(limits.reduce((least, one) => (one.freeBytes < least.freeBytes ? one : least)));
}

function judge({ path, bytes, freeBytes }: Limit): Finding {
  const value = `${inMib(Math.max(0, freeBytes))} free of ${inMib(bytes)}, ${inMib(NEEDED_BYTES)} needed`;
  const trouble = {
    effect: 'the kernel takes memory back while the clock runs, or ends the run',
    fix: 'docker run --memory 4g, or a limit of 4 GiB or none where the container is described',
  };
  if (freeBytes < NEEDED_BYTES) return bad(`${value} (${path})`, trouble);
  return freeBytes < 2 * NEEDED_BYTES ? warn(`${value} (${path})`, trouble) : ok(value);
}

/** Bytes; Infinity for none, which version 1 writes as the largest multiple of a page below 2^63. */
function limitOf(text: string): number | null {
  if (text === 'max' || /^9223372036854\d{6}$/.test(text)) return Number.POSITIVE_INFINITY;
  return wholeNumber(text);
}

/** What cannot be taken back at once: all but files that nobody looked at for a while. */
function usedBytes(readFile: Machine['readFile'], folder: string, files: typeof V1): number {
  const used = wholeNumber(readFile(`${folder}/${files.used}`)?.trim()) ?? 0;
  const stat = readFile(`${folder}/memory.stat`) ?? '';
  const cache = wholeNumber(new RegExp(`^${files.cache} (\\d+)$`, 'm').exec(stat)?.[1]) ?? 0;
  return Math.max(0, used - cache);
}
