/** The steps of one access in a simulation that nothing else happens in, and what its latency is the sum of. */
import { WrongAnswerError } from '../../errors.ts';
import { arrayAt } from '../predict/scenario.ts';
import type { ParameterValues } from '../profiles/parameters.ts';
import { PROTOCOL } from '../protocol/protocol.ts';
import { PART_NAMES, Simulation } from '../simulate/simulation.ts';
import type { SimulatorCore } from '../simulate/simulator-core.ts';
import { SimulationView } from '../simulate/view.ts';
import { EXPLAINED_OPERATIONS, type ExplainedAccess, requirePossible } from './access.ts';
import { HOMES } from './places.ts';
import { type Cast, castOf, type PreparingAccess, preparation, requirePrepared } from './preparation.ts';
import { look, type Snapshot } from './snapshot.ts';
import { type Closed, type Step, StepRecorder, sumOfSteps } from './steps.ts';
import { takeTurns } from './turns.ts';
import { type PartsPs, spent } from './works.ts';

export interface Explanation {
  readonly access: ExplainedAccess;
  readonly cast: Cast;
  readonly preparation: readonly PreparingAccess[];
  /** Of the line before the access: at each agent, and what the home knows. */
  readonly before: { readonly states: readonly string[]; readonly home: string };
  readonly steps: readonly Step[];
  readonly closed: Closed | null;
  readonly latencyPs: number;
  /** Their sum is the latency, and they are the sums of what the steps spent. */
  readonly partsPs: PartsPs;
}

/**
 * @throws UsageError where the profile has no such access
 * @throws WrongAnswerError where steps, parts and latency do not come to the same
 */
export function explain(access: ExplainedAccess, values: ParameterValues, core: SimulatorCore): Explanation {
  requirePossible(access, values);
  const cast = castOf(access);
  const preparing = preparation(access, cast);
  const recorded = run(access, cast, preparing, values, core);
  const { before, after, recorder } = recorded;
  const partsPs = PART_NAMES.map((name, i) => [name, after.partsPs[i]! - before.partsPs[i]!] as const);
  const explanation = {
    access,
    cast,
    preparation: preparing,
    before: { states: before.states, home: before.home },
    steps: recorder.steps,
    closed: recorder.closed,
    latencyPs: after.latencyPs - before.latencyPs,
    partsPs: spent(Object.fromEntries(partsPs)),
  };
  requireSums(explanation);
  return explanation;
}

function run(
  access: ExplainedAccess,
  cast: Cast,
  preparing: readonly PreparingAccess[],
  values: ParameterValues,
  core: SimulatorCore,
): { before: Snapshot; after: Snapshot; recorder: StepRecorder } {
  const { cores, gpuAgents, requester } = cast;
  const line = arrayAt(access.memory, 0);
  const turns = [...preparing, { agent: requester, operation: access.operation }].map(
    ({ agent, operation }) => ({ agent, line, operation: EXPLAINED_OPERATIONS[operation] }),
  );
  const recorder = new StepRecorder({
    requester,
    homeCache: HOMES[access.memory].cache,
    lookupPs: values['cpu-l2-hit'],
  });
  const snapshots: Snapshot[] = [];
  const streams = takeTurns(turns, cores + gpuAgents, {
    given: (view) => {
      requirePrepared(view, line, access.line, cast);
      snapshots.push(look(view, line, requester));
    },
    begun: (view) => {
      snapshots.push(look(view, line, requester));
      recorder.begin(snapshots[0]!, snapshots[1]!);
    },
  });
  const plan = { values, protocol: PROTOCOL, cores, gpuAgents, chunk: 1, contents: 'empty' } as const;
  const simulation = new Simulation(core, plan, streams);
  for (let isMore = true; isMore; ) {
    isMore = simulation.advance(1);
    if (snapshots.length < 2) continue;
    snapshots.push(look(new SimulationView(simulation.bytes), line, requester));
    recorder.record(snapshots.at(-2)!, snapshots.at(-1)!);
  }
  return { before: snapshots[0]!, after: snapshots.at(-1)!, recorder };
}

/** @throws WrongAnswerError */
function requireSums({ steps, partsPs, latencyPs }: Explanation): void {
  const ofSteps = sumOfSteps(steps);
  const wrong = PART_NAMES.find((part) => (ofSteps[part] ?? 0) !== (partsPs[part] ?? 0));
  const sum = Object.values(partsPs).reduce((total, ps) => total + ps, 0);
  if (wrong === undefined && sum === latencyPs) return;
  const what =
    wrong === undefined ? `parts come to ${sum} ps` : `steps spend ${ofSteps[wrong] ?? 0} ps on ${wrong}`;
  const expected =
    wrong === undefined ? `the latency is ${latencyPs} ps` : `the simulator ${partsPs[wrong] ?? 0} ps`;
  throw new WrongAnswerError(`${what}, ${expected}: a mistake of barometer, please report it`);
}
