/** Agents on cores of their own. Node cannot pin a thread; `taskset` of util-linux can, by the number of the thread. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** Numbers of the processors that this process may use, `0-3,8` in /proc; none where there is no such file. */
export function allowedProcessors(status = readStatus()): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '';
  return list.split(',').flatMap((part) => {
    const [from, to = from] = part.split('-').map(Number);
    return from === undefined || Number.isNaN(from) || part === ''
      ? []
      : Array.from({ length: to! - from + 1 }, (_, i) => from + i);
  });
}

/** The same processors, those on cores of their own before those that share one with an earlier one (SMT). */
export function coresFirst(processors: readonly number[], siblingsOf = readSiblings): number[] {
  const taken = new Set<string>();
  const isFirst = (processor: number) => {
    const core = siblingsOf(processor);
    const first = core === null || !taken.has(core);
    if (core !== null) taken.add(core);
    return first;
  };
  const { own = [], shared = [] } = Object.groupBy(processors, (one) => (isFirst(one) ? 'own' : 'shared'));
  return [...own, ...shared];
}

/** The threads of a processor's core, `0,4`; null where the system does not say. */
function readSiblings(processor: number): string | null {
  try {
    const path = `/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`;
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

function readStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    return '';
  }
}

/** Pins the calling thread. Returns why it could not, or null. */
export function pinThread(processor: number): string | null {
  let thread: string;
  try {
    thread = basename(readlinkSync('/proc/thread-self'));
  } catch {
    return 'this system does not number its threads in /proc';
  }
  const { error, status, stderr } = spawnSync('taskset', ['-pc', String(processor), thread], {
    encoding: 'utf8',
  });
  if (error) return 'taskset (util-linux) is missing';
  return status === 0 ? null : stderr.trim();
}
