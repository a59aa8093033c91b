/**
 * Bandwidths of F, in 10^9 bytes a second: of all threads, of one CPU thread, of one GPU block of 1024 threads, of copies
 * (bytes counted once), and of all threads while the other side streams over the link (`noise`).
 */
import { cellsOf, reading } from './cell.ts';

const local = cellsOf('GB/s', 'local');
const peer = cellsOf('GB/s', 'peer');

function printed(gbPerSec: number) {
  return reading(gbPerSec, 'text', 'F');
}

function label(gbPerSec: number) {
  return reading(gbPerSec, 'label', 'F');
}

const ALL_THREADS = [
  local('read.grace.lpddr', printed(403.56)),
  local('read.grace.hbm', printed(238.36)),
  local('write.grace.lpddr', printed(463.78)),
  local('write.grace.hbm', printed(287.15)),
  local('read.hopper.lpddr', printed(420.23)),
  local('read.hopper.hbm', printed(3795.85)),
  local('write.hopper.lpddr', printed(380.15)),
  local('write.hopper.hbm', printed(3712.13)),
  peer('read.grace.peer-lpddr', printed(60.88)),
  peer('read.grace.peer-hbm', printed(58.83)),
  peer('write.grace.peer-lpddr', printed(70.87)),
  peer('write.grace.peer-hbm', printed(70.12)),
  peer('read.hopper.peer-lpddr', printed(83.85)),
  peer('read.hopper.peer-hbm', printed(125.61)),
  peer('write.hopper.peer-lpddr', printed(81.91)),
  peer('write.hopper.peer-hbm', printed(124.49)),
] as const;

const ONE_THREAD = [
  local('one-thread-read.grace.lpddr', label(23.7)),
  local('one-thread-read.grace.hbm', label(8.4)),
  local('one-thread-write.grace.lpddr', label(43.1)),
  local('one-thread-write.grace.hbm', label(13.5)),
  peer('one-thread-read.grace.peer-lpddr', label(9.9)),
  peer('one-thread-read.grace.peer-hbm', label(5.6)),
  peer('one-thread-write.grace.peer-lpddr', label(11.8)),
  peer('one-thread-write.grace.peer-hbm', label(7.5)),
] as const;

const ONE_BLOCK = [
  local('one-block-read.hopper.lpddr', label(79.6)),
  local('one-block-read.hopper.hbm', label(140.7)),
  local('one-block-write.hopper.lpddr', label(50.7)),
  local('one-block-write.hopper.hbm', label(63.4)),
  peer('one-block-read.hopper.peer-lpddr', label(54.4)),
  peer('one-block-read.hopper.peer-hbm', label(75.6)),
  peer('one-block-write.hopper.peer-lpddr', label(50.7)),
  peer('one-block-write.hopper.peer-hbm', label(50.7)),
] as const;

const COPIES = [
  local('copy.grace.lpddr-lpddr', label(216.5)),
  local('copy.grace.lpddr-hbm', label(282.8)),
  local('copy.grace.hbm-lpddr', label(235.7)),
  local('copy.grace.hbm-hbm', label(144.0)),
  local('copy.hopper.lpddr-lpddr', label(236.9)),
  local('copy.hopper.lpddr-hbm', label(419.5)),
  local('copy.hopper.hbm-lpddr', label(374.3)),
  local('copy.hopper.hbm-hbm', label(1727.3)),
] as const;

const NOISE = [
  local('noise-read.grace.lpddr', label(248.1)),
  local('noise-read.grace.hbm', label(190.8)),
  local('noise-write.grace.lpddr', label(160.1)),
  local('noise-write.grace.hbm', label(71.3)),
  local('noise-read.hopper.lpddr', label(139.0)),
  local('noise-read.hopper.hbm', label(3218.7)),
  local('noise-write.hopper.lpddr', label(194.6)),
  local('noise-write.hopper.hbm', label(2611.5)),
] as const;

export const BANDWIDTH_CELLS = [...ALL_THREADS, ...ONE_THREAD, ...ONE_BLOCK, ...COPIES, ...NOISE] as const;
