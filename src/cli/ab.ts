/** `barometer ab A B`: two builds of the same workloads, interleaved in one run. */
import { existsSync, type Stats, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EXIT, UsageError } from '../errors.ts';
import { type GateCondition, gateExitCode, parseGate } from '../gate/gate.ts';
import { fingerprint } from '../measure/fingerprint.ts';
import { gatedVerdicts } from '../report/gated-verdicts.ts';
import type { Summary } from '../report/summary.ts';
import { armsOf } from '../run/group-plan.ts';
import { MS_PER_PAIR, NO_DEVICE } from '../run/plan-run.ts';
import { checkFloor } from './floor-check.ts';
import { selectedModule } from './module-groups.ts';
import { warnOnTerminal } from './output.ts';
import { planOptions } from './plan-options.ts';
import {
  countingOfModules,
  countWorkloads,
  expectNoDevice,
  measure,
  type Planned,
  planDevice,
  type RunFlags,
} from './run.ts';
import { budgetOf } from './select.ts';

const LABELS = ['A ', 'B '] as const;

/** Where a checkout, or a folder in which barometer is installed, has the part that `ab` loads. */
const ROOTS = ['.', 'node_modules/barometer'];
const ARMS = 'dist/src/measure/prepare-arm.js';

export interface AbFlags extends RunFlags {
  readonly failOn?: string;
}

/** Returns the exit code. */
export async function ab(a: string, b: string, patterns: readonly string[], flags: AbFlags): Promise<number> {
  const stopAt = flags.failOn === undefined ? [] : parseGate(flags.failOn);
  const planned = await plan(a, b, patterns, flags);
  expectWideMargin(planned, flags, stopAt.length > 0);
  return measure(planned, flags, (summary) => (stopAt.length > 0 ? gateOf(summary, stopAt) : EXIT.ok));
}

async function plan(a: string, b: string, patterns: readonly string[], flags: AbFlags): Promise<Planned> {
  const kinds = [a, b].map(kindOf);
  if (kinds[0] !== kinds[1]) {
    throw new UsageError(
      `${a} is a ${kinds[0]}, ${b} a ${kinds[1]}; expected two checkouts, or two workload modules`,
    );
  }
  if (kinds[0] === 'folder') {
    const builds = [a, b].map((path, i) => ({ label: LABELS[i]!, root: rootOf(path) }));
    const planned = planDevice(patterns, flags, builds);
    // What a suite has time for on one build is too little to tell two apart.
    return {
      ...planned,
      forks: undefined,
      budgetMs: budgetOf(flags, MS_PER_PAIR * countWorkloads(planned.groups)),
    };
  }
  if (patterns.length > 0) {
    throw new UsageError(`${patterns.join(' ')}: modules are measured whole; name functions with --filter`);
  }
  expectNoDevice(flags);
  const options = planOptions(flags);
  const runtime = options.runtimes[0]!.path;
  const group = await selectedModule([a, b], LABELS, { ...flags, ...options, runtime });
  const budgetMs = budgetOf(flags, MS_PER_PAIR * countWorkloads([group]));
  return { groups: [group], budgetMs, settings: NO_DEVICE, counting: countingOfModules([group], options) };
}

/** @throws UsageError for a gate below the noise floor of this host */
function expectWideMargin({ groups }: Planned, flags: AbFlags, isGate: boolean): void {
  const { margin, runtimes, looks } = planOptions(flags);
  const arms = groups.flatMap((group) => armsOf(group, runtimes));
  const warn = flags.quiet ? () => {} : warnOnTerminal;
  const forkCount = looks.at(-1)!;
  const host = fingerprint([]);
  const question = { arms, margin, fingerprint: host, proximity: 'interleaved', isGate, forkCount } as const;
  checkFloor(question, { env: process.env, warn });
}

/** @throws UsageError where there is nothing to judge: that is no reason to pass */
function gateOf(summary: Summary, stopAt: readonly GateCondition[]): number {
  const verdicts = gatedVerdicts(summary);
  if (verdicts.length > 0) return gateExitCode(verdicts, stopAt);
  throw new UsageError(
    '--fail-on: nothing was compared: what A and B both measured is nothing that is held against each other. ' +
      'Expected a workload and an implementation, other than noop, that both have',
  );
}

function kindOf(path: string): 'folder' | 'file' {
  let stats: Stats;
  try {
    stats = statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file or folder' : `cannot be opened (${code})`;
    throw new UsageError(`${path}: ${reason}; expected a checkout of barometer, or a workload module`);
  }
  return stats.isDirectory() ? 'folder' : 'file';
}

function rootOf(path: string): string {
  const root = ROOTS.map((folder) => resolve(path, folder)).find((folder) => existsSync(join(folder, ARMS)));
  if (root !== undefined) return root;
  throw new UsageError(
    `${path}: holds no built barometer (${ARMS}); expected a checkout in which \`npm ci\` has run, or a folder ` +
      'where barometer is installed',
  );
}
