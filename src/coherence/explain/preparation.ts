/** Who takes part in an explanation, and what they do first so that the line is as asked. */
import { BarometerError } from '../../errors.ts';
import { CPU } from '../protocol/codes.ts';
import type { SimulationView } from '../simulate/view.ts';
import { type ExplainedAccess, type ExplainedOperation, type LineBefore, otherCores } from './access.ts';

export interface PreparingAccess {
  readonly agent: number;
  readonly operation: ExplainedOperation;
}

export interface Cast {
  readonly cores: number;
  readonly gpuAgents: number;
  /** Who does what is explained. Cores are first. */
  readonly requester: number;
  /** Other cores that have the line before. */
  readonly others: readonly number[];
}

export function castOf({ side, line }: ExplainedAccess): Cast {
  const others = otherCores(line);
  if (side === 'hopper') {
    return { cores: others, gpuAgents: 1, requester: others, others: [0, 1].slice(0, others) };
  }
  return { cores: others + 1, gpuAgents: 0, requester: 0, others: [1, 2].slice(0, others) };
}

/** What makes the line as asked, in its order. */
export function preparation({ side, line }: ExplainedAccess, cast: Cast): PreparingAccess[] {
  const loads = (agents: readonly number[]) => agents.map((agent) => ({ agent, operation: 'load' as const }));
  switch (line) {
    case 'nobody':
      return [];
    case 'cached':
      // A write that leaves no copy with who does it.
      return [{ agent: cast.requester, operation: side === 'grace' ? 'stream' : 'store' }];
    case 'modified':
      return cast.others.map((agent) => ({ agent, operation: 'store' }));
    case 'own':
      return loads([cast.requester]);
    case 'own-shared':
      return loads([...cast.others, cast.requester]);
    default:
      return loads(cast.others);
  }
}

/** @throws BarometerError where caches are so small that the line did not stay as it was made */
export function requirePrepared(
  view: SimulationView,
  line: number,
  before: LineBefore,
  { cores, requester, others }: Cast,
): void {
  const isCore = requester < cores;
  const have = (agents: readonly number[], state: number) =>
    agents.every((core) => view.coreState(core, line) === state);
  const isAsAsked = {
    nobody: () => !view.homeHas(line),
    cached: () => view.homeHas(line) && (view.recordOf(line)?.holders ?? []).length === 0,
    exclusive: () => have(others, CPU.E),
    modified: () => have(others, CPU.M),
    shared: () => have(others, CPU.S),
    own: () => (isCore ? have([requester], CPU.E) : view.gpuHas(requester, line)),
    'own-shared': () => have([requester, ...others], CPU.S),
  };
  if (isAsAsked[before]()) return;
  throw new BarometerError(
    `--line ${before}: the line does not stay so in caches as small as those of the profile; expected larger ones`,
  );
}
