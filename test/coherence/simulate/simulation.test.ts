import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as layout from '../../../assembly/coherence/layout.ts';
import { parameterNamed } from '../../../src/coherence/profiles/parameters.ts';
import { CPU, EVENT, GPU, MESSAGE, VIEW } from '../../../src/coherence/protocol/codes.ts';
import { EVENTS } from '../../../src/coherence/protocol/names.ts';
import { PROTOCOL } from '../../../src/coherence/protocol/protocol.ts';
import { MAX_CORES } from '../../../src/coherence/simulate/plan.ts';
import { Simulation, type SimulationResult } from '../../../src/coherence/simulate/simulation.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';
import { SimulationView } from '../../../src/coherence/simulate/view.ts';
import { wasmCore } from '../../../src/coherence/simulate/wasm-core.ts';
import { UsageError } from '../../../src/errors.ts';
import { accesses, GPU_MEMORY, mixed, simulate, TRAFFIC, VALUES } from './streams.ts';

const CHASE = layout.ACCESS_LOAD | layout.ACCESS_DEPENDS;
const CORE = { cores: 1, gpuAgents: 0 };
const SM = { cores: 0, gpuAgents: 1 };

function meanPs({ accesses: count, agents }: SimulationResult): number {
  return agents.reduce((sum, { latencyPs }) => sum + latencyPs, 0) / count;
}

const partsPs = ({ partsPs }: SimulationResult) => Object.values(partsPs).reduce((sum, ps) => sum + ps, 0);
const latencyPs = ({ agents }: SimulationResult) => agents.reduce((sum, one) => sum + one.latencyPs, 0);

describe('a chase through lines that nobody has', () => {
  const far = (base: number) => accesses(2000, (i) => base + 97 * i, CHASE);
  const { 'lpddr-latency': lpddr, 'hbm-latency': hbm, 'link-propagation': way } = VALUES;
  const [core, sm] = [2 * VALUES['cpu-fabric-hop'], 2 * VALUES['gpu-fabric-hop']];
  /** A request one way, a line the other: picoseconds on the link. */
  const bytes = (...counts: number[]) =>
    counts.reduce((sum, count) => sum + Math.round((count * 1e12) / VALUES['link-rate']), 0);
  const across = 2 * way + bytes(VALUES['link-overhead-request'], 64 + VALUES['link-overhead-read-data']);

  test.each([
    ['a core, memory of its own', CORE, 0, core + lpddr],
    ['a core, memory of the GPU', CORE, GPU_MEMORY, core + across + hbm],
    ['a GPU agent, memory of its own', SM, GPU_MEMORY, sm + hbm],
    ['a GPU agent, memory of the CPU', SM, 0, sm + across + lpddr],
  ])('%s: is as long as its parts', (_, setting, base, expected) => {
    const result = simulate(setting, [far(base)]);
    // Lines that are given back meet requests at the link and at the home now and then.
    expect(meanPs(result)).toBeGreaterThanOrEqual(expected);
    expect(meanPs(result)).toBeLessThan(expected + 300);
    expect(partsPs(result)).toBe(result.agents[0]!.latencyPs);
  });

  test('that fits a cache takes what a hit takes', () => {
    const first = simulate(CORE, [accesses(100_000, (i) => i % 16, CHASE)]);
    expect(meanPs(first)).toBeCloseTo(VALUES['cpu-l1-hit'], -3);
    expect(first.agents[0]!.hitsFirst).toBe(100_000 - 16);
  });
});

