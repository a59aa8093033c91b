/** An explanation for programs, in nanoseconds and with names in place of numbers. */
import type { PartName } from '../simulate/simulation.ts';
import { LINES } from './access.ts';
import type { Explanation } from './explain.ts';
import { placeName } from './places.ts';
import type { Change, Place, Step } from './steps.ts';
import type { PartsPs } from './works.ts';

export type PartsNs = Readonly<Partial<Record<PartName, number>>>;

/** A state of the line, at an agent or as its home knows it, that a step changed. */
export interface ChangeReport {
  readonly at: string;
  readonly from: string;
  readonly to: string;
}

export interface StepReport {
  readonly name: string;
  readonly kind: 'message' | 'work';
  readonly from: string;
  readonly to: string;
  readonly beginNs: number;
  readonly endNs: number;
  readonly spentNs: PartsNs;
  readonly partOfLatency: boolean;
  readonly changes: readonly ChangeReport[];
}

export interface ExplanationReport {
  readonly profile: string;
  readonly evidence: 'modelled';
  readonly access: string;
  readonly line: string;
  readonly lineMeaning: string;
  readonly preparation: readonly string[];
  readonly before: readonly { readonly at: string; readonly state: string }[];
  readonly steps: readonly StepReport[];
  /** From when to when the home serves nobody else for the line; null where it does not wait. */
  readonly closedNs: { readonly from: number; readonly until: number } | null;
  readonly latencyNs: number;
  readonly partsNs: PartsNs;
}

export function explanationReport(profile: string, explanation: Explanation): ExplanationReport {
  const { access, before, closed, steps, latencyPs, partsPs } = explanation;
  const name = (place: Place) => placeName(explanation, place);
  return {
    profile,
    evidence: 'modelled',
    access: `${access.side} ${access.operation} ${access.memory}`,
    line: access.line,
    lineMeaning: LINES[access.line],
    preparation: explanation.preparation.map(({ agent, operation }) => `${name(agent)} ${operation}`),
    before: [
      ...before.states.map((state, agent) => ({ at: name(agent), state })),
      { at: name('home'), state: before.home },
    ],
    steps: steps.map((step) => stepReport(step, name)),
    closedNs: closed && { from: closed.fromPs / 1000, until: closed.untilPs / 1000 },
    latencyNs: latencyPs / 1000,
    partsNs: inNs(partsPs),
  };
}

function stepReport(step: Step, name: (place: Place) => string): StepReport {
  const [from, to] = [name(step.from), name(step.to)];
  const changeAt = (at: string, change: Change | null) => (change === null ? [] : [{ at, ...change }]);
  return {
    name: step.name,
    kind: step.isMessage ? 'message' : 'work',
    from,
    to,
    beginNs: step.beginPs / 1000,
    endNs: step.endPs / 1000,
    spentNs: inNs(step.spentPs),
    partOfLatency: step.counts,
    changes: [...changeAt(from, step.changeFrom), ...changeAt(to, step.changeTo)],
  };
}

function inNs(parts: PartsPs): PartsNs {
  return Object.fromEntries(Object.entries(parts).map(([part, ps]) => [part, ps / 1000]));
}
