import { expect, test } from 'vitest';
import { Control, controlBytes } from '../../src/agent/control.ts';
import { runPart, type WindowPart } from '../../src/agent/window.ts';
import type { AgentModel } from '../../src/device/agent-model.ts';
import { Histogram } from '../../src/histogram/histogram.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';

const memory = new LinearMemory(65536);
const control = new Control(memory, memory.allocate(controlBytes(1), 128).address, 1);
const CHUNK = 10;
const part: WindowPart = {
  ...{ index: 0, blockAddress: 0, agentCount: 1, chunkOperations: CHUNK, durationMs: 20, spinMs: 0 },
  ...{ ending: 'timed', intervalNs: 0, preparing: [] },
};

/** An agent of which every chunk takes a time of its own: the first one `firstMs`, others next to none. */
function agentThatTakes(firstMs: number): AgentModel & { calls: number } {
  return {
    calls: 0,
    run(_, operations) {
      const until = performance.now() + (this.calls++ === 0 ? firstMs : 0);
      while (performance.now() < until) {}
      return operations;
    },
    codeOf: () => [],
  };
}

function run(agent: AgentModel, changes: Partial<WindowPart>) {
  const times = Histogram.create();
  control.reset();
  return { result: runPart(agent, control, { ...part, ...changes }, times), times };
}

test('without a schedule an operation takes its part of the chunk', () => {
  const agent = agentThatTakes(5);
  const { result, times } = run(agent, {});
  expect(times.count).toBe(agent.calls);
  expect(result.operations).toBe(CHUNK * agent.calls);
  expect(times.percentile(100)).toBeGreaterThanOrEqual((0.99 * 5e6) / CHUNK);
  expect(times.percentile(100)).toBeLessThan(5e6);
});

test('what is late on a schedule counts from when it was to start, in full', () => {
  const { result, times } = run(agentThatTakes(5), { intervalNs: 1e6, durationMs: 20 });
  // The second chunk was to start after 1 ms and started after 5: its operations have waited for 4.
  expect(times.percentile(100)).toBeGreaterThanOrEqual(3.9e6);
  // That is no time of the chunks.
  const [{ startNs, endNs } = { startNs: 0, endNs: 0 }] = result.stretches;
  expect(result.chunksNs).toBeLessThan(endNs - startNs);
});

test('passes prepare, and are measured without that', () => {
  const agent = agentThatTakes(5);
  const preparing = [{ blockAddress: 0, operations: 1 }];
  const { result, times } = run(agent, { ending: 'passes', preparing, durationMs: 0 });
  expect([result.operations, result.stretches.length, times.count, agent.calls]).toEqual([CHUNK, 1, 1, 2]);
  expect(result.chunksNs).toBeLessThan(5e6);
  expect(run(agent, { ending: 'assists', preparing, durationMs: 0 }).result.stretches).toEqual([]);
});
