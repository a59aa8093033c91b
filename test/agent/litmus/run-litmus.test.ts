import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { LitmusBench, verdictOf } from '../../../src/agent/litmus/run-litmus.ts';
import { controlOf, LITMUS_TESTS, type LitmusTest, storeBuffering } from '../../../src/agent/litmus/tests.ts';
import type { AgentPool } from '../../../src/agent/pool.ts';
import { deviceSpec } from '../../../src/device/device-spec.ts';
import { findProfile } from '../../../src/device/profiles.ts';
import { useCoreModule, wasmPath } from '../../../src/device/wasm/module.ts';
import { outcomesOf } from './interleavings.ts';

const profile = findProfile('gh200-120gb')!;
const spec = deviceSpec(profile.source, profile);
const TRIALS = 20_000;
/** A control that fires in one trial of a thousand or more is seen in fewer by far. */
const MOST_TRIALS = 20_000_000;
const release = new WebAssembly.Module(readFileSync(wasmPath()));

let bench: LitmusBench;
function open(implementation: 'wasm' | 'ts', agentCount = 2): LitmusBench {
  bench = new LitmusBench(spec, implementation, agentCount);
  return bench;
}
afterEach(async () => {
  await bench.close();
  useCoreModule(release);
});

const find = (name: string) => LITMUS_TESTS.find((one) => one.name === name)!;

/** Until it is seen, or long enough. */
async function seen(one: LitmusTest): Promise<number> {
  let [trials, weak] = [0, 0];
  while (weak === 0 && trials < MOST_TRIALS) {
    const run = (await bench.run(one, 250_000))!;
    trials += run.trials;
    weak = run.weak;
  }
  return weak;
}

describe.each(['wasm', 'ts'] as const)('in %s', (implementation) => {
  test.each([2, 4])(
    'tests of %i agents have no outcome beyond those of interleavings where all is atomic',
    async (count) => {
      open(implementation, count);
      for (const one of LITMUS_TESTS.filter(({ threads }) => threads.length === count)) {
        const { trials, outcomes, weak } = (await bench.run(one, TRIALS))!;
        expect(trials).toBeGreaterThanOrEqual(TRIALS);
        expect(outcomes.reduce((sum, outcome) => sum + outcome.count, 0)).toBe(trials);
        if (one.model === 'allowed') continue;
        expect(weak).toBe(0);
        const possible = outcomesOf(one).map(String);
        // A message that is not there yet may be read in any way.
        expect(
          outcomes.map(({ values }) => String(values)).filter((values) => !possible.includes(values)),
        ).toEqual([]);
      }
    },
  );

  test.skipIf(availableParallelism() < 2)('the control fires', async () => {
    open(implementation);
    expect(await seen(controlOf(2))).toBeGreaterThan(0);
  });

  test.skipIf(availableParallelism() < 2)(
    'a store that is plain where it was to be atomic is a fault',
    async () => {
      open(implementation);
      const atomics = find('sb atomics');
      const planted = { ...atomics, ...storeBuffering(false, true) };
      const weak = await seen(planted);
      expect(verdictOf({ test: planted, weak }, [{ weak: 1 }], false)).toBe('fault');
    },
  );

  test.skipIf(availableParallelism() < 2)('so is an increment', async () => {
    open(implementation);
    const atomics = find('rmw atomics');
    const planted = { ...atomics, threads: find('rmw plain').threads };
    const weak = await seen(planted);
    expect(verdictOf({ test: planted, weak }, [{ weak: 1 }], false)).toBe('fault');
  });

  test('a stop ends it', async () => {
    open(implementation);
    const running = bench.run(find('sb atomics'), 1e12);
    bench.stop();
    expect((await running)?.trials ?? 0).toBeLessThan(1e12);
  });

  test('what was seen before a stop is there', async () => {
    open(implementation);
    const running = bench.run(find('rmw plain'), 1e12);
    // The word of the first slot is set, and cleared for the next chunk: the first one has been counted.
    const { memory, range } = (bench as unknown as { pool: AgentPool }).pool;
    const word = range.address >>> 2;
    for (const isSet of [true, false]) {
      while ((Atomics.load(memory.i32, word) !== 0) !== isSet) await setImmediate();
    }
    bench.stop();
    const { trials, outcomes } = (await running)!;
    expect(outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(trials);
  });
});

/** The core with a bug in it. */
function planted(from: string, to: string): WebAssembly.Module {
  const folder = mkdtempSync(join(tmpdir(), 'barometer-'));
  try {
    cpSync('assembly', join(folder, 'assembly'), { recursive: true });
    const path = join(folder, 'assembly/agent-litmus.ts');
    const text = readFileSync(path, 'utf8');
    expect(text.split(from)).toHaveLength(2);
    writeFileSync(path, text.replace(from, to));
    const outFile = join(folder, 'planted.wasm');
    const compiler = createRequire(import.meta.url).resolve('assemblyscript/bin/asc.js');
    const config = ['--config', resolve('asconfig.json'), '--target', 'release', '--outFile', outFile];
    execFileSync(process.execPath, [compiler, 'assembly/index.ts', ...config], {
      cwd: folder,
      stdio: 'pipe',
    });
    return new WebAssembly.Module(readFileSync(outFile));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(availableParallelism() < 2)('a bug in the core is seen', () => {
  test.each([
    ['sb atomics', 'if (isAtomic) atomic.store<u32>(at, value);', 'if (isAtomic) store<u32>(at, value);'],
    ['rmw atomics', 'if (isFirst) atomic.add<u32>(a, 1);', 'if (isFirst) store<u32>(a, load<u32>(a) + 1);'],
  ])('by %s', async (name, from, to) => {
    useCoreModule(planted(from, to));
    open('wasm');
    const one = find(name);
    const weak = await seen(one);
    expect(verdictOf({ test: one, weak }, [{ weak: 1 }], false)).toBe('fault');
  });
});

describe('a verdict', () => {
  const [forbidden, allowed] = [find('sb atomics'), find('sb plain')];

  test.each([
    [forbidden, 1, 1, false, 'fault'],
    [forbidden, 1, 0, true, 'fault'],
    [forbidden, 0, 1, false, 'none seen'],
    [forbidden, 0, 0, false, 'not shown'],
    [forbidden, 0, 1, true, 'not shown'],
    [allowed, 1, 1, false, 'seen, as allowed'],
    [allowed, 0, 1, false, 'allowed, none seen'],
    [allowed, 0, 0, false, 'not shown'],
  ] as const)('of %o, seen %i times, is %5$s', (one, weak, control, isOversubscribed, verdict) => {
    expect(verdictOf({ test: one, weak }, [{ weak: 1 }, { weak: control }], isOversubscribed)).toBe(verdict);
  });
});
