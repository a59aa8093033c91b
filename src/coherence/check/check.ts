/** Everything that can be checked of the protocol: all states of small worlds, planted bugs, litmus tests, random traffic, watched traffic. */
import { type Exploration, exploration } from '../explore/explore.ts';
import { PLANTED, type PlantedBug } from '../explore/planted.ts';
import type { Size } from '../explore/world.ts';
import { LITMUS_CASES, type LitmusCase, runCase } from '../litmus/run-litmus.ts';
import type { ParameterValues } from '../profiles/parameters.ts';
import { PROTOCOL } from '../protocol/protocol.ts';
import type { SimulatorCore } from '../simulate/simulator-core.ts';
import { coverageOf } from '../watch/coverage.ts';
import type { CheckReport, PlantedRow, SizeRow } from './report.ts';
import { checkTraffic } from './traffic.ts';
import { watchedBug } from './watched-bugs.ts';
import { SETTINGS, watchedRow } from './watched-traffic.ts';

/** In which every rule of the protocol is used, and every planted bug shows. */
const SMALL: Size = { cpuCount: 2, gpuCount: 1, lineCount: 1, capacity: 1 };

export const SIZES: readonly Size[] = [
  SMALL,
  { cpuCount: 3, gpuCount: 0, lineCount: 1, capacity: 1 },
  { cpuCount: 1, gpuCount: 1, lineCount: 2, capacity: 1 },
  { cpuCount: 3, gpuCount: 1, lineCount: 1, capacity: 1 },
];

/** Watched accesses of each agent: the bug that takes longest to show takes half as many. */
const ENOUGH_FOR_BUGS = 1000;

export interface CheckOptions {
  readonly sizes: readonly Size[];
  readonly planted: readonly PlantedBug[];
  readonly cases: readonly LitmusCase[];
  /** Random accesses of each agent. */
  readonly accesses: number;
  /** The same of each agent, watched. */
  readonly watchedAccesses: number;
  readonly values: ParameterValues;
  readonly makeCore: () => SimulatorCore;
}

export const WHOLE = {
  sizes: SIZES,
  planted: PLANTED,
  cases: LITMUS_CASES,
  accesses: 20_000,
  watchedAccesses: 20_000,
} as const;

/** What takes seconds: smaller worlds, programs of two threads, less traffic. */
export const QUICK = {
  ...WHOLE,
  sizes: SIZES.slice(0, 2),
  watchedAccesses: 1000,
  cases: LITMUS_CASES.filter(({ program }) => program.threads.length === 2),
} as const;

type Step = (what: string) => Promise<boolean>;

type Growing = { [Key in keyof CheckReport]: CheckReport[Key][number][] };

/**
 * @param step called between pieces of work with what comes next, so that others get their turn; false ends the check
 * with what it has
 */
export async function check(options: CheckOptions, step: Step): Promise<CheckReport> {
  const report: Growing = {
    sizes: [],
    planted: [],
    litmus: [],
    traffic: [],
    watched: [],
    coverage: [],
    watchedBugs: [],
  };
  for (const size of options.sizes) {
    const explored = await bySteps(exploration(PROTOCOL, size), (states) =>
      step(`${sizeText(size)}: ${states} states`),
    );
    if (explored === null) return report;
    report.sizes.push(sizeRow(size, explored));
  }
  for (const bug of options.planted) {
    const explored = await bySteps(exploration(bug.protocol, SMALL), () => step(`planted: ${bug.name}`));
    if (explored === null) return report;
    report.planted.push(plantedRow(bug, explored));
  }
  for (const [i, one] of options.cases.entries()) {
    const what = `litmus ${i + 1} of ${options.cases.length}: ${one.program.name}, ${one.agents.name}`;
    if (!(await step(what))) return report;
    report.litmus.push({ evidence: 'modelled', ...runCase(one) });
  }
  if (!(await step('random traffic'))) return report;
  report.traffic.push(checkTraffic(options.values, options.accesses, options.makeCore));
  await addWatched(report, options, step);
  return report;
}

/** Coverage is of all settings together. */
async function addWatched(report: Growing, options: CheckOptions, step: Step): Promise<void> {
  const { values, makeCore, watchedAccesses: accesses } = options;
  const used: Uint8Array[] = [];
  for (const setting of SETTINGS) {
    const run = await bySteps(watchedRow(values, setting, { accesses, makeCore }), (events) =>
      step(`watched traffic, ${setting.name}: ${events} events`),
    );
    if (run === null) return;
    report.watched.push(run.row);
    used.push(run.used);
  }
  report.coverage.push(
    ...coverageOf(PROTOCOL, used).map((row) => ({ evidence: 'modelled', ...row }) as const),
  );
  const forBugs = { accesses: Math.min(accesses, ENOUGH_FOR_BUGS), makeCore };
  for (const bug of options.planted) {
    const row = await bySteps(watchedBug(bug, values, forBugs), () =>
      step(`watched traffic, planted: ${bug.name}`),
    );
    if (row === null) return;
    report.watchedBugs.push(row);
  }
}

/** Null where `step` ended it. */
async function bySteps<Result>(
  work: Generator<number, Result, void>,
  step: (done: number) => Promise<boolean>,
): Promise<Result | null> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (!(await step(value))) return null;
  }
}

function sizeText({ cpuCount, gpuCount, lineCount }: Size): string {
  return `${cpuCount} cores, ${gpuCount} GPU agents, ${lineCount} lines`;
}

function sizeRow(size: Size, { states, steps, unused, found }: Exploration): SizeRow {
  const { cpuCount, gpuCount, lineCount, capacity } = size;
  return {
    evidence: 'modelled',
    cores: cpuCount,
    gpuAgents: gpuCount,
    lines: lineCount,
    capacity,
    states,
    steps,
    violations: found === null ? 0 : 1,
    violation: found === null ? null : `${found.violation.invariant}: ${found.violation.message}`,
    story: found?.story ?? [],
    unused,
  };
}

function plantedRow({ name, what, invariant }: PlantedBug, { states, found }: Exploration): PlantedRow {
  const caughtBy = found?.violation.invariant ?? null;
  return {
    evidence: 'modelled',
    bug: name,
    what,
    expectedBy: invariant,
    caughtBy,
    states,
    caught: caughtBy !== null,
  };
}