describe('a ping-pong', () => {
  test('takes turns: as many changes as were asked for, and each of the two waited for the other', () => {
    const turns = (what: number) => accesses(500, () => 5, what | layout.ACCESS_DEPENDS);
    const result = simulate({ cores: 1, gpuAgents: 1 }, [
      turns(layout.ACCESS_SWAP_EVEN),
      turns(layout.ACCESS_SWAP_ODD),
    ]);
    expect(result.agents.map(({ accesses: count }) => count)).toEqual([500, 500]);
    expect(partsPs(result)).toBe(latencyPs(result));
  });

  test('where the line is taken instead', () => {
    const values = { ...VALUES, 'cpu-atomics-far': 0 };
    const turns = (what: number) => accesses(500, () => 5, what | layout.ACCESS_DEPENDS);
    const result = simulate({ cores: 2, gpuAgents: 0, values }, [
      turns(layout.ACCESS_SWAP_EVEN),
      turns(layout.ACCESS_SWAP_ODD),
    ]);
    expect(result.accesses).toBe(1000);
    expect(result.partsPs.snoops).toBeGreaterThan(0);
    // Tries that fail are part of the access that succeeds in the end.
    expect(result.agents.every(({ failedSwaps }) => failedSwaps > 0)).toBe(true);
    expect(partsPs(result)).toBe(latencyPs(result));
  });

  test('of three, two of whom want the same turn, however accesses are handed over', () => {
    const values = { ...VALUES, 'cpu-atomics-far': 0 };
    const turns = (what: number, count: number) => accesses(count, () => 5, what | layout.ACCESS_DEPENDS);
    const players = () => [
      turns(layout.ACCESS_SWAP_EVEN, 50),
      turns(layout.ACCESS_SWAP_EVEN, 50),
      turns(layout.ACCESS_SWAP_ODD, 100),
    ];
    const setting = { cores: 3, gpuAgents: 0, values };
    const result = simulate({ ...setting, chunk: 1 }, players());
    expect(result.accesses).toBe(200);
    expect(partsPs(result)).toBe(latencyPs(result));
    expect(simulate({ ...setting, chunk: 64 }, players()).agents).toEqual(result.agents);
  });

  test.each([0, 1])('whose line is taken away between two tries, cpu-atomics-far %i', (far) => {
    const values = { ...VALUES, 'cpu-atomics-far': far, 'cpu-outstanding-writes': 1 };
    const { ACCESS_LOAD, ACCESS_STORE, ACCESS_DEPENDS, ACCESS_SWAP_EVEN, ACCESS_SWAP_ODD } = layout;
    // 5 µs after its last turn, the second a little later: while the first tries in its own cache, and has no room to ask.
    const later = ACCESS_DEPENDS | (5_000_000 << layout.ACCESS_GAP_SHIFT);
    const turn = (i: number) => [
      { line: 5, what: ACCESS_STORE, depends: later },
      { line: 5, what: ACCESS_LOAD, depends: later },
      { line: GPU_MEMORY + 97 * i, what: ACCESS_STORE, depends: ACCESS_DEPENDS },
      { line: 6, what: ACCESS_LOAD, depends: 0 },
      { line: 5, what: ACCESS_SWAP_ODD, depends: 0 },
      { line: 5, what: ACCESS_SWAP_EVEN, depends: ACCESS_DEPENDS },
    ];
    const traffic = Array.from({ length: 20 }, (_, i) => turn(i)).flat();
    const setting = { cores: 2, gpuAgents: 0, values };
    const result = simulate(setting, mixed(2, traffic));
    expect(result.accesses).toBe(120);
    expect(result.agents[0]!.failedSwaps).toBeGreaterThan(20);
    expect(partsPs(result)).toBe(latencyPs(result));
    expect(simulate(setting, mixed(2, traffic), wasmCore())).toEqual(result);
  });

  test('that has nobody to play with ends with an error', () => {
    const values = { ...VALUES, 'cpu-atomics-far': 0 };
    const never = [accesses(2, () => 5, layout.ACCESS_SWAP_ODD | layout.ACCESS_DEPENDS)];
    expect(() => simulate({ ...CORE, values }, never)).toThrow('can never succeed');
  });
});

