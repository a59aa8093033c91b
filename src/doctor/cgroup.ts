import type { Machine } from './machine.ts';

const CGROUP = '/sys/fs/cgroup';
const MAX_DEPTH = 32;

type Controller = 'cpu' | 'memory' | 'cpuset';

/** Folders of a control group and of those above it, the innermost first. */
export interface GroupFolders {
  readonly v1: readonly string[];
  readonly v2: readonly string[];
}

/**
 * Where the limits of this process stand for one controller. A container without a name space of its own sees names
 * of the host, whose folders are missing, and its own group as the root: so the root is always among them.
 */
export function groupFolders(readFile: Machine['readFile'], controller: Controller): GroupFolders {
  const lines = (readFile('/proc/self/cgroup') ?? '').split('\n');
  const v2 = lines.map((line) => /^0::(\/.*)$/.exec(line)?.[1]).find(Boolean) ?? '/';
  // Controllers may be mounted together: `2:cpu,cpuacct:/docker/abc` lies below /sys/fs/cgroup/cpu,cpuacct.
  const [, mounted = controller, v1 = '/'] =
    lines
      .map((line) => /^\d+:([^:]*):(\/.*)$/.exec(line))
      .find((match) => match?.[1]?.split(',').includes(controller)) ?? [];
  const roots = [...new Set([controller, mounted])].filter((name) => /^[a-z,]+$/.test(name));
  return {
    v1: roots.flatMap((root) => groupAndParents(v1).map((group) => `${CGROUP}/${root}${group}`)),
    v2: groupAndParents(v2).map((group) => `${CGROUP}${group}`),
  };
}

/** Whether control groups of either version can be seen: only then does the lack of a limit mean that there is none. */
export function groupsAreVisible(readFile: Machine['readFile'], controller: Controller): boolean {
  const paths = [`${CGROUP}/cgroup.controllers`, `${CGROUP}/${controller}/cgroup.procs`];
  return paths.some((path) => readFile(path) !== null);
}

/** `/a/b` gives `/a/b`, `/a` and nothing, which is the root. A container may see `..` at the beginning. */
function groupAndParents(group: string): string[] {
  const parts = group.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const names = parts.slice(0, MAX_DEPTH).map((name) => `/${name}`);
  return Array.from({ length: names.length + 1 }, (_, above) =>
    names.slice(0, names.length - above).join(''),
  );
}
