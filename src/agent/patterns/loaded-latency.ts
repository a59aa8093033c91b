/** One agent follows a random cycle while all others read, at a rate that is set: what latency is at which throughput. */
import * as layout from '../../../assembly/layout.ts';
import { CycleOfLines } from '../cycle.ts';
import { firstBroken, mismatch, type Pattern, refusalBelow } from '../pattern.ts';
import type { AgentPlan } from '../pool.ts';
import { advance, placesOf, prepareRead, taskOf } from './part.ts';

const LINE_BYTES = 64;
const SHAPE = { strideBytes: LINE_BYTES, lineBytes: LINE_BYTES };
/** Hops of a probe: enough for a clock between two of them to cost little. */
const HOPS = 32;
/** From one probe to the next: several times what one takes on an idle machine. */
const PROBE_INTERVAL_NS = 20_000;
/** Lines of a block, which a load reads as fast as it can. */
const BLOCK_LINES = 64;
/** From the next to nothing to all that a core can read. */
const LOADS = [100_000, 10_000, 4000, 2000, 1000, 500, 250, 0];

export const LOADED_LATENCY: Pattern = {
  name: 'loaded-latency',
  summary:
    'one agent follows a random cycle, by probes that start on schedule; all others read lines of their own, at several rates',
  operation: `a hop, ${HOPS} in a probe; percentiles count from when the probe was to start`,
  hasLatency: true,
  loads: LOADS,
  usualFootprintBytes: 2 ** 28,
  bytesPerOp: () => null,
  refuses: ({ agentCount, footprintBytes }) => {
    if (agentCount < 2) return `expected 2 agents or more, got ${agentCount}`;
    return refusalBelow(2 * agentCount * LINE_BYTES, footprintBytes);
  },
  prepare(pool, { agentCount, footprintBytes, random }) {
    const { memory, range } = pool;
    const lines = Math.floor(footprintBytes / agentCount / LINE_BYTES);
    const sizeBytes = lines * LINE_BYTES;
    const cycle = new CycleOfLines(memory, range.address, LINE_BYTES, lines, 1, random);
    const places = placesOf(sizeBytes, SHAPE);
    const parts = Array.from({ length: agentCount - 1 }, (_, i) => {
      const address = range.address + (1 + i) * sizeBytes;
      return { pool, address, sizeBytes, shape: SHAPE, places, next: 0 };
    });
    const checks = parts.map(prepareRead);
    return ({ loadIntervalNs = 0 }) => {
      const probe: AgentPlan = {
        task: { kernel: layout.KERNEL_CHASE, sizeBytes, chains: cycle.chains },
        ending: 'timed',
        chunkOperations: HOPS,
        intervalNs: PROBE_INTERVAL_NS,
      };
      const loads = parts.map(
        (part): AgentPlan => ({
          task: taskOf(part, layout.KERNEL_READ),
          ending: 'timed',
          chunkOperations: BLOCK_LINES,
          intervalNs: loadIntervalNs,
          isLoad: true,
        }),
      );
      return {
        plans: [probe, ...loads],
        operations: ([prober]) => prober!.operations,
        check: ([prober, ...loading]) => {
          cycle.advance(prober!.operations);
          const broken = loading.map((result, i) => {
            const found = checks[i]!(parts[i]!, result);
            advance(parts[i]!, result.operations);
            return found;
          });
          return firstBroken([mismatch('end of the chain', cycle.chains[0]!, prober!.chains[0]!), ...broken]);
        },
      };
    };
  },
};
