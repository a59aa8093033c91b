/**
 * Ping-pong of F: nanoseconds of a full round trip, that is two compare-and-swaps that succeed, on a padded flag of one
 * byte. Tools that print one way print half of it. The flag lies in memory of the first pair; `far` is the second. Its HBM
 * panel changed from commit 7fa7e21 to the last one: both are here, and a cell is the range that they span.
 */
import { cellsOf, reading } from './cell.ts';

const local = cellsOf('ns', 'local');
const peer = cellsOf('ns', 'peer');

function inHbm(earlierNs: number, lastNs: number) {
  return [reading(lastNs, 'label', 'F'), reading(earlierNs, 'label', 'F-7fa7e21')] as const;
}

function inLpddr(ns: number) {
  return reading(ns, 'label', 'F');
}

export const PING_PONG_CELLS = [
  local('pingpong.lpddr.grace-grace', inLpddr(107.1)),
  local('pingpong.lpddr.grace-hopper', inLpddr(751.7)),
  local('pingpong.lpddr.hopper-grace', inLpddr(749.7)),
  local('pingpong.lpddr.hopper-hopper', inLpddr(810.2)),
  local('pingpong.hbm.grace-grace', inHbm(105.4, 96.0)),
  local('pingpong.hbm.grace-hopper', inHbm(833.4, 830.4)),
  local('pingpong.hbm.hopper-grace', inHbm(834.2, 830.6)),
  local('pingpong.hbm.hopper-hopper', inHbm(315.5, 340.3)),
  peer('pingpong.lpddr.grace-far-grace', inLpddr(714.5)),
  peer('pingpong.lpddr.grace-far-hopper', inLpddr(1225.9)),
  peer('pingpong.lpddr.hopper-far-grace', inLpddr(1048.5)),
  peer('pingpong.lpddr.hopper-far-hopper', inLpddr(1187.3)),
  peer('pingpong.hbm.grace-far-grace', inHbm(718.2, 696.8)),
  peer('pingpong.hbm.grace-far-hopper', inHbm(1049.7, 1063.5)),
  peer('pingpong.hbm.hopper-far-grace', inHbm(1421.6, 1423.2)),
  peer('pingpong.hbm.hopper-far-hopper', inHbm(654.6, 648.7)),
] as const;
