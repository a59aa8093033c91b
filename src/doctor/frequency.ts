import { quoted } from '../pci/quoted.ts';
import { type Finding, ok, unknown, warn } from './finding.ts';
import type { Machine } from './machine.ts';
import { cpuRanges } from './text.ts';

const CPUS = '/sys/devices/system/cpu';
const MAX_CPUS = 4096;

/** The frequency governor of a CPU, or null where there is none to be seen, as in most virtual machines. */
export function governorOf(readFile: Machine['readFile'], cpuIdx: number): string | null {
  return readFile(`${CPUS}/cpu${cpuIdx}/cpufreq/scaling_governor`)?.trim() || null;
}

/** Governors of all CPUs that are online. */
export function governor({ readFile }: Machine): Finding {
  const ranges = cpuRanges(readFile(`${CPUS}/online`) ?? '') ?? [[0, 0]];
  const countByName = new Map<string, number>();
  for (const [first, last] of ranges) {
    for (let cpuIdx = first; cpuIdx <= Math.min(last, MAX_CPUS); cpuIdx++) {
      const name = governorOf(readFile, cpuIdx);
      if (name !== null) countByName.set(name, (countByName.get(name) ?? 0) + 1);
    }
  }
  if (countByName.size === 0) return unknown('not told');
  const value = [...countByName].map(([name, count]) => `${word(name)} on ${count}`).join(', ');
  if (countByName.size === 1 && countByName.has('performance')) return ok('performance');
  return warn(value, {
    effect: 'the frequency follows the load, so that the first samples after a pause are slower',
    fix: `echo performance | sudo tee ${CPUS}/cpu*/cpufreq/scaling_governor`,
  });
}

function word(name: string): string {
  return /^\w{1,20}$/.test(name) ? name : quoted(name);
}

/** Files that say whether a core may run above its nominal frequency, and what they hold where it may. */
const BOOST_FILES = [
  { path: `${CPUS}/intel_pstate/no_turbo`, on: '0', off: '1' },
  { path: `${CPUS}/cpufreq/boost`, on: '1', off: '0' },
];

export function turbo({ readFile }: Machine): Finding {
  for (const { path, on, off } of BOOST_FILES) {
    const content = readFile(path)?.trim();
    if (content === undefined) continue;
    if (content === off) return ok('off');
    if (content !== on) return unknown(`${path} holds ${quoted(content)}`);
    return warn('on', {
      effect: 'the frequency depends on how warm the machine is and on what other cores do',
      fix: `echo ${off} | sudo tee ${path}`,
    });
  }
  return unknown('not told');
}
