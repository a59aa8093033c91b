import { describe, expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { EXIT, WrongAnswerError } from '../../src/errors.ts';
import { parseSamples, type SamplesDocument } from '../../src/results/samples.ts';
import { type Progress, type RunHooks, type RunPlan, runWorkloads } from '../../src/run/run-workloads.ts';
import type { Implementation } from '../../src/types.ts';
import { selectWorkloads } from '../../src/workload/catalog.ts';
import { loadWorkloads, type Workload } from '../../src/workload/scenario.ts';

const ALL: readonly Implementation[] = ['wasm', 'ts', 'noop'];

function workload(name: string, params: Workload['params'] = {}): Workload {
  return loadWorkloads().find(
    (one) =>
      one.name === name && Object.entries(params).every(([param, value]) => one.params[param] === value),
  )!;
}
const read = workload('config-read/batch', { widthBytes: 4, mix: 'header' });
const library = workload('config-read/call', { path: 'library' });
const noopCall = workload('noop/call');

/** The shortest run there is: every workload gets its fewest rounds. */
function plan(workloads: readonly Workload[], changes: Partial<RunPlan> = {}): RunPlan {
  return {
    workloads,
    implementations: ALL,
    spec: specFromFlags({ device: 'gh200-120gb' }),
    device: 'gh200-120gb',
    suite: null,
    budgetMs: 1,
    seed: 1,
    version: '0.0.0',
    createdAt: new Date('2026-11-22T15:30:12Z'),
    ...changes,
  };
}

interface Recorded extends RunHooks {
  readonly saved: SamplesDocument[];
  readonly states: Progress[];
}

/** `interruptAt` is asked at every state; from its first true on, the run is interrupted. */
function hooks(interruptAt: (state: Progress) => boolean = () => false): Recorded {
  const saved: SamplesDocument[] = [];
  const states: Progress[] = [];
  let interrupted = false;
  return {
    saved,
    states,
    progress: (state) => {
      states.push(state);
      interrupted ||= interruptAt(state);
    },
    save: (document) => saved.push(structuredClone(document)),
    interrupted: () => interrupted,
  };
}

const armsOf = ({ series }: SamplesDocument) =>
  series.map(({ workload: name, implementation }) => `${name} ${implementation}`);

describe('a run', () => {
  test('has rows for every arm, complete, and valid as a file', async () => {
    const samples = await runWorkloads(plan([read, noopCall]), hooks());
    expect(parseSamples(JSON.parse(JSON.stringify(samples)), 'run')).toEqual(samples);
    expect(new Set(armsOf(samples))).toEqual(
      new Set(['config-read/batch', 'noop/call'].flatMap((name) => ALL.map((who) => `${name} ${who}`))),
    );
    expect(samples.unavailable).toEqual([]);
    expect(samples.settings).toMatchObject({
      seed: 1,
      device: 'gh200-120gb',
      policy: 'nvgrace',
      suite: null,
    });
    for (const series of samples.series) {
      expect(series).toMatchObject({ evidence: 'measured', phase: 'steady', fork: 0 });
      expect(series.runtime).toBe(`node ${process.versions.node}`);
    }
    const rounds = samples.series
      .filter(({ workload: name, implementation }) => name === 'config-read/batch' && implementation === 'ts')
      .flatMap(({ round }) => round);
    expect(rounds.sort((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, i) => i));
  });

  test('of one block each group, so that only neighbours in time are paired', async () => {
    const { series } = await runWorkloads(plan([read, noopCall], { implementations: ['ts'] }), hooks());
    expect(new Map(series.map(({ workload: name, block }) => [name, block]))).toEqual(
      new Map([
        ['config-read/batch', 0],
        ['noop/call', 1],
      ]),
    );
  });

  test('answers as recorded, the same on every implementation', async () => {
    const { series } = await runWorkloads(plan([read]), hooks());
    const answers = new Map(series.map(({ implementation, checksum }) => [implementation, checksum]));
    const recorded = read.checksums['gh200-120gb/nvgrace'];
    expect(answers.get('wasm')).toBe(recorded);
    expect(answers.get('ts')).toBe(recorded);
    expect(answers.get('noop')).not.toBe(recorded);
  });

  test('with another seed answers otherwise, and is not held against the record', async () => {
    const { series } = await runWorkloads(plan([read], { seed: 2, implementations: ['ts'] }), hooks());
    expect(series[0]!.checksum).not.toBe(read.checksums['gh200-120gb/nvgrace']);
  });

  test('of a device with other memory is not held against the record either', async () => {
    const edge = workload('region-read/batch', { position: 'memlength' });
    const spec = specFromFlags({ device: 'gh200-120gb', gpuMemory: '2GiB' });
    const { series } = await runWorkloads(plan([edge], { spec, implementations: ['ts'] }), hooks());
    expect(series[0]!.checksum).not.toBe(edge.checksums['gh200-120gb/nvgrace']);
  });

  test('saves after each group', async () => {
    const recorded = hooks();
    await runWorkloads(plan([read, noopCall], { implementations: ['ts'] }), recorded);
    const { saved } = recorded;
    expect(saved.map(({ series }) => new Set(series.map(({ block }) => block)).size)).toEqual([1, 2]);
  });
});

describe('the schedule', () => {
  /** Arms in the order in which they were timed. */
  async function schedule(seed: number): Promise<string> {
    const recorded = hooks();
    await runWorkloads(plan([read], { seed }), recorded);
    const timed = recorded.states.filter(({ phase }) => phase === 'rounds');
    return timed.map(({ implementation }) => implementation![0]).join('');
  }

  test('is that of the seed', async () => {
    const [first, again, other] = [await schedule(3), await schedule(3), await schedule(4)];
    expect(first).toHaveLength(15 * 3);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });
});

describe('an implementation that cannot run a workload', () => {
  test('has a row with the reason, and the others are measured', async () => {
    const samples = await runWorkloads(plan([library]), hooks());
    expect(samples.unavailable).toEqual([
      {
        workload: 'config-read/call',
        params: library.params,
        implementation: 'noop',
        runtime: `node ${process.versions.node}`,
        build: samples.series[0]!.build,
        reason: 'path library reads registers itself, without an implementation',
      },
    ]);
    expect(new Set(armsOf(samples))).toEqual(new Set(['config-read/call wasm', 'config-read/call ts']));
  });

  test('a device that can run none of it leaves a valid document without series', async () => {
    const spec = specFromFlags({ device: 'generic-type0' });
    const capabilities = workload('config-read/batch', { mix: 'capabilities' });
    const samples = await runWorkloads(plan([capabilities], { spec, device: 'generic-type0' }), hooks());
    expect(samples.series).toEqual([]);
    expect(samples.unavailable.map(({ implementation }) => implementation)).toEqual(ALL);
    expect(parseSamples(JSON.parse(JSON.stringify(samples)), 'run')).toEqual(samples);
  });
});

describe('a witness', () => {
  test('is asked for its answer where one implementation was asked for, and never timed', async () => {
    for (const [asked, witness] of [
      ['wasm', 'ts'],
      ['ts', 'wasm'],
    ] as const) {
      const recorded = hooks();
      const samples = await runWorkloads(plan([read], { implementations: [asked] }), recorded);
      expect(new Set(armsOf(samples))).toEqual(new Set([`config-read/batch ${asked}`]));
      expect(recorded.states.filter(({ implementation }) => implementation === witness)).toEqual([]);
    }
  });

  test('is no row either where it cannot run', async () => {
    const spec = specFromFlags({ device: 'generic-type0' });
    const capabilities = workload('config-read/batch', { mix: 'capabilities' });
    const samples = await runWorkloads(
      plan([capabilities], { spec, device: 'generic-type0', implementations: ['ts'] }),
      hooks(),
    );
    expect(samples.unavailable.map(({ implementation }) => implementation)).toEqual(['ts']);
  });
});

describe('a wrong answer', () => {
  const wrong = { ...noopCall, checksums: { 'gh200-120gb/nvgrace': 'deadbeef' } };

  test('ends the run with exit code 5 before anything of its group is timed', async () => {
    const recorded = hooks();
    const failure = await runWorkloads(plan([wrong]), recorded).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WrongAnswerError);
    expect(failure).toMatchObject({ exitCode: EXIT.wrongAnswer });
    expect((failure as Error).message).toMatch(
      /^noop\/call \{\}: wrong answer: expected deadbeef \(recorded\), wasm and ts answered [0-9a-f]{8}$/,
    );
    expect(recorded.states.filter(({ phase }) => phase !== 'preparing')).toEqual([]);
  });

  test('leaves the groups before it saved', async () => {
    const recorded = hooks();
    await expect(runWorkloads(plan([read, wrong], { implementations: ['ts'] }), recorded)).rejects.toThrow(
      WrongAnswerError,
    );
    expect(recorded.saved.flatMap(armsOf)).toContain('config-read/batch ts');
    expect(recorded.saved).toHaveLength(1);
  });
});

