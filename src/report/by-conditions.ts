/** Samples of several machines or devices, one summary for each: no verdict joins what was measured under other conditions. */
import type { Conditions } from '../results/conditions.ts';
import { runsOf } from '../results/runs.ts';
import { type Arm, armKey, RECORD_LISTS, type SamplesDocument } from '../results/samples.ts';
import { groupRuns } from './shared-conditions.ts';
import { type Summary, summarize } from './summary.ts';

/** Runs of one machine and device. */
export interface ConditionsReport {
  readonly conditions: Conditions;
  /** The runs alone, and what they measured. */
  readonly samples: SamplesDocument;
  readonly summary: Summary;
}

/** In the order of the runs, each group with the settings and the fingerprint of its first run. */
export function reportByConditions(samples: SamplesDocument): ConditionsReport[] {
  return [...groupRuns(samples).values()].map(({ conditions, runs }) => {
    const part = joined(partOf(samples, runs));
    return { conditions, samples: part, summary: summarize(part) };
  });
}

function partOf(samples: SamplesDocument, ids: ReadonlySet<string | undefined>): SamplesDocument {
  const runs = runsOf(samples).filter(({ id }) => ids.has(id));
  const { createdAt, settings, fingerprint } = runs[0]!;
  const lists = RECORD_LISTS.flatMap((list) => {
    const records = samples[list];
    return records === undefined ? [] : [[list, records.filter(({ run }) => ids.has(run))]];
  });
  return {
    ...samples,
    createdAt,
    settings,
    fingerprint,
    ...(samples.runs && { runs }),
    ...Object.fromEntries(lists),
  };
}

/** Of several runs: the last count of each arm's work, and what no run could measure, once. */
function joined(samples: SamplesDocument): SamplesDocument {
  // Nearly always none, and a file has many series.
  const measured = new Set(samples.unavailable.length === 0 ? [] : samples.series.map(armKey));
  const missing = samples.unavailable.filter((arm) => !measured.has(armKey(arm)));
  const last = <T extends Arm>(list: readonly T[]) => [
    ...new Map(list.map((one) => [armKey(one), one])).values(),
  ];
  return {
    ...samples,
    unavailable: last(missing),
    ...(samples.work && { work: last(samples.work) }),
  };
}
