import { describe, expect, test } from 'vitest';
import * as layout from '../../../assembly/coherence/layout.ts';
import { PROTOCOL } from '../../../src/coherence/protocol/protocol.ts';
import { Simulation } from '../../../src/coherence/simulate/simulation.ts';
import { tsCore } from '../../../src/coherence/simulate/ts-core.ts';
import { SimulationView } from '../../../src/coherence/simulate/view.ts';
import { accesses, GPU_MEMORY, VALUES } from './streams.ts';

/** A core that writes two lines, and a GPU agent that reads one of them much later. */
function simulation(): Simulation {
  const line = GPU_MEMORY + 5;
  const plan = {
    values: VALUES,
    protocol: PROTOCOL,
    cores: 2,
    gpuAgents: 1,
    chunk: 8,
    contents: 'empty',
  } as const;
  const late = layout.ACCESS_LOAD + ((4_000_000 << layout.ACCESS_GAP_SHIFT) >>> 0);
  return new Simulation(tsCore(), plan, [
    accesses(0, () => 0, 0),
    accesses(2, (i) => [line, 7][i]!, layout.ACCESS_STORE),
    accesses(1, () => line, late),
  ]);
}

/** Before the first event and after every one, until nothing is left to happen. */
function watch(look: (view: SimulationView) => void): void {
  const running = simulation();
  for (let isMore = true; isMore; isMore = running.advance(1)) look(new SimulationView(running.bytes));
  look(new SimulationView(running.bytes));
}

describe('a simulation seen from outside', () => {
  test('waiting events: the first is the one that happens next, and no number is given twice', () => {
    const seen: number[] = [];
    let next = 0;
    watch((view) => {
      const events = view.waitingEvents();
      if (seen.length > 0) expect(view.float(layout.NOW)).toBeGreaterThanOrEqual(next);
      expect(new Set(events.map(({ sequence }) => sequence)).size).toBe(events.length);
      expect(view.nextEvent()).toEqual(events[0] ?? null);
      const [lowest = 0] = events.map(({ sequence }) => sequence).sort((a, b) => a - b);
      expect(view.eventsFrom(lowest + 1)).toEqual(
        events.filter(({ sequence }) => sequence > lowest).sort((a, b) => a.sequence - b.sequence),
      );
      next = events[0]?.timePs ?? next;
      seen.push(events.length);
    });
    expect(seen.at(-1)).toBe(0);
    expect(Math.max(...seen)).toBeGreaterThan(1);
  });

  test('a line goes from nobody to its writer, and from there to the GPU agent', () => {
    const held: string[] = [];
    watch((view) => {
      const record = view.recordOf(GPU_MEMORY + 5);
      const what = `${record?.held ?? '-'} [${record?.holders ?? ''}] ${view.coreState(1, GPU_MEMORY + 5)} ${view.gpuHas(2, GPU_MEMORY + 5)}`;
      if (held.at(-1) !== what) held.push(what);
    });
    const { HELD_EXCLUSIVE, HELD_SHARED, STATE_I, STATE_M, STATE_S } = layout;
    expect(held).toEqual([
      `- [] ${STATE_I} false`,
      `${HELD_EXCLUSIVE} [1] ${STATE_I} false`,
      `${HELD_EXCLUSIVE} [1] ${STATE_M} false`,
      `${HELD_EXCLUSIVE} [1] ${STATE_S} false`,
      `${HELD_SHARED} [1] ${STATE_S} false`,
      `${HELD_SHARED} [1] ${STATE_S} true`,
    ]);
  });

  test('a line is closed until a time that is known from the acknowledgement on, and then in the cache of its home', () => {
    const seen: string[] = [];
    watch((view) => {
      const record = view.recordOf(GPU_MEMORY + 5);
      const isClosed = (record?.serving ?? 0) !== 0 || (record?.opensPs ?? 0) > view.float(layout.NOW);
      const what = `${record?.serving ? 'served' : '-'} ${isClosed ? 'closed' : 'open'} ${view.homeHas(GPU_MEMORY + 5)}`;
      if (seen.at(-1) !== what) seen.push(what);
      expect(view.homeHas(5)).toBe(false);
    });
    expect(seen.slice(0, 3)).toEqual(['- open false', 'served closed true', '- open true']);
  });

  test('the copy that has to go from a GPU agent: none while there is room, then the one used least lately', () => {
    const values = { ...VALUES, 'gpu-l1-size': 128, 'gpu-l1-ways': 2 };
    const plan = { values, protocol: PROTOCOL, cores: 0, gpuAgents: 1, chunk: 8, contents: 'empty' } as const;
    const lines = [7, 8, 7, 9];
    const what = layout.ACCESS_LOAD | layout.ACCESS_DEPENDS;
    const running = new Simulation(tsCore(), plan, [accesses(4, (i) => lines[i]!, what)]);
    const leaves: (number | null)[] = [];
    const look = () => {
      const line = new SimulationView(running.bytes).gpuLeaves(0, 1);
      if (leaves.length === 0 || leaves.at(-1) !== line) leaves.push(line);
    };
    for (let isMore = true; isMore; isMore = running.advance(1)) look();
    look();
    // 7 is read again as soon as 8 is there.
    expect(leaves).toEqual([null, 8, 7]);
  });

  test('transactions are those of their agent, and end', () => {
    const most = [0, 0, 0];
    watch((view) => {
      for (const agent of most.keys()) {
        const slots = view.transactionsOf(agent);
        for (const slot of slots) expect(view.word(view.slotAt(slot) + layout.SLOT_AGENT)).toBe(agent);
        most[agent] = Math.max(most[agent]!, slots.length);
      }
    });
    expect(most).toEqual([0, 2, 1]);
  });
});
