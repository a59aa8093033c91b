import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SimulatorCore } from '../../../src/coherence/simulate/simulator-core.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';
import { wasmCore } from '../../../src/coherence/simulate/wasm-core.ts';
import { MIXES, type Mix } from '../../../src/coherence/speed/mixes.ts';
import { buildQueueLoop, queueLoopNs } from '../../../src/coherence/speed/queue-loop.ts';
import { type MixRun, runMix } from '../../../src/coherence/speed/run-mix.ts';
import { isKept, type Round, speedOf } from '../../../src/coherence/speed/speeds.ts';
import { speedsText } from '../../../src/coherence/speed/text.ts';
import { findCompiler } from '../../../src/device/native/compiler.ts';
import { BarometerError, WrongAnswerError } from '../../../src/errors.ts';
import { VALUES } from '../simulate/streams.ts';

/** Caches of homes take longest to lay out, and no mix of so few accesses fills them. */
const SMALL = { ...VALUES, 'l3-size': 12 * 64 * 4096, 'l2-size': 16 * 64 * 4096 };
const MOST = 300;

/** Each reading is a nanosecond after the one before. */
function ticking(): () => number {
  let now = 0;
  return () => now++;
}

function short(mix: Mix, core: SimulatorCore): MixRun {
  return runMix(mix, SMALL, core, ticking(), MOST);
}

describe('mixes', () => {
  test.each(MIXES)('$name: all accesses end, and both implementations come to the same', (mix) => {
    const run = short(mix, tsCore());
    expect(run.accesses).toBe(MOST * (mix.cores + mix.gpuAgents));
    expect(run.ns).toBeGreaterThan(0);
    expect(short(mix, wasmCore())).toEqual(run);
  });

  test('have as many events for each access as their names say', () => {
    const perAccess = (name: string) => {
      const mix = MIXES.find((one) => one.name === name)!;
      const { events, accesses } = runMix(mix, SMALL, wasmCore(), ticking(), 30_000);
      return events / accesses;
    };
    expect(perAccess('first level')).toBeLessThan(0.1);
    // A tenth has a request and a reply.
    expect(perAccess('nine of ten')).toBeGreaterThan(0.2);
    expect(perAccess('nine of ten')).toBeLessThan(0.6);
    expect(perAccess('LPDDR')).toBeGreaterThanOrEqual(2);
  });
});

describe('the loop in C', () => {
  const hasCompiler = !('reason' in findCompiler(process.env));

  test.runIf(hasCompiler)('takes as many events as a run had, of each mix', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'barometer-'));
    try {
      const program = buildQueueLoop(folder);
      for (const mix of MIXES) expect(queueLoopNs(program, mix, short(mix, wasmCore()))).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('that finds itself wrong is no figure', () => {
    expect(() => queueLoopNs('false', MIXES[0]!, short(MIXES[0]!, tsCore()))).toThrow(BarometerError);
  });
});

describe('speeds', () => {
  const run: MixRun = { accesses: 100, events: 50, lines: 10, traceHash: 7, waiting: 3, ns: 1 };
  const round = (wasm: number, traceHash = 7): Round => ({
    run: { ...run, traceHash },
    wasm,
    ts: wasm / 2,
    c: 2 * wasm,
  });
  const mix: Mix = { ...MIXES[0]!, promised: 10 };

  test('are medians of rounds, and a promise is missed below it', () => {
    const speed = speedOf(mix, [round(9), round(11), round(30)]);
    expect(speed).toEqual({ mix, eventsPerAccess: 0.5, wasm: 11, ts: 5.5, c: 22 });
    expect(isKept(speed)).toBe(true);
    const missed = { ...speed, wasm: 9.9 };
    expect(isKept(missed)).toBe(false);
    expect(isKept({ ...missed, mix: { ...mix, promised: null } })).toBe(true);
    expect(speedsText([speed, missed])).toMatch(
      / 11\.0 +5\.5 +22\.0 +0\.50 +10 kept\n.* 9\.9 .* 10 MISSED\n/,
    );
  });

  test('of two traces are none', () => {
    expect(() => speedOf(mix, [round(9), round(9, 8)])).toThrow(WrongAnswerError);
  });
});
