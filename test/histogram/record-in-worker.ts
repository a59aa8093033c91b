/** Records values into a row that another thread owns. */
import { workerData } from 'node:worker_threads';
import { Histogram } from '../../src/histogram/histogram.ts';

const { buffer, values } = workerData as { buffer: SharedArrayBuffer; values: number[] };
const histogram = Histogram.attach({ buffer, byteOffset: 0 });
for (const value of values) histogram.record(value);