test('an agent that begins many accesses at once never takes more room than there is', () => {
  const dirty = 1024;
  const small = { 'cpu-l2-size': 64 * dirty, 'cpu-outstanding-reads': 100, 'cpu-outstanding-writes': 1 };
  // Changed lines of the GPU's memory take longer over this link than loads take that displace them.
  const values = { ...VALUES, ...small, 'link-rate': 1e8 };
  const plan = {
    values,
    protocol: PROTOCOL,
    cores: 1,
    gpuAgents: 0,
    chunk: 2048,
    contents: 'empty',
  } as const;
  const least = [680, 700, 720, 740, 760].map((alone) => {
    const traffic = Array.from({ length: dirty + alone + 200 }, (_, i) => ({
      line: i < dirty ? GPU_MEMORY + i : i,
      what: i < dirty ? layout.ACCESS_STORE : layout.ACCESS_LOAD,
      depends: i >= dirty && i < dirty + alone ? layout.ACCESS_DEPENDS : 0,
    }));
    const simulation = new Simulation(tsCore(), plan, mixed(1, traffic));
    const freeSlots = () => new SimulationView(simulation.bytes).word(layout.FREE_COUNT);
    const free = [freeSlots()];
    const run = () => {
      while (simulation.advance(1)) free.push(freeSlots());
    };
    expect(run).toThrow('more transactions are on their way than there is room for');
    expect(Math.max(...free)).toBe(free[0]);
    return Math.min(...free);
  });
  // Some of them began when there was hardly more room than that.
  expect(Math.min(...least)).toBeLessThan(small['cpu-outstanding-reads']);
});

describe('whatever agents do', () => {
  const setting = { cores: 3, gpuAgents: 2 };

  test('all that was begun ends, latencies are the sums of their parts, and the run repeats', () => {
    fc.assert(
      fc.property(TRAFFIC, (traffic) => {
        const result = simulate(setting, mixed(5, traffic));
        expect(result.accesses).toBe(traffic.length);
        expect(partsPs(result)).toBe(latencyPs(result));
        expect(simulate(setting, mixed(5, traffic))).toEqual(result);
        // How accesses are handed over is not part of what happens.
        expect(simulate({ ...setting, chunk: 3 }, mixed(5, traffic)).traceHash).toBe(result.traceHash);
      }),
      { numRuns: 60 },
    );
  });

  test('homes of a few changed lines and one channel: what a snoop brings waits for its place', () => {
    const small = { 'l3-size': 256, 'l3-ways': 2, 'lpddr-channels': 1, 'lpddr-write-service': 50_000 };
    const values = { ...VALUES, ...small };
    fc.assert(
      fc.property(TRAFFIC, (traffic) => {
        const result = simulate({ ...setting, values, contents: 'changed' }, mixed(5, traffic));
        expect(partsPs(result)).toBe(latencyPs(result));
      }),
      { numRuns: 30 },
    );
  });

  test('in caches of two lines', () => {
    const values = { ...VALUES, 'cpu-l2-size': 128, 'cpu-l2-ways': 2, 'cpu-l1-size': 64, 'cpu-l1-ways': 1 };
    fc.assert(
      fc.property(TRAFFIC, (traffic) => {
        expect(simulate({ ...setting, values }, mixed(5, traffic)).accesses).toBe(traffic.length);
      }),
      { numRuns: 60 },
    );
  });
});

test('a protocol that lacks a rule is noticed where the rule is missed', () => {
  const { SnpUnique: _, ...S } = PROTOCOL.cpu.S;
  const protocol = { ...PROTOCOL, cpu: { ...PROTOCOL.cpu, S } };
  const traffic = Array.from({ length: 4000 }, (_, i) => ({
    line: i % 4,
    what: (i * 7) % 5 === 0 ? layout.ACCESS_STORE : layout.ACCESS_LOAD,
    depends: 0,
  }));
  expect(() => simulate({ cores: 3, gpuAgents: 0, protocol }, mixed(3, traffic))).toThrow(
    'no rule for SnpUnique in state 1',
  );
});

