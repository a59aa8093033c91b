/** Latencies of F and CC: a dependent pointer chase of one thread, in nanoseconds a load. */
import { cellsOf, reading } from './cell.ts';

const local = cellsOf('ns', 'local');
const peer = cellsOf('ns', 'peer');

/** Pixels of F's figures are worth this much. */
function readOff(ns: number): [number, number] {
  return [ns - 4, ns + 4];
}

export const LATENCY_CELLS = [
  local('chase.grace.l1', reading(1.2, 'figure', 'F')),
  local('chase.grace.l2', reading(3.4, 'figure', 'F')),
  local(
    'chase.grace.l3',
    reading(38, 'text', 'CC'),
    'more than 38 ns, more than 125 cycles; F shows 5 ns, by prefetch or stride',
  ),
  local('chase.grace.lpddr', reading(170.0, 'text', 'F'), 'footprint of 4 GiB'),
  local('chase.grace.hbm', reading(798.8, 'text', 'F')),
  local('chase.hopper.l1', reading([22, 29], 'figure', 'F'), 'up to 181 KB, of either memory'),
  local('chase.hopper.l2', reading(readOff(145), 'figure', 'F'), 'HBM data'),
  local('chase.hopper.hbm', reading(344.23137, 'text', 'F')),
  local('chase.hopper.lpddr', reading(817.81476, 'text', 'F')),
  local(
    'chase.hopper.lpddr-small',
    reading(readOff(614), 'figure', 'F'),
    'footprints of 0.35 to 1 MiB; the step to 816 ns at 2 MiB is unexplained',
  ),
  peer('chase.grace.peer-lpddr', reading(520.0, 'text', 'F')),
  peer('chase.grace.peer-hbm', reading(1076.3, 'text', 'F')),
  peer('chase.hopper.peer-lpddr', reading(1213.6087, 'text', 'F')),
  peer('chase.hopper.peer-hbm', reading(1022.9189, 'text', 'F')),
  peer('chase.hopper.peer-l2', reading(readOff(766), 'figure', 'F'), 'HBM data'),
] as const;
