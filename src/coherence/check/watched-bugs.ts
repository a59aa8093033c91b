/** Planted bugs of the protocol in the simulator: which of them watched traffic finds. */
import type { PlantedBug } from '../explore/planted.ts';
import type { ParameterValues } from '../profiles/parameters.ts';
import type { SimulatorCore } from '../simulate/simulator-core.ts';
import type { WatchedBugRow } from './report.ts';
import { planOf, SETTINGS, streams, watching } from './watched-traffic.ts';

const ALWAYS_WAITS = 'the home of the simulator never replies before all whom it asked have answered';

/** Bugs that the simulator does not do, each with why. The explorer finds them. */
export const NOT_DONE: Readonly<Record<string, string>> = {
  'early grant': ALWAYS_WAITS,
  'early upgrade': ALWAYS_WAITS,
  'missing answer': 'a core of the simulator answers every snoop',
  'acquire that keeps': 'an acquire empties the cache of a GPU agent, whatever the table says',
};

/** In all settings until it is found. Events so far are told in between. @param accesses of each agent */
export function* watchedBug(
  bug: PlantedBug,
  values: ParameterValues,
  { accesses, makeCore }: { readonly accesses: number; makeCore(): SimulatorCore },
): Generator<number, WatchedBugRow, void> {
  let events = 0;
  for (const setting of SETTINGS) {
    const run = yield* watching(planOf(values, setting, bug.protocol), streams(accesses), makeCore());
    events += run.watched.events;
    if (run.violation !== null) return rowOf(bug, events, run.violation.invariant);
  }
  return rowOf(bug, events, null);
}

function rowOf({ name, what }: PlantedBug, events: number, caughtBy: string | null): WatchedBugRow {
  return { evidence: 'modelled', bug: name, what, caughtBy, events, notDone: NOT_DONE[name] ?? null };
}
