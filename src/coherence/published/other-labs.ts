/**
 * What others than F published about the same quantities. They differ by up to a factor of two, on parts that differ too:
 * how far they spread bounds what a prediction can be held to. The id before the `@` is the quantity; F's figure of it,
 * where there is one, counts into its range.
 */
import { cellsOf, reading } from './cell.ts';

const latency = cellsOf('ns', 'other lab');
const bandwidth = cellsOf('GB/s', 'other lab');

const LATENCIES = [
  latency('chase.grace.lpddr@CC', reading(207, 'text', 'CC'), 'part with 480 GB; nearly 800 less 592'),
  latency('chase.grace.hbm@CC', reading(800, 'text', 'CC'), 'nearly 800, pages of 2 MiB'),
  latency('chase.grace.hbm@W', reading([800, 1000], 'text', 'W')),
  latency('chase.hopper.hbm@CC', reading(300, 'text', 'CC'), 'less than 300'),
  latency(
    'chase.hopper.lpddr-small@D',
    reading([618, 624], 'text', 'D'),
    'host_device_latency_sm of nvbandwidth, 2 MiB pinned',
  ),
] as const;

const COPY_ENGINE = [
  bandwidth('copy-engine.lpddr-hbm@F', reading(414.6, 'label', 'F'), 'cudaMemcpy'),
  bandwidth('copy-engine.lpddr-hbm@D', reading([362.7, 381.8], 'text', 'D')),
  bandwidth('copy-engine.lpddr-hbm@S', reading(375, 'second hand', 'S')),
  bandwidth('copy-engine.lpddr-hbm@NVB', reading(346, 'text', 'NVB')),
  bandwidth('copy-engine.hbm-lpddr@D', reading([297.1, 298], 'text', 'D')),
  bandwidth('copy-engine.hbm-lpddr@S', reading(297, 'second hand', 'S')),
  bandwidth('copy-engine.both-ways@D', reading([178.8, 189.5], 'text', 'D'), 'the measured direction of two'),
] as const;

const KERNELS = [
  bandwidth('copy.hopper.lpddr-hbm@NVB', reading(342, 'text', 'NVB'), 'copy by multiprocessors'),
  bandwidth(
    'copy-both-ways.hopper@D',
    reading([203.3, 204.1], 'text', 'D'),
    'copy by multiprocessors, the measured direction of two',
  ),
  bandwidth(
    'read-write.hopper.lpddr@D',
    reading([331, 339], 'text', 'D'),
    'kernel that reads and writes pageable or pinned memory',
  ),
  bandwidth('stream-triad.grace.lpddr@F', reading(403.9, 'text', 'F')),
  bandwidth('stream-triad.grace.lpddr@D', reading(348, 'text', 'D'), 'part with 480 GB'),
  bandwidth(
    'stream-triad.grace.lpddr@S',
    reading(486, 'second hand', 'S'),
    'said to be the part with 480 GB, above its theoretical rate',
  ),
  bandwidth(
    'stream-triad.grace.lpddr@NV-T',
    reading([410, 486], 'text', 'NV-T'),
    'expected of the part with 120 GB',
  ),
  bandwidth('stream-triad.hopper.hbm@F', reading(3526, 'text', 'F'), 'cudaMalloc'),
  bandwidth('stream-triad.hopper.hbm@D', reading(3728, 'text', 'D')),
  bandwidth('stream-triad.hopper.hbm@S', reading(3400, 'second hand', 'S')),
  bandwidth('read.grace.hbm@W', reading(168, 'text', 'W'), 'at most'),
  bandwidth('one-thread-read.grace.lpddr@CC', reading(21, 'text', 'CC'), 'part with 480 GB'),
] as const;

export const OTHER_LAB_CELLS = [...LATENCIES, ...COPY_ENGINE, ...KERNELS] as const;