describe('an interrupted run', () => {
  const three = selectWorkloads(loadWorkloads(), ['noop/*', 'config-write/call', 'config-read/call']);

  test.each(['preparing', 'warm-up'] as const)(
    'during %s of its second group keeps the first',
    async (phase) => {
      const last = three.at(-1)!;
      const recorded = hooks((state) => state.phase === phase && state.workload === last.name);
      const samples = await runWorkloads(plan(three, { implementations: ['ts'] }), recorded);
      expect(armsOf(samples).length).toBeGreaterThan(0);
      expect(armsOf(samples)).not.toContain(`${last.name} ts`);
      expect(recorded.saved.at(-1)).toEqual(samples);
    },
  );

  test('in the middle of rounds keeps those, and starts no other group', async () => {
    let timed = 0;
    const recorded = hooks(({ phase }) => phase === 'rounds' && ++timed === 5);
    const samples = await runWorkloads(plan([read, noopCall]), recorded);
    expect(samples.series.flatMap(({ round }) => round)).toHaveLength(4);
    expect(new Set(recorded.states.map(({ workload: name }) => name))).toEqual(
      new Set(['config-read/batch']),
    );
    expect(parseSamples(JSON.parse(JSON.stringify(samples)), 'run')).toEqual(samples);
  });
});
