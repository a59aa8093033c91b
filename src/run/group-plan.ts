/** Groups of a run: what each of its forks measures. */
import { buildOf } from '../measure/fingerprint.ts';
import type {
  AgentSubject,
  DeviceSubject,
  ForkSubject,
  ModuleSubject,
  ServedSubject,
} from '../measure/fork-protocol.ts';
import type { Arm } from '../results/samples.ts';
import type { Workload } from '../workload/scenario.ts';
import type { Runtime } from './measure-fork.ts';

/** What is measured interleaved, in one process a fork. */
export interface GroupPlan {
  /** For messages. */
  readonly name: string;
  readonly subject: ForkSubject;
}

/** Workloads by their groups, each on all implementations of all builds. */
export function deviceGroups(
  workloads: readonly Workload[],
  subject: Omit<DeviceSubject, 'kind' | 'workloads'>,
): GroupPlan[] {
  return [...Map.groupBy(workloads, ({ group }) => group).values()].map((members) => ({
    name: members[0]!.name,
    subject: { ...subject, kind: 'device', workloads: members },
  }));
}

/** All functions of a module are one group: they take turns in one process. */
export function moduleGroup(subject: Omit<ModuleSubject, 'kind'>): GroupPlan {
  return { name: subject.versions[0]!.path, subject: { ...subject, kind: 'module' } };
}

/**
 * What needs a pool of its own, or other memory, is another group: implementations, paths and loads take turns in one
 * process.
 */
export function agentGroups(subject: Omit<AgentSubject, 'kind'>): GroupPlan[] {
  const groups = Map.groupBy(subject.workloads, ({ name, params }) => {
    const { agents, footprintBytes, role, processors } = params;
    return JSON.stringify([name, agents, footprintBytes, role, processors]);
  });
  return [...groups.values()].map((workloads) => ({
    name: workloads[0]!.name,
    subject: { ...subject, kind: 'agents', workloads },
  }));
}

/** A server has one client at a time: all its workloads are one group, which has one connection a fork. */
export function servedGroup(subject: Omit<ServedSubject, 'kind'>): GroupPlan {
  return { name: `vfio-user:${subject.path}`, subject: { ...subject, kind: 'served' } };
}

/** Every arm that a fork of the group was to measure. */
export function armsOf({ subject }: GroupPlan, runtimes: readonly Runtime[]): Arm[] {
  const sides = sidesOf(subject);
  return subject.workloads.flatMap(({ name: workload, params }) =>
    sides.flatMap((side) =>
      runtimes.map(({ label: runtime }) => ({ workload, params: { ...params }, runtime, ...side })),
    ),
  );
}

/** Who does each workload of a group. */
function sidesOf(subject: ForkSubject): Pick<Arm, 'implementation' | 'build'>[] {
  if (subject.kind === 'module') {
    return subject.versions.map(({ build }) => ({ implementation: 'module', build }));
  }
  if (subject.kind === 'served') {
    return [{ implementation: 'served', build: buildOf('served', subject.version) }];
  }
  const { implementations, version } = subject;
  const labels = subject.kind === 'device' ? subject.builds.map(({ label }) => label) : [''];
  return labels.flatMap((label) =>
    implementations.map((implementation) => ({
      implementation,
      build: label + buildOf(implementation, version),
    })),
  );
}
