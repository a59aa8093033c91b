/** Which patterns of agents are measured, with which parameters: lists and ranges of the command line. */
import type { AccessPath } from '../agent/block.ts';
import { type Pattern, ROLES, USUAL_FOOTPRINT_BYTES } from '../agent/pattern.ts';
import { AGENTS_PREFIX, PATTERNS } from '../agent/patterns.ts';
import { allowedProcessors } from '../agent/pinning.ts';
import { UsageError } from '../errors.ts';
import type { AgentWorkload } from '../measure/fork-protocol.ts';
import { formatBytes, parseBytes, parseCount } from '../units.ts';
import { selectNames } from '../workload/catalog.ts';
import { namesOf } from './device-option.ts';
import { warnOnTerminal } from './output.ts';

export interface AgentSelectFlags {
  readonly agents?: string;
  readonly footprint?: string;
  readonly path?: string;
  readonly role?: string;
  readonly pairs?: boolean;
}

/** Of all pairs of processors, where none is named. */
const PAIR_PATTERNS = ['ping-pong-cas', 'one-to-all-read', 'one-to-all-write'];
const PATHS: readonly AccessPath[] = ['direct', 'emulated'];
const LEAST_AGENTS = 2;
const MOST_AGENTS = 64;
/** The memory that agents share holds less than 2 GiB. */
const MOST_FOOTPRINT = 2 ** 30;

/** Why there is no memory of that size; null where there is. */
export type RefuseRoom = (footprintBytes: number, otherBytes: number) => string | null;

/** Every pattern that was named, or all that so many agents can do. @throws UsageError for bad input */
export function selectAgentWorkloads(
  patterns: readonly string[],
  flags: AgentSelectFlags,
  refuseRoom: RefuseRoom = () => null,
): AgentWorkload[] {
  const selected = selectedPatterns(patterns.length === 0 && flags.pairs ? PAIR_PATTERNS : patterns);
  const refusals = new Set<string>();
  const workloads = selected.flatMap((pattern) =>
    paramsOf(pattern, flags).flatMap((params) => {
      const refusal = refusalOf(pattern, params, refuseRoom);
      if (refusal !== null) refusals.add(`${pattern.name}: ${refusal}`);
      return refusal === null ? { name: AGENTS_PREFIX + pattern.name, params } : [];
    }),
  );
  const isMissing = selected.some(({ name }) => workloads.every((one) => one.name !== AGENTS_PREFIX + name));
  // Of all patterns those are measured that can be; one that was named has to be one of them.
  if (workloads.length === 0 || (patterns.length > 0 && isMissing))
    throw new UsageError([...refusals].join('; '));
  // Those that were named are measured with what they can do: what was asked for besides is said.
  if (patterns.length > 0 && refusals.size > 0) warnOnTerminal(`left out: ${[...refusals].join('; ')}`);
  return workloads;
}

/** Those that are named by names or patterns of names, or all. @throws UsageError for a name of none */
export function selectedPatterns(given: readonly string[]): Pattern[] {
  const named = (given.length > 0 ? given : ['*']).map((pattern) =>
    pattern.startsWith(AGENTS_PREFIX) ? pattern : AGENTS_PREFIX + pattern,
  );
  const names = PATTERNS.map(({ name }) => AGENTS_PREFIX + name);
  const advice = '`barometer agents --list` names them all, `stream-*` is a pattern';
  const selected = selectNames(names, named, advice);
  return PATTERNS.filter(({ name }) => selected.has(AGENTS_PREFIX + name));
}

/** Each number of agents with each footprint, role, path and load. */
function paramsOf(pattern: Pattern, flags: AgentSelectFlags): AgentWorkload['params'][] {
  const pairs = flags.pairs ? allPairs(flags) : [{}];
  const usual = flags.pairs ? '2' : String(Math.max(LEAST_AGENTS, allowedProcessors().length));
  const counts = parseList(flags.agents ?? usual, '--agents', parseAgents);
  const footprints =
    flags.footprint === undefined
      ? [pattern.usualFootprintBytes ?? USUAL_FOOTPRINT_BYTES]
      : parseList(flags.footprint, '--footprint', parseFootprint);
  const roles = namesOf(flags.role ?? ROLES[0], ROLES, '--role');
  const paths = namesOf(flags.path, PATHS, '--path');
  return counts.flatMap((agents) =>
    footprints.flatMap((footprintBytes) =>
      roles.flatMap((role) =>
        pairs.flatMap((pair) =>
          paths.flatMap((path) => {
            const params = { agents, footprintBytes, role, path, ...pair };
            return pattern.loads?.map((loadIntervalNs) => ({ ...params, loadIntervalNs })) ?? [params];
          }),
        ),
      ),
    ),
  );
}

/** Each processor with each other one, in either order. @throws UsageError where there are no two */
function allPairs({ agents }: AgentSelectFlags): { readonly processors: string }[] {
  if (agents !== undefined && agents !== '2') {
    throw new UsageError(`--agents ${agents}: --pairs has 2 agents, one on each processor of a pair`);
  }
  const processors = allowedProcessors();
  if (processors.length < 2) {
    throw new UsageError(`--pairs: expected 2 processors or more, this process may use ${processors.length}`);
  }
  return processors.flatMap((first) =>
    processors.filter((second) => second !== first).map((second) => ({ processors: `${first}-${second}` })),
  );
}

function refusalOf(
  pattern: Pattern,
  { agents, footprintBytes, role }: AgentWorkload['params'],
  refuseRoom: RefuseRoom,
): string | null {
  if (role !== 'cpu-core' && !pattern.hasRoles) return 'has the accesses of cores only, whatever the role';
  const options = { agentCount: agents, footprintBytes, role };
  return pattern.refuses(options) ?? refuseRoom(footprintBytes, pattern.otherBytes?.(options) ?? 0);
}

/** Values with commas between; `1..16` is a range that doubles, with both of its ends. */
export function parseList(text: string, option: string, parse: (text: string) => number): number[] {
  const values = text.split(',').flatMap((part) => {
    const [first = '', last, ...rest] = part.split('..');
    if (last === undefined) return [parse(first)];
    const [from, to] = [parse(first), parse(last)];
    if (rest.length > 0 || from >= to) {
      throw new UsageError(`${option} ${part}: expected a range from less to more, as 1..16`);
    }
    const doublings = Math.ceil(Math.log2(to / from));
    return Array.from({ length: doublings + 1 }, (_, i) => Math.min(to, from * 2 ** i));
  });
  return [...new Set(values)];
}

function parseAgents(text: string): number {
  return parseCount(text, '--agents', { min: 1, max: MOST_AGENTS });
}

export function parseFootprint(text: string): number {
  const bytes = parseBytes(text, '--footprint');
  if (bytes > 0 && bytes <= MOST_FOOTPRINT && bytes % 64 === 0) return bytes;
  throw new UsageError(
    `--footprint ${text}: expected whole lines of 64 B, at most ${formatBytes(MOST_FOOTPRINT)}, as 32KiB,1MiB or 32KiB..1GiB`,
  );
}
