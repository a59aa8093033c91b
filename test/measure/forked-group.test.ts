import { describe, expect, test } from 'vitest';
import { EXIT, WrongAnswerError } from '../../src/errors.ts';
import type {
  DeviceSubject,
  ForkProgress,
  ForkRequest,
  ForkResult,
} from '../../src/measure/fork-protocol.ts';
import { type ArmRequest, ForkedGroup } from '../../src/measure/forked-group.ts';
import type { Implementation } from '../../src/types.ts';
import { workload } from '../workload/one-workload.ts';

const ALL: readonly Implementation[] = ['wasm', 'ts', 'noop'];
const read = workload('config-read/batch', { widthBytes: 4, mix: 'header' });
const library = workload('config-read/call', { path: 'library' });
const noopCall = workload('noop/call');
const OWN = { label: '', root: null };

type Changes = Partial<DeviceSubject> & Partial<Pick<ForkRequest, 'fork' | 'seed' | 'layers'>>;

function request({ fork = 3, seed = 1, layers = false, ...changes }: Changes = {}): ArmRequest {
  return {
    fork,
    seed,
    block: 2,
    runtime: 'node 0.0.0',
    layers,
    subject: {
      kind: 'device',
      workloads: [read],
      implementations: ALL,
      builds: [OWN],
      device: { device: 'gh200-120gb' },
      nativeBuild: 'O3',
      version: '0.0.0',
      ...changes,
    },
  };
}

interface Measured extends ForkResult {
  /** Rows of what happens once in a process; `series` holds the steady ones. */
  readonly once: ForkResult['series'];
  readonly states: readonly ForkProgress[];
}

/** `stopAt` is asked at every state; from its first true on, the fork is told to stop. */
async function measure(
  changes: Changes = {},
  stopAt: (state: ForkProgress) => boolean = () => false,
): Promise<Measured> {
  const states: ForkProgress[] = [];
  let stopped = false;
  const group = new ForkedGroup(request(changes), {
    progress: (state) => {
      states.push(state);
      stopped ||= stopAt(state);
    },
    stopped: () => stopped,
  });
  await group.prepare();
  await group.measure({ first: 0, budgetMs: 0, atLeast: 4, atMost: 4 });
  const { series, ...others } = group.finish();
  const isSteady = ({ phase }: { phase: string }) => phase === 'steady';
  return { ...others, states, series: series.filter(isSteady), once: series.filter((one) => !isSteady(one)) };
}

const armsOf = ({ series }: ForkResult) => [
  ...new Set(series.map(({ workload: name, implementation }) => `${name} ${implementation}`)),
];

