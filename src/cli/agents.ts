/** `barometer agents [pattern…]`: access to shared device memory by pools of workers, measured on this host. */

import { freemem } from 'node:os';
import type { AccessPath } from '../agent/block.ts';
import { AGENTS_PREFIX, PATTERNS } from '../agent/patterns.ts';
import { allowedProcessors } from '../agent/pinning.ts';
import { AGENT_IMPLEMENTATIONS } from '../device/agent-model.ts';
import { deviceFlags, specFromFlags } from '../device/device-flags.ts';
import type { DeviceSpec } from '../device/device-spec.ts';
import { UsageError } from '../errors.ts';
import type { AgentWorkload } from '../measure/fork-protocol.ts';
import { agentGroups } from '../run/group-plan.ts';
import { MS_PER_WORKLOAD } from '../run/plan-run.ts';
import { formatBytes, parseBytes, parseCount } from '../units.ts';
import { selectNames } from '../workload/catalog.ts';
import { UnsuitableDevice } from '../workload/prepared.ts';
import { workingRegion } from '../workload/workbench.ts';
import { namesOf } from './device-option.ts';
import { measure, type RunFlags } from './run.ts';
import { budgetOf } from './select.ts';
import { version } from './version.ts';

export interface AgentFlags extends RunFlags {
  readonly agents?: string;
  readonly footprint?: string;
  readonly path?: string;
}

const PATHS: readonly AccessPath[] = ['direct', 'emulated'];
const LEAST_AGENTS = 2;
const MOST_AGENTS = 64;
/** The memory that agents share holds less than 2 GiB. */
const MOST_FOOTPRINT = 2 ** 30;
const MIB = 2 ** 20;
const DEFAULT_FOOTPRINT = '256KiB';

/** Returns the exit code. @throws UsageError for bad input */
export async function agents(patterns: readonly string[], flags: AgentFlags): Promise<number> {
  const implementations = namesOf(flags.impl, AGENT_IMPLEMENTATIONS, '--impl');
  const workloads = workloadsOf(patterns, flags);
  const device = deviceFlags(flags);
  const spec = specFromFlags(device);
  expectRoom(spec, workloads, implementations.length);
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

/** @throws UsageError where the device, or this machine, has no memory of that size */
function expectRoom(spec: DeviceSpec, workloads: readonly AgentWorkload[], poolCount: number): void {
  const bytes = Math.max(...workloads.map(({ params }) => params.footprintBytes));
  try {
    workingRegion(spec, bytes);
  } catch (error) {
    if (!(error instanceof UnsuitableDevice)) throw error;
    throw new UsageError(`--footprint ${formatBytes(bytes)}: ${error.message}; expected a smaller one`);
  }
  const free = Math.floor(freemem() / MIB) * MIB;
  if (poolCount * bytes < free) return;
  throw new UsageError(
    `--footprint ${formatBytes(bytes)}: each of ${poolCount} implementations has memory of its own, and this machine ` +
      `has ${formatBytes(free)} free; expected less, or fewer with --impl`,
  );
}

function workloadsOf(patterns: readonly string[], flags: AgentFlags): AgentWorkload[] {
  const given = patterns.length > 0 ? patterns : ['*'];
  const named = given.map((pattern) =>
    pattern.startsWith(AGENTS_PREFIX) ? pattern : AGENTS_PREFIX + pattern,
  );
  const names = PATTERNS.map(({ name }) => AGENTS_PREFIX + name);
  const selected = selectNames(
    names,
    named,
    '`barometer agents --list` names them all, `stream-*` is a pattern',
  );
  const usual = String(Math.max(LEAST_AGENTS, allowedProcessors().length));
  const counts = (flags.agents ?? usual).split(',').map((text) => {
    return parseCount(text, '--agents', { min: 1, max: MOST_AGENTS });
  });
  const footprints = (flags.footprint ?? DEFAULT_FOOTPRINT).split(',').map(parseFootprint);
  const paths = namesOf(flags.path, PATHS, '--path');
  const refusals = new Set<string>();
  const workloads = PATTERNS.filter(({ name }) => selected.has(AGENTS_PREFIX + name)).flatMap((pattern) =>
    counts.flatMap((agentCount) =>
      footprints.flatMap((footprintBytes) => {
        const refusal = pattern.refuses({ agentCount, footprintBytes });
        if (refusal !== null) refusals.add(`${pattern.name}: ${refusal}`);
        if (refusal !== null) return [];
        const name = AGENTS_PREFIX + pattern.name;
        return paths.map((path) => ({ name, params: { agents: agentCount, footprintBytes, path } }));
      }),
    ),
  );
  // Of all patterns those are measured that so many agents can do; one that was named has to be one of them.
  const isMissing = [...selected].some((name) => workloads.every((workload) => workload.name !== name));
  if (workloads.length === 0 || (patterns.length > 0 && isMissing))
    throw new UsageError([...refusals].join('; '));
  return workloads;
}

function parseFootprint(text: string): number {
  const bytes = parseBytes(text, '--footprint');
  if (bytes > 0 && bytes <= MOST_FOOTPRINT && bytes % 64 === 0) return bytes;
  throw new UsageError(
    `--footprint ${text}: expected whole lines of 64 B, at most ${formatBytes(MOST_FOOTPRINT)}, as 32KiB,1MiB`,
  );
}

/** `barometer agents --list`: the patterns, what an operation of each is, and what it does. */
export function listPatterns(): string {
  const width = Math.max(...PATTERNS.map(({ name }) => name.length));
  return PATTERNS.map(({ name, summary, operation }) => {
    return `${name.padEnd(width)}  ${summary}\n${' '.repeat(width)}  one operation: ${operation}\n`;
  }).join('');
}
