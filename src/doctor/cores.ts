import { quoted } from '../pci/quoted.ts';
import { bad, type Finding, ok, unknown, warn } from './finding.ts';
import type { Machine } from './machine.ts';
import { cpuCount, lineValue, wholeNumber } from './text.ts';

const CGROUP = '/sys/fs/cgroup';
/** Each of them is there where control groups of its version can be seen. */
const CGROUP_VISIBLE = [`${CGROUP}/cgroup.controllers`, `${CGROUP}/cpu/cgroup.procs`];
const MAX_CGROUP_DEPTH = 32;

/** CPUs that the process may run on, or null where Linux does not say so. */
export function allowedCpus({ readFile }: Pick<Machine, 'readFile'>): number | null {
  const list = lineValue(readFile('/proc/self/status') ?? '', 'Cpus_allowed_list');
  return list === undefined ? null : cpuCount(list);
}

/** What is measured needs a core, and V8's compiler and collector another. */
export function cores(machine: Machine): Finding {
  const online = cpuCount(machine.readFile('/sys/devices/system/cpu/online') ?? '') ?? machine.cpuCount;
  const allowed = allowedCpus(machine) ?? machine.cpuCount;
  const value = `${allowed} of ${online} may be used`;
  if (allowed >= 2) return ok(value);
  return warn(value, {
    effect: "V8's compiler and collector interrupt what is measured, since they have no core of their own",
    fix: online >= 2 ? 'taskset -c 0,1 npx barometer run' : 'give the machine a second core',
  });
}

interface Quota {
  readonly cores: number;
  readonly path: string;
}

/** A limit on CPU time: the kernel stops the process for the rest of each period once it is used up. */
export function quota({ readFile }: Machine): Finding {
  const found: Quota[] = [];
  for (const { path, text } of quotaFiles(readFile)) {
    const limit = quotaOf(text);
    if (limit === null) return unknown(`${path} holds ${quoted(text)}`);
    found.push({ path, cores: limit });
  }
  if (found.length === 0 && CGROUP_VISIBLE.every((path) => readFile(path) === null)) {
    return unknown('no control group is visible');
  }
  const tightest = found.reduce((least, one) => (one.cores < least.cores ? one : least), NO_QUOTA);
  if (tightest.cores === Number.POSITIVE_INFINITY) return ok('none');
  const value = `${Number(tightest.cores.toFixed(2))} cores`;
  if (tightest.cores >= 2) return ok(value);
  const judge = tightest.cores < 1 ? bad : warn;
  return judge(`${value} (${tightest.path})`, {
    effect: 'the kernel stops the process in the middle of samples, for tens of milliseconds',
    fix: 'docker run --cpus 2, or a limit of 2 CPUs or none where the container is described',
  });
}

const NO_QUOTA: Quota = { cores: Number.POSITIVE_INFINITY, path: '' };

/** Quotas of the process's control group and of those above it, as `QUOTA PERIOD` in microseconds. */
function quotaFiles(readFile: Machine['readFile']): { path: string; text: string }[] {
  const lines = (readFile('/proc/self/cgroup') ?? '').split('\n');
  const groupOf = (pattern: RegExp) => lines.map((line) => pattern.exec(line)?.[1]).find(Boolean) ?? '/';
  const second = groupAndParents(groupOf(/^0::(\/.*)$/)).map((group) => {
    const path = `${CGROUP}${group}/cpu.max`;
    return { path, text: readFile(path)?.trim() };
  });
  const first = groupAndParents(groupOf(/^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(\/.*)$/)).map((group) => {
    const path = `${CGROUP}/cpu${group}/cpu.cfs_quota_us`;
    const quotaText = readFile(path)?.trim();
    const period = readFile(`${CGROUP}/cpu${group}/cpu.cfs_period_us`)?.trim();
    return { path, text: quotaText && `${quotaText === '-1' ? 'max' : quotaText} ${period ?? ''}` };
  });
  return [...second, ...first].filter(
    (file): file is { path: string; text: string } => file.text !== undefined,
  );
}

/** `/a/b` gives `/a/b`, `/a` and nothing, which is the root. A container may see `..` at the beginning. */
function groupAndParents(group: string): string[] {
  const parts = group.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const names = parts.slice(0, MAX_CGROUP_DEPTH);
  return [...names.keys(), names.length].map((length) =>
    names
      .slice(0, length)
      .map((name) => `/${name}`)
      .join(''),
  );
}

/** Cores' worth of time; Infinity for `max`. */
function quotaOf(text: string): number | null {
  const [limit, period] = text.split(/\s+/).map((word) => (word === 'max' ? word : wholeNumber(word)));
  if (typeof period !== 'number' || period === 0) return null;
  if (limit === 'max') return Number.POSITIVE_INFINITY;
  return typeof limit === 'number' && limit > 0 ? limit / period : null;
}

/** Whether two hardware threads share a core. */
export function smt({ readFile }: Machine): Finding {
  const active = readFile('/sys/devices/system/cpu/smt/active')?.trim();
  if (active === undefined) return unknown('not told');
  if (active === '0') return ok('off');
  if (active !== '1') return unknown(`${quoted(active)} is not understood`);
  return warn('on', {
    effect: 'whatever runs on the other thread of the core takes up to half of it, and shares its caches',
    fix: 'echo off | sudo tee /sys/devices/system/cpu/smt/control',
  });
}
