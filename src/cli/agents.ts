/** `barometer agents [pattern…]`: access to shared device memory by pools of workers, measured on this host. */

import { freemem } from 'node:os';
import { PATTERNS } from '../agent/patterns.ts';
import { AGENT_IMPLEMENTATIONS } from '../device/agent-model.ts';
import { deviceFlags, specFromFlags } from '../device/device-flags.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import { agentGroups } from '../run/group-plan.ts';
import { MS_PER_WORKLOAD } from '../run/plan-run.ts';
import { formatBytes } from '../units.ts';
import { UnsuitableDevice } from '../workload/prepared.ts';
import { workingRegion } from '../workload/workbench.ts';
import { type AgentSelectFlags, selectAgentWorkloads } from './agent-workloads.ts';
import { namesOf } from './device-option.ts';
import { measure, type RunFlags } from './run.ts';
import { budgetOf } from './select.ts';
import { version } from './version.ts';

export interface AgentFlags extends RunFlags, AgentSelectFlags {}

const MIB = 2 ** 20;

/** Returns the exit code. @throws UsageError for bad input */
export async function agents(patterns: readonly string[], flags: AgentFlags): Promise<number> {
  const implementations = namesOf(flags.impl, AGENT_IMPLEMENTATIONS, '--impl');
  const device = deviceFlags(flags);
  const spec = specFromFlags(device);
  const workloads = selectAgentWorkloads(patterns, flags, (footprintBytes, otherBytes) =>
    refusalOfRoom(spec, implementations.length, footprintBytes, otherBytes),
  );
  const { policy, generation, resmem } = spec;
  const groups = agentGroups({ workloads, implementations, device, version: version() });
  return measure(
    {
      groups,
      budgetMs: budgetOf(flags, MS_PER_WORKLOAD * workloads.length),
      settings: { device: flags.device, policy, suite: null, implementations, generation, resmem },
      counting: [],
    },
    flags,
  );
}

/** Why the device, or this machine, has no memory of that size; null where both have. */
function refusalOfRoom(
  spec: DeviceSpec,
  poolCount: number,
  footprintBytes: number,
  otherBytes: number,
): string | null {
  try {
    workingRegion(spec, footprintBytes);
  } catch (error) {
    if (!(error instanceof UnsuitableDevice)) throw error;
    return `a footprint of ${formatBytes(footprintBytes)}: ${error.message}; expected a smaller one`;
  }
  const free = Math.floor(freemem() / MIB) * MIB;
  if (poolCount * (footprintBytes + otherBytes) < free) return null;
  return (
    `a footprint of ${formatBytes(footprintBytes)}: each of ${poolCount} implementations has memory of its own, and this ` +
    `machine has ${formatBytes(free)} free; expected a smaller one, or fewer with --impl`
  );
}

/** `barometer agents --list`: the patterns, what an operation of each is, and what it does. */
export function listPatterns(): string {
  const width = Math.max(...PATTERNS.map(({ name }) => name.length));
  return PATTERNS.map(({ name, summary, operation }) => {
    return `${name.padEnd(width)}  ${summary}\n${' '.repeat(width)}  one operation: ${operation}\n`;
  }).join('');
}
