import { quoted } from '../pci/quoted.ts';
import { sysFix } from './change.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';
import type { Machine } from './machine.ts';
import { lineValue, wholeNumber } from './text.ts';

const MIB = 2 ** 20;
/** The default suite with all its implementations had 1240 MiB resident at its peak (Node 26.10.0, Linux 6.18). */
export const NEEDED_BYTES = 1280 * MIB;

/** Bytes of a line of /proc/meminfo. */
function meminfoBytes(readFile: Machine['readFile'], key: string): number | null {
  const [, kib] = /^(\d{1,12}) kB$/.exec(lineValue(readFile('/proc/meminfo') ?? '', key) ?? '') ?? [];
  const count = wholeNumber(kib);
  return count === null ? null : count * 1024;
}

export function inMib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}

export function memory({ readFile }: Machine): Finding {
  const available = meminfoBytes(readFile, 'MemAvailable');
  if (available === null) return unknown('not told');
  const value = `${inMib(available)} available, ${inMib(NEEDED_BYTES)} needed`;
  const trouble = {
    effect: 'memory that is measured is taken from caches or goes to swap, or the run is killed',
    fix: 'ps -eo pid,rss,comm --sort=-rss | head; end what is not needed',
  };
  if (available < NEEDED_BYTES) return bad(value, trouble);
  return available < 2 * NEEDED_BYTES ? warn(value, trouble) : ok(value);
}

export function swap({ readFile }: Machine): Finding {
  const total = meminfoBytes(readFile, 'SwapTotal');
  const free = meminfoBytes(readFile, 'SwapFree');
  if (total === null || free === null || free > total) return unknown('not told');
  if (total === 0) return ok('none');
  const value = `${inMib(total - free)} of ${inMib(total)} in use`;
  if (total === free) return ok(value);
  return warn(value, {
    effect: 'pages come back from disk while the clock runs',
    fix: 'sudo swapoff -a && sudo swapon -a',
  });
}

const HUGE_PAGES = '/sys/kernel/mm/transparent_hugepage/enabled';

/** Transparent huge pages: the choice in force stands in brackets, as in `always [madvise] never`. */
export function hugePages({ readFile }: Machine): Finding {
  const text = readFile(HUGE_PAGES)?.trim();
  if (text === undefined) return unknown('not told');
  const [, choice] = /\[(\w{1,20})\]/.exec(text) ?? [];
  if (choice === 'madvise' || choice === 'never') return ok(choice);
  if (choice !== 'always') return unknown(`${HUGE_PAGES} holds ${quoted(text)}`);
  return warn('always', {
    effect: 'large regions get huge pages or not, as memory is fragmented: runs differ from each other',
    fix: sysFix(readFile, `echo madvise | sudo tee ${HUGE_PAGES}`),
  });
}
