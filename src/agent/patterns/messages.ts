/** Patterns in which agents hand something on: messages in pairs, and requests of several to one that emulates the device. */
import * as layout from '../../../assembly/layout.ts';
import { mix } from '../../device/ts/access.ts';
import { firstBroken, mismatch, type Pattern, refusalBelow, totalOf } from '../pattern.ts';
import type { AgentPlan } from '../pool.ts';

const CHUNK = 64;

/** Bytes of a pair: control lines and payload, and a page so that pairs are far apart. */
const pairBytes = (payloadBytes: number) => Math.ceil((layout.MESSAGE_PAYLOAD + payloadBytes) / 4096) * 4096;

function messages(payloadBytes: number): Pattern {
  return {
    name: `messages-${payloadBytes}`,
    summary: `pairs of agents: one writes ${payloadBytes} B and raises a flag, the other checks them and acknowledges`,
    operation: 'a message',
    hasLatency: true,
    bytesPerOp: () => ({ payload: payloadBytes, traffic: 2 * payloadBytes }),
    refuses: ({ agentCount, footprintBytes }) => {
      if (agentCount % 2 !== 0) return `expected an even number of agents, got ${agentCount}`;
      return refusalBelow((agentCount / 2) * pairBytes(payloadBytes), footprintBytes);
    },
    prepare:
      ({ memory, range }, { agentCount }) =>
      () => {
        memory.u8.fill(0, range.address, range.address + (agentCount / 2) * pairBytes(payloadBytes));
        const plans = Array.from({ length: agentCount }, (_, i): AgentPlan => {
          const isSender = i % 2 === 0;
          const kernel = isSender ? layout.KERNEL_PRODUCE : layout.KERNEL_CONSUME;
          const task = { kernel, atBytes: Math.floor(i / 2) * pairBytes(payloadBytes), payloadBytes };
          return { task, ending: isSender ? 'leads' : 'follows', chunkOperations: CHUNK };
        });
        return {
          plans,
          operations: (results) => totalOf(results.filter((_, i) => i % 2 === 1)),
          check: (results) => {
            return firstBroken(
              results.flatMap(({ operations, failures }, i) => [
                mismatch(`messages of agent ${i}`, results[i - (i % 2)]!.operations, operations),
                mismatch(`messages of agent ${i} that were not whole`, 0, failures),
              ]),
            );
          },
        };
      },
  };
}

/** Bytes from one requested word to the next: words of different lines. */
const REQUEST_STEP_BYTES = 64;
const REQUESTS = 64;
const RING_SLOT_COUNT = 64;
/** Beside the range: the ring, the accesses that are asked for, and a buffer. */
const RING_BYTES =
  layout.RING_SLOTS + RING_SLOT_COUNT * layout.SLOT_BYTES + REQUESTS * layout.ACCESS_BYTES + 4096;

const RING: Pattern = {
  name: 'ring',
  summary:
    'agents put accesses into a ring and wait; the last one emulates the device and answers, as for virtual CPUs',
  operation: 'an access, from the request to its answer',
  hasLatency: true,
  bytesPerOp: () => null,
  otherBytes: () => RING_BYTES,
  refuses: ({ agentCount, footprintBytes }) => {
    if (agentCount < 2) return `expected 2 agents or more, got ${agentCount}`;
    return refusalBelow(REQUESTS * REQUEST_STEP_BYTES, footprintBytes);
  },
  prepare:
    (pool, { agentCount, footprintBytes, random }) =>
    ({ path }) => {
      const { memory, range, device, otherAddress } = pool;
      const slotBytes = RING_SLOT_COUNT * layout.SLOT_BYTES;
      const table = otherAddress + layout.RING_SLOTS + slotBytes;
      const bufferAddress = table + REQUESTS * layout.ACCESS_BYTES;
      memory.u8.fill(0, otherAddress, table);
      const op = path === 'direct' ? layout.OP_DIRECT_READ : layout.OP_REGION_READ;
      const control = op | (range.region.regionIndex << 8) | (4 << 16);
      const answers = Array.from({ length: REQUESTS }, (_, i) => {
        const at = random.below(footprintBytes / REQUEST_STEP_BYTES) * REQUEST_STEP_BYTES;
        memory.i32[(range.address + at) >>> 2] = Math.imul(at + 1, 0x9e3779b1);
        const access = (table + i * layout.ACCESS_BYTES) >>> 2;
        const offset = path === 'direct' ? range.address + at : range.offsetBytes + at;
        memory.i32.set([control, offset | 0, Math.floor(offset / 2 ** 32), 0], access);
        return device.model.runBatch(access << 2, 1, bufferAddress, 0);
      });
      const common = { address: otherAddress, sizeBytes: slotBytes };
      const plans = Array.from({ length: agentCount }, (_, i): AgentPlan => {
        const isServer = i === agentCount - 1;
        const kernel = isServer ? layout.KERNEL_SERVE : layout.KERNEL_REQUEST;
        const task = { kernel, ...common, bufferAddress, table: { address: table, entries: REQUESTS } };
        return { task, ending: isServer ? 'serves' : 'timed', chunkOperations: CHUNK };
      });
      return {
        plans,
        operations: (results) => totalOf(results.slice(0, -1)),
        check: (results) => {
          const asked = results.slice(0, -1);
          const broken = asked.map(({ operations, checksum }, i) => {
            let sum = 0;
            for (let n = 0; n < operations; n++) sum = mix(sum, answers[n % REQUESTS]!);
            return mismatch(`answers to agent ${i}`, sum >>> 0, checksum);
          });
          const served = results.at(-1)!.operations;
          return mismatch('accesses served', totalOf(asked), served) ?? firstBroken(broken);
        },
      };
    },
};

export const MESSAGE_PATTERNS: readonly Pattern[] = [messages(64), messages(4096), RING];
