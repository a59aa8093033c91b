/** An explanation as a sequence diagram: far agents, those beside the home, the home, its memory. */
import { LINES } from '../coherence/explain/access.ts';
import type { Explanation } from '../coherence/explain/explain.ts';
import { HOMES, placeName } from '../coherence/explain/places.ts';
import type { Change, Place, Step } from '../coherence/explain/steps.ts';
import type { PartName } from '../coherence/simulate/simulation.ts';
import type { Lifeline, SequenceDiagram, SequenceRow } from '../report/sequence.ts';
import { formatPercent } from '../units.ts';

const MEMORY = { lpddr: 'LPDDR', hbm: 'HBM' } as const;
const GROUP = { lpddr: 'Grace', hbm: 'Hopper' } as const;
const SERIES = { request: 0, snoop: 1, work: 2, behind: 7 } as const;
/** Colours of parts: those of what is drawn of them above, where there is such. */
const OF_PART: Readonly<Record<PartName, number>> = {
  cache: 4,
  fabric: 5,
  'link queue': 6,
  'link bytes': 3,
  'link distance': 0,
  'home queue': 7,
  'line closed': 7,
  snoops: 1,
  'memory queue': 6,
  memory: 2,
  atomic: 4,
  merged: 7,
};

/** @param model what the model is, for the notes */
export function diagramOf(explanation: Explanation, profile: string, model: string): SequenceDiagram {
  const { access, latencyPs, partsPs } = explanation;
  const { places, lifelines } = standing(explanation);
  const placeOf = (place: Place) => places.indexOf(place);
  return {
    title: `${access.side} ${access.operation} ${access.memory}: ${exact(latencyPs)} ns`,
    subtitle: `Before: ${LINES[access.line]}. Profile ${profile}, modelled.`,
    lifelines,
    rows: rowsOf(explanation, placeOf),
    sum: {
      title: `${exact(latencyPs)} ns is the sum of`,
      parts: (Object.entries(partsPs) as [PartName, number][]).map(([name, ps]) => ({
        name,
        value: ps,
        text: `${exact(ps)} ns, ${ps * 1000 < latencyPs ? 'below 0.1%' : formatPercent(ps / latencyPs)}`,
        series: OF_PART[name],
      })),
    },
    notes: [
      'Times in ns since the access began. Rows are in order of time, not to scale; the sum is to scale. Dashed: not a part of ' +
        'the latency by itself. In frames: states of the line, at the home with the cores that have it.',
      model,
    ],
  };
}

/** Who stands where. */
function standing(explanation: Explanation): { places: readonly Place[]; lifelines: readonly Lifeline[] } {
  const { access, cast, before } = explanation;
  const cores = Array.from({ length: cast.cores }, (_, i) => i);
  const gpuAgents = Array.from({ length: cast.gpuAgents }, (_, i) => cast.cores + i);
  const agents = access.memory === 'lpddr' ? [...gpuAgents, ...cores] : [...cores, ...gpuAgents];
  const home = HOMES[access.memory];
  const ofAgents = agents.map((agent) => ({
    name: placeName(explanation, agent),
    what: agent === cast.requester ? 'asks' : 'has a copy',
    group: agent < cast.cores ? 'Grace' : 'Hopper',
    state: before.states[agent]!,
  }));
  const group = GROUP[access.memory];
  return {
    places: [...agents, 'home'],
    lifelines: [
      ...ofAgents,
      { name: home.name, what: home.what, group, state: before.home },
      { name: MEMORY[access.memory], what: 'memory', group, state: '' },
    ],
  };
}

function rowsOf(explanation: Explanation, placeOf: (place: Place) => number): SequenceRow[] {
  const { access, steps, latencyPs } = explanation;
  const end: SequenceRow = {
    kind: 'end',
    gap: placeOf('home'),
    text: `the ${access.operation} ends: ${exact(latencyPs)} ns`,
  };
  const isBehind = ({ beginPs, counts }: Step) => !counts && beginPs >= latencyPs;
  const rows = (some: readonly Step[]) => some.map((step) => rowOf(step, isBehind(step), placeOf));
  return [...rows(steps.filter((step) => !isBehind(step))), end, ...rows(steps.filter(isBehind))];
}

function rowOf(step: Step, isBehind: boolean, placeOf: (place: Place) => number): SequenceRow {
  const { name, beginPs, endPs, counts } = step;
  const timed = {
    name,
    note: noteOf(step),
    begin: exact(beginPs),
    end: exact(endPs),
    isBeside: !counts,
  };
  const [from, to] = [placeOf(step.from), placeOf(step.to)];
  if (!step.isMessage) {
    const change = changeText(step.changeTo);
    const [part] = Object.keys(step.spentPs) as PartName[];
    const series = part === undefined ? SERIES.work : counts ? OF_PART[part] : SERIES.snoop;
    return { ...timed, kind: 'work', at: to, isNext: name === 'memory', change, series };
  }
  const series = isBehind ? SERIES.behind : counts ? SERIES.request : SERIES.snoop;
  const [changeFrom, changeTo] = [changeText(step.changeFrom), changeText(step.changeTo)];
  return { ...timed, kind: 'message', from, to, changeFrom, changeTo, series };
}

/** Of work, whose part has its name, the time alone. */
function noteOf({ isMessage, spentPs }: Step): string {
  const parts = Object.entries(spentPs);
  if (!isMessage) return parts.map(([, ps]) => `${exact(ps)} ns`).join('');
  return parts.map(([part, ps]) => `${part.replace('link ', '')} ${exact(ps)}`).join(' + ');
}

function changeText(change: Change | null): string {
  return change === null ? '' : `${change.from} → ${change.to}`;
}

/** In nanoseconds, to the picosecond. */
function exact(ps: number): string {
  return String(ps / 1000);
}
