import { describe, expect, test } from 'vitest';
import { EXIT, WrongAnswerError } from '../../src/errors.ts';
import type { DeviceSubject } from '../../src/measure/fork-protocol.ts';
import { parseSamples } from '../../src/results/parse-samples.ts';
import type { SamplesDocument } from '../../src/results/samples.ts';
import { deviceGroups } from '../../src/run/group-plan.ts';
import { type Progress, type RunHooks, type RunPlan, runWorkloads } from '../../src/run/run-workloads.ts';
import type { Implementation } from '../../src/types.ts';
import type { Workload } from '../../src/workload/scenario.ts';
import { NATIVE_NOTE, NATIVE_REASON } from '../implementations.ts';
import { workload } from '../workload/one-workload.ts';

const read = workload('config-read/batch', { widthBytes: 4, mix: 'header' });
const noopCall = workload('noop/call');
const THIS_NODE = { path: process.execPath, label: `node ${process.versions.node}` };

const IMPLEMENTATIONS: readonly Implementation[] = ['ts'];

type Changes = Partial<Omit<RunPlan, 'head' | 'groups'>> & Partial<Pick<DeviceSubject, 'implementations'>>;

/** One fork of each group. */
function plan(workloads: readonly Workload[], changes: Changes = {}): RunPlan {
  const { implementations = IMPLEMENTATIONS, ...others } = changes;
  const seed = others.seed ?? 1;
  const looks = others.looks ?? [1];
  return {
    groups: deviceGroups(workloads, {
      implementations,
      builds: [{ label: '', root: null }],
      device: { device: 'gh200-120gb' },
      nativeBuild: 'O3',
      version: '0.0.0',
    }),
    runtimes: [THIS_NODE],
    budgetMs: 1,
    looks,
    silenceMs: 60_000,
    seed,
    ...others,
    head: {
      id: 'run-1',
      createdAt: '2026-11-22T15:30:12.000Z',
      settings: { seed, device: 'gh200-120gb', policy: 'nvgrace', suite: null, budgetMs: 1 },
      fingerprint: {},
    },
  };
}

interface Recorded extends RunHooks {
  readonly saved: SamplesDocument[];
  readonly states: Progress[];
}

interface HookOptions {
  /** Asked at every state; from its first true on, the run is interrupted. */
  readonly interruptAt?: (state: Progress) => boolean;
  readonly undecided?: (samples: SamplesDocument) => ReadonlySet<number>;
}

function hooks({ interruptAt = () => false, undecided = everyBlock }: HookOptions = {}): Recorded {
  const saved: SamplesDocument[] = [];
  const states: Progress[] = [];
  const controller = new AbortController();
  return {
    saved,
    states,
    progress: (state) => {
      states.push(state);
      if (interruptAt(state)) controller.abort();
    },
    save: (document) => saved.push(structuredClone(document)),
    signal: controller.signal,
    undecided,
  };
}

function everyBlock({ series }: SamplesDocument): Set<number> {
  return new Set(series.map(({ block }) => block));
}

/** Forks of each block, in the order in which they were measured. */
function forksOf({ series }: SamplesDocument): Record<number, number[]> {
  const byBlock = Object.groupBy(series, ({ block }) => block);
  return Object.fromEntries(
    Object.entries(byBlock).map(([block, list]) => [block, [...new Set(list!.map(({ fork }) => fork))]]),
  );
}