test('as many GPU agents as a profile may have come to their end, in the order of their numbers', () => {
  const agents = parameterNamed('gpu-sms')!.max + MAX_CORES;
  const streams = Array.from({ length: agents }, (_, agent) => accesses(3, () => agent % 7, CHASE));
  const values = { ...VALUES, 'cpu-l2-size': 1024, 'cpu-l1-size': 256, 'gpu-l1-size': 256 };
  const setting = { cores: MAX_CORES, gpuAgents: agents - MAX_CORES, values };
  expect(simulate(setting, streams).accesses).toBe(3 * agents);
});

test('more cores than a directory can note are refused', () => {
  expect(parameterNamed('cpu-cores')!.max).toBe(MAX_CORES);
  expect(() => simulate({ cores: MAX_CORES + 1, gpuAgents: 0 }, [])).toThrow(UsageError);
});

test('memory grows with lines that were touched, wherever they are', () => {
  const touched = (count: number, step: number) => {
    const plan = { ...CORE, values: VALUES, protocol: PROTOCOL, chunk: 256, contents: 'empty' } as const;
    const simulation = new Simulation(wasmCore(), plan, [accesses(count, (i) => step * i, CHASE)]);
    while (simulation.advance());
    expect(simulation.result().lines).toBe(count);
    const { bytes } = simulation;
    return { places: bytes.getUint32(layout.DIRECTORY_MASK, true) + 1, bytes: bytes.byteLength };
  };
  const [few, many, near] = [touched(100, 2 ** 23), touched(20_000, 2 ** 15 + 2 ** 14), touched(20_000, 1)];
  expect(many).toEqual(near);
  expect(many.places).toBeLessThanOrEqual(4 * 20_000);
  // Directories that were too small stay where they were.
  expect(many.bytes - few.bytes).toBeLessThan(2 * many.places * layout.RECORD_BYTES);
});

test('the layout numbers words as the protocol does', () => {
  expect([
    [
      layout.STATE_S,
      layout.STATE_M,
      layout.STATE_IS_D,
      layout.STATE_IM_AD,
      layout.STATE_SM_AD,
      layout.STATE_S_A,
    ],
    [layout.STATE_V, layout.STATE_IV_D],
    [layout.DO_LOAD, layout.DO_STORE, layout.DO_STREAM, layout.DO_LOAD_UNCACHED],
    [layout.DO_ATOMIC_NEAR, layout.DO_ATOMIC_FAR, layout.DO_EVICT, layout.DO_ACQUIRE, layout.DO_COUNT],
    [
      layout.MESSAGE_WRITE_UNIQUE,
      layout.MESSAGE_ATOMIC,
      layout.MESSAGE_WRITE_BACK,
      layout.MESSAGE_SNP_SHARED,
    ],
    [layout.MESSAGE_SNP_RESP_DATA, layout.REPLY_LESS, layout.VIEW_NOBODY, layout.VIEW_SHARED_OWN],
    [layout.VIEW_SHARED, layout.VIEW_OWN, layout.VIEW_OTHER, layout.VIEW_COUNT],
  ]).toEqual([
    [CPU.S, CPU.M, CPU.IS_D, CPU.IM_AD, CPU.SM_AD, CPU.S_A],
    [GPU.V, GPU.IV_D],
    [EVENT.Load, EVENT.Store, EVENT.StoreStream, EVENT.LoadUncached],
    [EVENT.AtomicNear, EVENT.AtomicFar, EVENT.Evict, EVENT.Acquire, EVENTS.length],
    [MESSAGE.WriteUnique, MESSAGE.Atomic, MESSAGE.WriteBack, MESSAGE.SnpShared],
    [MESSAGE.SnpRespData, MESSAGE.CompData_SC - EVENT.CompData_SC, VIEW.U, VIEW['Sh with']],
    [VIEW['Sh without'], VIEW['Ex own'], VIEW['Ex other'], 5],
  ]);
});
