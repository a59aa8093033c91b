/** The simulator in AssemblyScript against the one in TypeScript: not the results alone, all of memory. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as layout from '../../../assembly/coherence/layout.ts';
import { openCoherenceProfile } from '../../../src/coherence/profiles/profiles.ts';
import { PROTOCOL } from '../../../src/coherence/protocol/protocol.ts';
import { type AccessStream, Simulation } from '../../../src/coherence/simulate/simulation.ts';
import type { SimulatorCore } from '../../../src/coherence/simulate/simulator-core.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';
import { wasmCore } from '../../../src/coherence/simulate/wasm-core.ts';
import { type Access, accesses, GPU_MEMORY, mixed, type Setting, TRAFFIC, VALUES } from './streams.ts';

const CHASE = layout.ACCESS_LOAD | layout.ACCESS_DEPENDS;
/** Caches of two lines and one, so that lines are given back while others come; homes of few lines. */
const TINY = {
  ...VALUES,
  'cpu-l2-size': 128,
  'cpu-l2-ways': 2,
  'cpu-l1-size': 64,
  'cpu-l1-ways': 1,
  'gpu-l1-size': 128,
  'gpu-l1-ways': 2,
  'l3-size': 256,
  'l3-ways': 4,
  'l2-size': 256,
  'l2-ways': 2,
};

/** A core that stops after so many events, and whose memory can be looked at. */
function watched(core: SimulatorCore, maxEvents: number): SimulatorCore & { bytes: () => Uint8Array } {
  let memory = new ArrayBuffer(0);
  return {
    grow: (byteLength) => {
      memory = core.grow(byteLength);
      return memory;
    },
    start: core.start,
    run: (events) => core.run(Math.min(events, maxEvents)),
    bytes: () => new Uint8Array(memory),
  };
}

/** The first address where memories differ, and -1 where none does: beyond the shorter one there are zeros. */
function firstDifference(one: Uint8Array, other: Uint8Array): number {
  const [shorter, longer] = one.length < other.length ? [one, other] : [other, one];
  if (Buffer.compare(shorter, longer.subarray(0, shorter.length)) !== 0) {
    return shorter.findIndex((byte, i) => byte !== longer[i]);
  }
  const beyond = longer.subarray(shorter.length).findIndex((byte) => byte !== 0);
  return beyond < 0 ? -1 : shorter.length + beyond;
}

/** Runs both side by side and compares whenever they stop. Returns what they came to. */
function runBoth(setting: Setting, streams: () => readonly AccessStream[], maxEvents = 1 << 20) {
  const plan = { values: VALUES, protocol: PROTOCOL, chunk: 64, contents: 'empty', ...setting } as const;
  const twins = [wasmCore(), tsCore()].map((made) => {
    const core = watched(made, maxEvents);
    return { core, simulation: new Simulation(core, plan, streams()) };
  });
  const [one, other] = [twins[0]!, twins[1]!];
  for (let more = true; more; ) {
    more = one.simulation.advance();
    expect(other.simulation.advance()).toBe(more);
    expect(firstDifference(one.core.bytes(), other.core.bytes())).toBe(-1);
  }
  expect(one.simulation.result()).toEqual(other.simulation.result());
  return one.simulation.result();
}

describe('both leave every byte the same', () => {
  const pcie = openCoherenceProfile('pcie-gen5-io-coherent').values;

  test.each<[string, Partial<Setting>]>([
    ['as the profile says', {}],
    ['caches of two lines', { values: TINY }],
    ['atomics where the line is', { values: { ...VALUES, 'cpu-atomics-far': 0 } }],
    ['atomics where the line is, caches of two lines', { values: { ...TINY, 'cpu-atomics-far': 0 } }],
    ['behind PCIe', { values: pcie }],
    ['homes full of changed lines', { values: TINY, contents: 'changed' }],
  ])('%s', (_, changes) => {
    const small = { ...VALUES, 'l3-size': 12 * 64 * 16, 'l2-size': 16 * 64 * 16 };
    const setting = { cores: 3, gpuAgents: 2, ...changes, values: { ...small, ...changes.values } };
    // Whole caches of a profile take longer to compare than to run on.
    if (changes.values === pcie)
      Object.assign(setting.values, { 'l3-size': 12 * 64 * 16, 'l2-size': 64 * 256 });
    const property = (traffic: readonly Access[]) => {
      const result = runBoth(setting, () => mixed(5, traffic), 37);
      expect(result.accesses).toBe(traffic.length);
    };
    fc.assert(fc.property(TRAFFIC, property), { numRuns: 20 });
  });

  test('when the directory grows', () => {
    const result = runBoth({ cores: 1, gpuAgents: 1 }, () => [
      accesses(10_000, (i) => 5000 * i, CHASE),
      accesses(10_000, (i) => GPU_MEMORY + 77 * i, layout.ACCESS_ADD),
    ]);
    expect(result.lines).toBe(20_000);
  });

  test('in turns of compare-and-swap', () => {
    const turns = (what: number) => accesses(300, () => 5, what | layout.ACCESS_DEPENDS);
    const streams = () => [turns(layout.ACCESS_SWAP_EVEN), turns(layout.ACCESS_SWAP_ODD)];
    for (const far of [0, 1]) {
      const values = { ...VALUES, 'cpu-atomics-far': far };
      runBoth({ cores: 2, gpuAgents: 0, values }, streams);
      // Two that want the same turn take the line from each other in vain.
      const three = () => [...streams(), accesses(300, () => 5, layout.ACCESS_SWAP_EVEN)];
      const odd = () => accesses(600, () => 5, layout.ACCESS_SWAP_ODD);
      const result = runBoth({ cores: 3, gpuAgents: 0, values, chunk: 7 }, () => three().with(1, odd()));
      expect(result.accesses).toBe(1200);
    }
    expect(runBoth({ cores: 1, gpuAgents: 1 }, streams).accesses).toBe(600);
  });

  test('until a rule is missed, which both say the same way', () => {
    const { SnpUnique: _, ...S } = PROTOCOL.cpu.S;
    const protocol = { ...PROTOCOL, cpu: { ...PROTOCOL.cpu, S } };
    const traffic = Array.from({ length: 4000 }, (__, i) => ({
      line: i % 4,
      what: (i * 7) % 5 === 0 ? layout.ACCESS_STORE : layout.ACCESS_LOAD,
      depends: 0,
    }));
    const plan = { values: VALUES, protocol, chunk: 64, contents: 'empty', cores: 3, gpuAgents: 0 } as const;
    for (const core of [wasmCore(), tsCore()]) {
      const simulation = new Simulation(core, plan, mixed(3, traffic));
      expect(() => simulation.advance()).toThrow('no rule for SnpUnique in state 1');
    }
  });
});

test('memory that no address reaches is refused', () => {
  expect(() => wasmCore().grow(2 ** 32 + 1)).toThrow('expected at most 4 GiB');
});
