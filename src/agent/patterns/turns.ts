/** Patterns in which agents contend for a word: ping-pong, and increments of one word or of words beside each other. */
import * as layout from '../../../assembly/layout.ts';
import { firstBroken, mismatch, type Pattern, refusalBelow, totalOf } from '../pattern.ts';
import type { AgentPlan, AgentPool } from '../pool.ts';

const CHUNK = 256;

function clear({ memory, range }: AgentPool, bytes: number): void {
  memory.u8.fill(0, range.address, range.address + bytes);
}

function word({ memory, range }: AgentPool, atBytes: number): number {
  return memory.view.getUint32(range.address + atBytes, true);
}

function pingPong(name: string, kernel: number, how: string): Pattern {
  return {
    name,
    summary: `two agents take turns at one word, ${how}`,
    operation: 'a round trip: both have had their turn',
    hasLatency: true,
    bytesPerOp: () => null,
    refuses: ({ agentCount }) => (agentCount === 2 ? null : `expected 2 agents, got ${agentCount}`),
    prepare: (pool) => () => {
      clear(pool, 4);
      const plans = [0, 1].map((turn): AgentPlan => {
        const task = { kernel, cursor: turn };
        return { task, ending: turn === 0 ? 'leads' : 'follows', chunkOperations: CHUNK };
      });
      return {
        plans,
        operations: ([leader]) => leader!.operations,
        check: (results) =>
          mismatch('turns in the word', totalOf(results), word(pool, 0)) ??
          mismatch('turns of the second agent', results[0]!.operations, results[1]!.operations),
      };
    },
  };
}

/** @param gapBytes from the word of one agent to that of the next; 0 is one word for all */
function increments(name: string, kernel: number, gapBytes: number, summary: string): Pattern {
  return {
    name,
    summary,
    operation: 'an increment',
    hasLatency: true,
    bytesPerOp: () => null,
    refuses: ({ agentCount, footprintBytes }) => refusalBelow(agentCount * gapBytes + 4, footprintBytes),
    prepare:
      (pool, { agentCount }) =>
      () => {
        clear(pool, (agentCount - 1) * gapBytes + 4);
        const plans = Array.from({ length: agentCount }, (_, i): AgentPlan => {
          return { task: { kernel, cursor: i * gapBytes }, ending: 'timed', chunkOperations: CHUNK };
        });
        return {
          plans,
          operations: totalOf,
          check: (results) => {
            if (gapBytes === 0)
              return mismatch('increments in the word', totalOf(results) % 2 ** 32, word(pool, 0));
            return firstBroken(
              results.map(({ operations }, i) =>
                mismatch(`increments of agent ${i}`, operations % 2 ** 32, word(pool, i * gapBytes)),
              ),
            );
          },
        };
      },
  };
}

export const TURN_PATTERNS: readonly Pattern[] = [
  pingPong('ping-pong-cas', layout.KERNEL_PING_PONG_CAS, 'each by compare-and-swap until it succeeds'),
  pingPong('ping-pong-add', layout.KERNEL_PING_PONG_ADD, 'each reads until it is its own, then adds'),
  increments('contended-add', layout.KERNEL_COUNT_ADD, 0, 'all agents increment one word by atomic addition'),
  increments(
    'contended-cas',
    layout.KERNEL_COUNT_CAS,
    0,
    'all agents increment one word by compare-and-swap',
  ),
  ...[4, 8, 16, 32, 64, 128].map((gap) =>
    increments(
      `sharing-${gap}`,
      layout.KERNEL_COUNT_ADD,
      gap,
      `each agent increments a word of its own, ${gap} bytes apart`,
    ),
  ),
];