describe('a fork of a group', () => {
  test('has rows for every arm, in the order of the request, whatever order they were prepared in', async () => {
    for (const seed of [1, 2, 3]) {
      const result = await measure({ workloads: [noopCall, read], seed });
      expect(armsOf(result)).toEqual(
        ['noop/call', 'config-read/batch'].flatMap((name) => ALL.map((who) => `${name} ${who}`)),
      );
    }
  });

  test('says in each row which fork, block and runtime it is of', async () => {
    const { series, unavailable } = await measure();
    expect(unavailable).toEqual([]);
    for (const one of series) {
      const facts = { evidence: 'measured', phase: 'steady', fork: 3, block: 2, runtime: 'node 0.0.0' };
      expect(one).toMatchObject(facts);
    }
    const rounds = series
      .filter(({ implementation }) => implementation === 'ts')
      .flatMap(({ round }) => round);
    expect(rounds.sort((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  });

  test('answers as recorded, the same on every implementation', async () => {
    const { series } = await measure();
    const answers = new Map(series.map(({ implementation, checksum }) => [implementation, checksum]));
    const recorded = read.checksums['gh200-120gb/nvgrace'];
    expect(answers.get('wasm')).toBe(recorded);
    expect(answers.get('ts')).toBe(recorded);
    expect(answers.get('noop')).not.toBe(recorded);
  });

  test('with another seed answers otherwise, and is not held against the record', async () => {
    const { series } = await measure({ seed: 2, implementations: ['ts'] });
    expect(series[0]!.checksum).not.toBe(read.checksums['gh200-120gb/nvgrace']);
  });

  test('of a device with other memory is not held against the record either', async () => {
    const edge = workload('region-read/batch', { position: 'memlength' });
    const { series } = await measure({
      workloads: [edge],
      device: { device: 'gh200-120gb', gpuMemory: '2GiB' },
      implementations: ['ts'],
    });
    expect(series[0]!.checksum).not.toBe(edge.checksums['gh200-120gb/nvgrace']);
  });
});

describe('what happens once in a process', () => {
  test('is in rows of its own: starts of implementations, and their first passes', async () => {
    const { once, series } = await measure();
    const first = once.filter(({ phase }) => phase === 'first');
    for (const row of first)
      expect(row).toMatchObject({ round: [0], workload: read.name, fork: 3, block: 2 });
    // This process may have made first passes before.
    expect(first.length).toBeLessThanOrEqual(2);
    const starts = once.filter(({ phase }) => phase !== 'first');
    expect(starts.map(({ implementation, phase }) => `${implementation} ${phase}`)).toEqual(
      expect.arrayContaining(['wasm compile', 'wasm instantiate', 'ts compile', 'ts instantiate']),
    );
    expect(starts.map(({ build }) => build)).toContain(series[0]!.build);
  });
});

describe('layers', () => {
  test('are measured in the rows’ own rounds where they are asked for', async () => {
    const { series } = await measure({ layers: true });
    const rounds = series.find(({ implementation }) => implementation === 'wasm')!.round;
    const layered = series.filter(({ layer }) => layer !== undefined);
    expect(new Set(layered.map(({ layer }) => layer))).toEqual(new Set(['harness', 'boundary', 'unchecked']));
    for (const { round } of layered) expect(round.toSorted()).toEqual(rounds.toSorted());
  });
});

describe('the schedule', () => {
  /** Arms in the order in which they were timed, round by round. */
  async function schedule(changes: Changes): Promise<string[]> {
    const { states } = await measure(changes);
    const timed = states
      .filter(({ phase }) => phase === 'rounds')
      .map(({ implementation }) => implementation![0]);
    return Array.from({ length: 4 }, (_, round) => timed.slice(3 * round, 3 * round + 3).join(''));
  }

  test('is that of seed and fork', async () => {
    const seen = new Set<string>();
    for (const changes of [{ fork: 0 }, { fork: 1 }, { fork: 2 }, { seed: 4 }]) {
      const first = await schedule(changes);
      expect(await schedule(changes)).toEqual(first);
      seen.add(first.join(' '));
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  test('reverses every order in the next round', async () => {
    const [a, b, c, d] = await schedule({ fork: 5 });
    expect(b).toBe([...a!].reverse().join(''));
    expect(d).toBe([...c!].reverse().join(''));
  });
});

describe('an implementation that cannot run a workload', () => {
  test('has a row with the reason, and the others are measured', async () => {
    const result = await measure({ workloads: [library] });
    expect(result.unavailable).toEqual([
      {
        workload: 'config-read/call',
        params: library.params,
        implementation: 'noop',
        runtime: 'node 0.0.0',
        build: result.series[0]!.build,
        reason: 'path library reads registers itself, without an implementation',
      },
    ]);
    expect(armsOf(result)).toEqual(['config-read/call wasm', 'config-read/call ts']);
  });

  test('a device that can run none of it leaves no series', async () => {
    const capabilities = workload('config-read/batch', { mix: 'capabilities' });
    const { series, unavailable } = await measure({
      workloads: [capabilities],
      device: { device: 'generic-type0' },
    });
    expect(series).toEqual([]);
    expect(unavailable.map(({ implementation }) => implementation).sort()).toEqual([...ALL].sort());
  });

  test('a workload that a build does not have is a reason, too', async () => {
    const { series, unavailable } = await measure({
      workloads: [{ ...read, params: { widthBytes: 4, mix: 'header', depth: 2 } }],
      implementations: ['ts'],
    });
    expect(series).toEqual([]);
    expect(unavailable.map(({ reason }) => reason)).toEqual(['this build has no such workload']);
  });
});

describe('a witness', () => {
  test.each([
    ['wasm', 'ts'],
    ['ts', 'wasm'],
  ] as const)('of %s is %s: asked for its answer, never timed', async (asked, witness) => {
    const result = await measure({ implementations: [asked] });
    expect(armsOf(result)).toEqual([`config-read/batch ${asked}`]);
    expect(result.states.filter(({ implementation }) => implementation === witness)).toEqual([]);
  });

  test('is no row either where it cannot run', async () => {
    const { unavailable } = await measure({
      workloads: [workload('config-read/batch', { mix: 'capabilities' })],
      device: { device: 'generic-type0' },
      implementations: ['ts'],
    });
    expect(unavailable.map(({ implementation }) => implementation)).toEqual(['ts']);
  });
});

describe('a wrong answer', () => {
  const wrong = { ...noopCall, checksums: { 'gh200-120gb/nvgrace': 'deadbeef' } };

  test('ends the fork with exit code 5 before anything is timed', async () => {
    const states: ForkProgress[] = [];
    const failure = await measure({ workloads: [wrong] }, (state) => {
      states.push(state);
      return false;
    }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(WrongAnswerError);
    expect(failure).toMatchObject({ exitCode: EXIT.wrongAnswer });
    expect((failure as Error).message).toMatch(
      /^noop\/call \{\}: wrong answer: expected deadbeef \(recorded\), (wasm and ts|ts and wasm) answered [0-9a-f]{8}$/,
    );
    expect(states.filter(({ phase }) => phase !== 'preparing')).toEqual([]);
  });
});

describe('two builds', () => {
  const builds = [
    { label: 'A ', root: null },
    { label: 'B ', root: null },
  ];

  test('of the same code are two arms each, side by side in every round', async () => {
    const { series } = await measure({ builds, implementations: ['wasm', 'ts'] });
    expect(series.map(({ build, implementation }) => `${build[0]} ${implementation}`)).toEqual([
      'A wasm',
      'A ts',
      'B wasm',
      'B ts',
    ]);
    for (const { round } of series) expect(round.toSorted()).toEqual([0, 1, 2, 3]);
  });

  test('of which one is missing or of another interface: the message says so', async () => {
    const missing = [builds[0]!, { label: 'B ', root: '/nowhere' }];
    await expect(measure({ builds: missing })).rejects.toThrow(/nowhere/);
  });
});

describe('a fork that is told to stop', () => {
  test.each(['preparing', 'warm-up'] as const)('while %s has no rows', async (phase) => {
    const { series } = await measure({}, (state) => state.phase === phase);
    expect(series).toEqual([]);
  });

  test('in the middle of rounds keeps those, and checks their answers', async () => {
    let timed = 0;
    const { series, states } = await measure({}, ({ phase }) => phase === 'rounds' && ++timed === 5);
    expect(series.flatMap(({ round }) => round)).toHaveLength(4);
    expect(states.at(-1)!.phase).toBe('checking');
  });
});