describe('a run', () => {
  test('is a valid file with everything in it that was asked for', async () => {
    const implementations = ['wasm', 'ts', 'noop'] as const;
    const { samples, failures } = await runWorkloads(plan([read, noopCall], { implementations }), hooks());
    expect(failures).toEqual([]);
    expect(parseSamples(JSON.parse(JSON.stringify(samples)), 'run')).toEqual(samples);
    expect(samples.runs).toEqual([
      {
        id: 'run-1',
        createdAt: samples.createdAt,
        settings: samples.settings,
        fingerprint: samples.fingerprint,
      },
    ]);
    const rows = samples.series.filter(({ phase, layer }) => phase === 'steady' && layer === undefined);
    expect(rows.map(({ workload: name, implementation }) => `${name} ${implementation}`)).toEqual(
      ['config-read/batch', 'noop/call'].flatMap((name) => implementations.map((who) => `${name} ${who}`)),
    );
    expect([samples.unavailable, samples.excluded]).toEqual([[], []]);
  });

  test('forks each group anew in every pass, each fork with a number of its own', async () => {
    const { samples } = await runWorkloads(plan([read, noopCall], { looks: [2, 3], budgetMs: 1e6 }), hooks());
    const forks = forksOf(samples);
    expect([forks[0]!.length, forks[1]!.length]).toEqual([3, 3]);
    expect(new Set(Object.values(forks).flat()).size).toBe(6);
  });

  test('measures noop, which nothing is held against, in the first fork of a group', async () => {
    const forksBy = async (implementations: readonly Implementation[]) => {
      const { samples } = await runWorkloads(
        plan([read], { implementations, looks: [3], budgetMs: 1e6 }),
        hooks(),
      );
      const rows = samples.series.filter(({ phase, layer }) => phase === 'steady' && layer === undefined);
      return Object.fromEntries(
        implementations.map((name) => [
          name,
          new Set(rows.filter(({ implementation }) => implementation === name).map(({ fork }) => fork)).size,
        ]),
      );
    };
    expect(await forksBy(['ts', 'noop'])).toEqual({ ts: 3, noop: 1 });
    expect(await forksBy(['noop'])).toEqual({ noop: 3 });
  });

  test('saves after each fork', async () => {
    const recorded = hooks();
    await runWorkloads(plan([read, noopCall], { looks: [2], budgetMs: 1e6 }), recorded);
    const counts = recorded.saved.map((document) => Object.values(forksOf(document)).flat().length);
    expect(counts).toEqual([1, 2, 3, 4]);
  });

  test('gives every group one fork, whatever the budget', async () => {
    const { samples } = await runWorkloads(plan([read, noopCall], { looks: [4, 6] }), hooks());
    expect(Object.values(forksOf(samples)).map(({ length }) => length)).toEqual([1, 1]);
  });
});

describe('a look', () => {
  test('leaves out groups whose comparisons are decided, and is only where it was planned', async () => {
    let looks = 0;
    const undecided = () => {
      looks++;
      return new Set([1]);
    };
    const { samples } = await runWorkloads(
      plan([read, noopCall], { looks: [2, 3], budgetMs: 1e6 }),
      hooks({ undecided }),
    );
    expect(Object.values(forksOf(samples)).map(({ length }) => length)).toEqual([2, 3]);
    expect(looks).toBe(2);
  });

  test('at which all is decided ends the run', async () => {
    const { samples } = await runWorkloads(
      plan([read], { looks: [1, 5], budgetMs: 1e6 }),
      hooks({ undecided: () => new Set() }),
    );
    expect(forksOf(samples)[0]).toHaveLength(1);
  });
});

describe('runtimes', () => {
  test('take turns in processes of their own, and share fork, block and rounds', async () => {
    const runtimes = [
      { path: process.execPath, label: 'node a' },
      { path: process.execPath, label: 'node b' },
    ];
    const { samples } = await runWorkloads(plan([noopCall], { runtimes }), hooks());
    const [a, b] = ['node a', 'node b'].map((runtime) =>
      samples.series.filter((one) => one.runtime === runtime),
    ) as [SamplesDocument['series'], SamplesDocument['series']];
    expect(a.flatMap(({ round }) => round).sort()).toEqual(b.flatMap(({ round }) => round).sort());
    expect(a.length).toBeGreaterThan(0);
    expect(new Set(samples.series.map(({ fork }) => fork)).size).toBe(1);
  });
});

