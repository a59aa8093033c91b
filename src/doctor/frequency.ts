import { quoted } from '../pci/quoted.ts';
import { sysFix } from './change.ts';
import { type Finding, ok, unknown, warn } from './finding.ts';
import { notTold } from './hypervisor.ts';
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
  if (countByName.size === 0) return notTold(readFile);
  const value = [...countByName].map(([name, count]) => `${word(name)} on ${count}`).join(', ');
  if (countByName.size === 1 && countByName.has('performance')) return ok('performance');
  return warn(value, {
    effect: 'the frequency follows the load, so that the first samples after a pause are slower',
    fix: sysFix(readFile, `echo performance | sudo tee ${CPUS}/cpu*/cpufreq/scaling_governor`),
  });
}

function word(name: string): string {
  return /^\w{1,20}$/.test(name) ? name : quoted(name);
}

/**
 * Files that say whether a core may run above its nominal frequency, what they hold where it may, and all the files to
 * write. Sources: admin-guide/pm/intel_pstate.rst, amd-pstate.rst and cpufreq.rst of the Linux kernel.
 */
const BOOST_FILES = [
  { path: `${CPUS}/intel_pstate/no_turbo`, glob: `${CPUS}/intel_pstate/no_turbo`, on: '0', off: '1' },
  { path: `${CPUS}/cpufreq/boost`, glob: `${CPUS}/cpufreq/boost`, on: '1', off: '0' },
  { path: `${CPUS}/cpufreq/policy0/boost`, glob: `${CPUS}/cpufreq/policy*/boost`, on: '1', off: '0' },
];

/** Whether cores may run above their nominal frequency; null where the machine does not tell. */
export function turboOf(readFile: Machine['readFile']): 'on' | 'off' | null {
  for (const { path, on, off } of BOOST_FILES) {
    const content = readFile(path)?.trim();
    if (content === on) return 'on';
    if (content === off) return 'off';
  }
  return null;
}

export function turbo({ readFile }: Machine): Finding {
  for (const { path, glob, on, off } of BOOST_FILES) {
    const content = readFile(path)?.trim();
    if (content === undefined) continue;
    if (content === off) return ok('off');
    if (content !== on) return unknown(`${path} holds ${quoted(content)}`);
    return warn('on', {
      effect: 'the frequency depends on how warm the machine is and on what other cores do',
      fix: sysFix(readFile, `echo ${off} | sudo tee ${glob}`),
    });
  }
  return notTold(readFile);
}
