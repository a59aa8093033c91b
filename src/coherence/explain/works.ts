/** What is done where a message arrives, told by how the parts of latencies grew. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { PART_NAMES, type PartName } from '../simulate/simulation.ts';
import type { Snapshot, WaitingMessage } from './snapshot.ts';

/** Picoseconds; parts that are nothing are left out. */
export type PartsPs = Readonly<Partial<Record<PartName, number>>>;

export interface Surroundings {
  readonly requester: number;
  /** The home's cache by its name: `L3`. */
  readonly homeCache: string;
  /** Time that a core looks for a line in its caches when it is asked for it. */
  readonly lookupPs: number;
}

export interface Work {
  readonly name: string;
  readonly part: PartName;
  readonly ps: number;
  /** Whether it ends where others begin. */
  readonly isOver: boolean;
  readonly counts: boolean;
}

export interface Event {
  /** What the access asked its home for, where it did. */
  readonly request: string | undefined;
  /** Nothing where the access begins. */
  readonly arrived: WaitingMessage | undefined;
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly sent: readonly WaitingMessage[];
  /** Whether a holder's data are at the home already, or just came. */
  readonly hadData: boolean;
}

export function spent(partsPs: PartsPs): PartsPs {
  return Object.fromEntries(Object.entries(partsPs).filter(([, ps]) => ps !== 0));
}

/** In their order. */
export function worksOf(event: Event, surroundings: Surroundings): Work[] {
  const { arrived, before, after } = event;
  if (arrived?.kind === layout.EVENT_SNOOP)
    return [done('look in L1, L2', 'cache', surroundings.lookupPs, false)];
  const grown = (part: PartName) => {
    const index = PART_NAMES.indexOf(part);
    return after.partsPs[index]! - before.partsPs[index]!;
  };
  const ofPart = (name: string, part: PartName) => (grown(part) === 0 ? [] : [done(name, part, grown(part))]);
  const over = (work: Work) => ({ ...work, isOver: true });
  return [
    ...ofPart(after.hitsFirst > before.hitsFirst ? 'hit in L1' : 'hit in L2', 'cache'),
    ...ofPart('wait for a slice', 'home queue'),
    ...ofPart('wait for the line', 'line closed').map(over),
    ...ofPart('wait for answers', 'snoops').map(over),
    ...ofPart('wait for a channel', 'memory queue'),
    ...ofPart('memory', 'memory'),
    ...(grown('memory') === 0 ? ofHomeCache(event, surroundings.homeCache) : []),
    ...ofPart('atomic', 'atomic'),
  ];
}

function done(name: string, part: PartName, ps: number, counts = true): Work {
  return { name, part, ps, isOver: false, counts };
}

/** What takes no time of its own: its time is that of the way to the home. */
function ofHomeCache({ request, before, sent, hadData }: Event, homeCache: string): Work[] {
  const isReplied = sent.some(({ kind }) => kind === layout.EVENT_REPLY);
  if (!isReplied) return [];
  if (request === 'WriteUnique') return [done(`write into ${homeCache}`, 'memory', 0)];
  const brings = sent.some(({ name }) => name.startsWith('CompData'));
  return brings && !hadData && before.homeHas ? [done(`hit in ${homeCache}`, 'memory', 0)] : [];
}