describe('a fork that fails', () => {
  /** Not a Node at all: it ends at once. */
  const broken = { path: '/bin/false', label: 'node x' };

  test('costs its group and nothing else, and is on record', async () => {
    const { samples, failures } = await runWorkloads(plan([noopCall], { runtimes: [broken] }), hooks());
    expect(samples.series).toEqual([]);
    expect(failures.map(({ message }) => message)).toEqual([
      'noop/call: the process that measured it exited with code 1',
    ]);
    expect(samples.excluded).toMatchObject([
      { workload: 'noop/call', implementation: 'ts', rounds: 0, fork: 0, reason: failures[0]!.message },
    ]);
    expect(parseSamples(JSON.parse(JSON.stringify(samples)), 'run')).toEqual(samples);
  });

  test('says when the runtime is not there', async () => {
    const missing = { path: '/nowhere/node', label: 'node x' };
    const { failures } = await runWorkloads(plan([noopCall], { runtimes: [missing] }), hooks());
    expect(failures[0]!.message).toMatch(/^\/nowhere\/node could not be started: .*ENOENT/);
  });

  const title = 'in a way that nobody foresaw costs its group, too; its stack goes to the end of the run';
  test.skipIf(NATIVE_REASON !== null)(`${title}${NATIVE_NOTE}`, async () => {
    const broken = plan([noopCall], { implementations: ['native'] });
    const groups = broken.groups.map((group) => ({
      ...group,
      subject: { ...group.subject, nativeBuild: 'nonsense' } as unknown as typeof group.subject,
    }));
    const others = plan([read]).groups;
    const { samples, failures } = await runWorkloads({ ...broken, groups: [...groups, ...others] }, hooks());
    expect(failures).toHaveLength(1);
    expect(failures[0]!.message).toMatch(/^TypeError: .*\n +at /);
    expect(samples.excluded).toMatchObject([
      { workload: 'noop/call', reason: expect.stringMatching(/^TypeError: [^\n]*$/) },
    ]);
    expect(samples.series.some(({ workload }) => workload === read.name)).toBe(true);
  });

  test('by silence is ended', async () => {
    const { failures } = await runWorkloads(plan([noopCall], { silenceMs: 1 }), hooks());
    expect(failures[0]!.message).toMatch(/said nothing for 0\.001 s, and was ended/);
  });
});

describe('a wrong answer', () => {
  const wrong = { ...noopCall, checksums: { 'gh200-120gb/nvgrace': 'deadbeef' } };

  test('ends the run with exit code 5, and leaves what was measured before saved', async () => {
    // The order of groups is drawn: with some seed the right one comes first.
    for (let attempt = 0; attempt < 20; attempt++) {
      const recorded = hooks();
      const noisy = { ...read, group: `group ${attempt}` };
      const run = runWorkloads(plan([noisy, wrong], { seed: 1, looks: [1 + attempt] }), recorded);
      const failure = await run.catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WrongAnswerError);
      expect(failure).toMatchObject({ exitCode: EXIT.wrongAnswer });
      if (recorded.saved.length === 0) continue;
      expect(recorded.saved[0]!.series[0]!.workload).toBe('config-read/batch');
      return;
    }
    throw new Error('the wrong one always came first');
  });
});

describe('an interrupted run', () => {
  const groups = [noopCall, read];

  test.each(['preparing', 'warm-up'] as const)(
    'during %s of its second fork keeps the first',
    async (phase) => {
      const recorded: Recorded = hooks({
        interruptAt: (state) => recorded.saved.length === 1 && state.phase === phase,
      });
      const { samples, failures } = await runWorkloads(plan(groups), recorded);
      expect(failures).toEqual([]);
      expect(Object.values(forksOf(samples))).toHaveLength(1);
      expect(recorded.saved.at(-1)).toEqual(samples);
    },
  );

  test('in the middle of rounds keeps those, and starts no other fork', async () => {
    const recorded = hooks({ interruptAt: ({ phase }) => phase === 'rounds' });
    const { samples } = await runWorkloads(plan([read], { looks: [5], budgetMs: 1e6 }), recorded);
    expect(forksOf(samples)).toEqual({ 0: [0] });
    expect(parseSamples(JSON.parse(JSON.stringify(samples)), 'run')).toEqual(samples);
  });
});
