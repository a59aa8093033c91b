import { quoted } from '../pci/quoted.ts';
import { groupFolders } from './cgroup.ts';
import { CANNOT, sysFix } from './change.ts';
import { type Finding, ok, unknown, warn } from './finding.ts';
import { isVirtual, notTold } from './hypervisor.ts';
import type { Machine } from './machine.ts';
import { cpuCount, cpuRanges, lineValue } from './text.ts';

const CPUS = '/sys/devices/system/cpu';
/** More are not looked at one by one. */
const MAX_CPUS = 4096;

/** CPUs that the process may run on, or null where Linux does not say so. */
export function allowedCpus({ readFile }: Pick<Machine, 'readFile'>): number | null {
  const list = lineValue(readFile('/proc/self/status') ?? '', 'Cpus_allowed_list');
  return list === undefined ? null : cpuCount(list);
}

/** What is measured needs a core, and V8's compiler and collector another. */
export function cores(machine: Machine): Finding {
  const { readFile } = machine;
  const online = cpuCount(readFile(`${CPUS}/online`) ?? '') ?? machine.cpuCount;
  const allowed = allowedCpus(machine) ?? machine.cpuCount;
  const value = `${allowed} of ${online} may be used`;
  const effect =
    "V8's compiler and collector interrupt what is measured, since they have no core of their own";
  if (allowed < 2) return warn(value, { effect, fix: moreCpus(readFile, online) });
  if (isOneCore(readFile)) {
    const fix = 'taskset -c with CPUs of two cores (lscpu -e shows them), or give the machine a second core';
    return warn(`${value}, all of them threads of one core`, { effect, fix });
  }
  return ok(value);
}

/** Who could let the process have a second CPU: whoever set its affinity, or its cpuset, or built the machine. */
function moreCpus(readFile: Machine['readFile'], online: number): string {
  if (online < 2) return 'give the machine a second core';
  const cpuset = cpusetOf(readFile);
  const ranges = cpuRanges(cpuset ?? '');
  if (!ranges) return 'taskset -c 0,1 npx barometer run';
  const [first, second] = ranges.flatMap(([from, to]) => (to > from ? [from, from + 1] : [from]));
  if (second === undefined) {
    return 'docker run --cpuset-cpus with two CPUs, or no cpuset where the container is described';
  }
  return `taskset -c ${first},${second} npx barometer run`;
}

/** CPUs that the process's control group lets it have, which `taskset` cannot go beyond. */
function cpusetOf(readFile: Machine['readFile']): string | null {
  const { v1, v2 } = groupFolders(readFile, 'cpuset');
  const paths = [
    ...v2.map((folder) => `${folder}/cpuset.cpus.effective`),
    ...v1.map((folder) => `${folder}/cpuset.effective_cpus`),
  ];
  // The innermost group that says so knows of those above it.
  return paths.map((path) => readFile(path)?.trim()).find(Boolean) ?? null;
}

/** Whether every CPU that may be used is a thread of the same core. */
function isOneCore(readFile: Machine['readFile']): boolean {
  const ranges = cpuRanges(lineValue(readFile('/proc/self/status') ?? '', 'Cpus_allowed_list') ?? '') ?? [];
  const siblings = new Set<string | null>();
  for (const [first, last] of ranges) {
    for (let cpuIdx = first; cpuIdx <= Math.min(last, MAX_CPUS) && siblings.size < 2; cpuIdx++) {
      siblings.add(readFile(`${CPUS}/cpu${cpuIdx}/topology/thread_siblings_list`)?.trim() ?? null);
    }
  }
  return siblings.size === 1 && cpuRanges([...siblings][0] ?? '') !== null;
}

/** Whether two hardware threads share a core. */
export function smt({ readFile }: Machine): Finding {
  const active = readFile(`${CPUS}/smt/active`)?.trim();
  if (active === undefined) return notTold(readFile);
  if (active === '0' && isVirtual(readFile)) {
    return unknown(`off in this virtual machine; what its host does is not told, and ${CANNOT}`);
  }
  if (active === '0') return ok('off');
  if (active !== '1') return unknown(`${quoted(active)} is not understood`);
  return warn('on', {
    effect: 'whatever runs on the other thread of the core takes up to half of it, and shares its caches',
    fix: sysFix(readFile, `echo off | sudo tee ${CPUS}/smt/control`),
  });
}
