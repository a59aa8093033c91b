import { nowNs } from '../clock.ts';
import { Histogram } from '../histogram/histogram.ts';
import { LATENCY_LAYOUT, rowBytes } from '../histogram/layout.ts';
import { Random } from '../random.ts';
import { median } from '../stats/median.ts';

const VALUES = 16_384;
const WARM_UP_RUNS = 200;
const RUNS = 101;
const SHORTEST_NS = 200;
/** Latencies spread over a factor of 2^6. */
const DOUBLINGS = 6;

/** What counting one latency costs, in nanoseconds: median over runs, in shared memory, the loop around it included. */
export function recordCostNs(): number {
  const buffer = new SharedArrayBuffer(rowBytes(LATENCY_LAYOUT));
  const histogram = Histogram.create(LATENCY_LAYOUT, { buffer, byteOffset: 0 });
  const random = new Random(1);
  const values = Int32Array.from({ length: VALUES }, () => SHORTEST_NS * 2 ** (random.float() * DOUBLINGS));
  const runs = Array.from({ length: WARM_UP_RUNS + RUNS }, () => timeRecords(histogram, values) / VALUES);
  return median(runs.slice(WARM_UP_RUNS));
}

function timeRecords(histogram: Histogram, values: Int32Array): number {
  const start = nowNs();
  for (let i = 0; i < VALUES; i++) histogram.record(values[i]!);
  return nowNs() - start;
}
