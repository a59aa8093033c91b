/**
 * The frozen split: what each published cell is used for. It was written down before anything was fitted, and its hash goes
 * into every profile that a fit writes. A cell that was looked at while the model was chosen is no held-out one:
 * it goes to `model selection`. A change here makes every earlier fit void.
 */

export const SET_NAMES = [
  'calibration',
  'model selection',
  'held out latency',
  'held out bandwidth',
  'other labs',
  'direction only',
  'peer (not modelled)',
] as const;
export type SetName = (typeof SET_NAMES)[number];

/** Bounds as shares of the published figure; null where nothing is promised. */
export interface SetBounds {
  readonly each: number | null;
  readonly median: number | null;
}

export const SET_BOUNDS: Readonly<Record<SetName, SetBounds>> = {
  calibration: { each: 0.05, median: null },
  'model selection': { each: null, median: null },
  'held out latency': { each: 0.15, median: 0.1 },
  'held out bandwidth': { each: 0.25, median: 0.15 },
  // Held to the range that all labs publish about the quantity.
  'other labs': { each: null, median: null },
  'direction only': { each: null, median: null },
  'peer (not modelled)': { each: null, median: null },
};

/** Cells of each set, by id. Each is in exactly one. */
export const SPLIT: Readonly<Record<SetName, readonly string[]>> = {
  calibration: [
    // Hits in these three are parameters of a profile: a row that repeats its input is no test of it.
    'chase.grace.l1',
    'chase.grace.l2',
    'chase.hopper.l1',
    'chase.grace.l3',
    'chase.grace.lpddr',
    'chase.hopper.l2',
    'chase.hopper.hbm',
    'chase.hopper.lpddr',
    'read.grace.lpddr',
    'write.grace.lpddr',
    'read.hopper.hbm',
    'write.hopper.hbm',
    'read.hopper.lpddr',
    'write.hopper.lpddr',
    'one-thread-read.grace.lpddr',
    'one-thread-write.grace.lpddr',
  ],
  'model selection': [
    'chase.grace.hbm',
    // The step below it was looked at and left unexplained.
    'chase.hopper.lpddr-small',
    'pingpong.lpddr.grace-hopper',
    'pingpong.lpddr.hopper-grace',
    'pingpong.lpddr.hopper-hopper',
    'pingpong.hbm.grace-hopper',
    'pingpong.hbm.hopper-grace',
    'pingpong.hbm.hopper-hopper',
  ],
  'held out latency': ['pingpong.lpddr.grace-grace', 'pingpong.hbm.grace-grace'],
  'held out bandwidth': [
    'read.grace.hbm',
    'write.grace.hbm',
    'one-thread-read.grace.hbm',
    'one-thread-write.grace.hbm',
    'one-block-read.hopper.lpddr',
    'one-block-read.hopper.hbm',
    'one-block-write.hopper.lpddr',
    'one-block-write.hopper.hbm',
    'copy.grace.lpddr-lpddr',
    'copy.grace.lpddr-hbm',
    'copy.grace.hbm-lpddr',
    'copy.grace.hbm-hbm',
    'copy.hopper.lpddr-lpddr',
    'copy.hopper.lpddr-hbm',
    'copy.hopper.hbm-lpddr',
    'copy.hopper.hbm-hbm',
  ],
  'other labs': [
    'chase.grace.lpddr@CC',
    'chase.grace.hbm@CC',
    'chase.grace.hbm@W',
    'chase.hopper.hbm@CC',
    'chase.hopper.lpddr-small@D',
    'copy-engine.lpddr-hbm@F',
    'copy-engine.lpddr-hbm@D',
    'copy-engine.lpddr-hbm@S',
    'copy-engine.lpddr-hbm@NVB',
    'copy-engine.hbm-lpddr@D',
    'copy-engine.hbm-lpddr@S',
    'copy-engine.both-ways@D',
    'copy.hopper.lpddr-hbm@NVB',
    'copy-both-ways.hopper@D',
    'read-write.hopper.lpddr@D',
    'stream-triad.grace.lpddr@F',
    'stream-triad.grace.lpddr@D',
    'stream-triad.grace.lpddr@S',
    'stream-triad.grace.lpddr@NV-T',
    'stream-triad.hopper.hbm@F',
    'stream-triad.hopper.hbm@D',
    'stream-triad.hopper.hbm@S',
    'read.grace.hbm@W',
    'one-thread-read.grace.lpddr@CC',
  ],
  'direction only': [
    'noise-read.grace.lpddr',
    'noise-read.grace.hbm',
    'noise-write.grace.lpddr',
    'noise-write.grace.hbm',
    'noise-read.hopper.lpddr',
    'noise-read.hopper.hbm',
    'noise-write.hopper.lpddr',
    'noise-write.hopper.hbm',
  ],
  'peer (not modelled)': [
    'chase.grace.peer-lpddr',
    'chase.grace.peer-hbm',
    'chase.hopper.peer-lpddr',
    'chase.hopper.peer-hbm',
    'chase.hopper.peer-l2',
    'pingpong.lpddr.grace-far-grace',
    'pingpong.lpddr.grace-far-hopper',
    'pingpong.lpddr.hopper-far-grace',
    'pingpong.lpddr.hopper-far-hopper',
    'pingpong.hbm.grace-far-grace',
    'pingpong.hbm.grace-far-hopper',
    'pingpong.hbm.hopper-far-grace',
    'pingpong.hbm.hopper-far-hopper',
    'read.grace.peer-lpddr',
    'read.grace.peer-hbm',
    'write.grace.peer-lpddr',
    'write.grace.peer-hbm',
    'read.hopper.peer-lpddr',
    'read.hopper.peer-hbm',
    'write.hopper.peer-lpddr',
    'write.hopper.peer-hbm',
    'one-thread-read.grace.peer-lpddr',
    'one-thread-read.grace.peer-hbm',
    'one-thread-write.grace.peer-lpddr',
    'one-thread-write.grace.peer-hbm',
    'one-block-read.hopper.peer-lpddr',
    'one-block-read.hopper.peer-hbm',
    'one-block-write.hopper.peer-lpddr',
    'one-block-write.hopper.peer-hbm',
  ],
};

/** Figures whose published order a model must keep, besides what their sets ask. Each local cell is in exactly one. */
export const ORDER_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'chase, Grace': [
    'chase.grace.l1',
    'chase.grace.l2',
    'chase.grace.l3',
    'chase.grace.lpddr',
    'chase.grace.hbm',
  ],
  'chase, Hopper': [
    'chase.hopper.l1',
    'chase.hopper.l2',
    'chase.hopper.hbm',
    'chase.hopper.lpddr-small',
    'chase.hopper.lpddr',
  ],
  'ping-pong, LPDDR': [
    'pingpong.lpddr.grace-grace',
    'pingpong.lpddr.grace-hopper',
    'pingpong.lpddr.hopper-grace',
    'pingpong.lpddr.hopper-hopper',
  ],
  'ping-pong, HBM': [
    'pingpong.hbm.grace-grace',
    'pingpong.hbm.grace-hopper',
    'pingpong.hbm.hopper-grace',
    'pingpong.hbm.hopper-hopper',
  ],
  'all threads, Grace': ['read.grace.lpddr', 'read.grace.hbm', 'write.grace.lpddr', 'write.grace.hbm'],
  'all threads, Hopper': ['read.hopper.lpddr', 'read.hopper.hbm', 'write.hopper.lpddr', 'write.hopper.hbm'],
  'one thread': [
    'one-thread-read.grace.lpddr',
    'one-thread-read.grace.hbm',
    'one-thread-write.grace.lpddr',
    'one-thread-write.grace.hbm',
  ],
  'one block': [
    'one-block-read.hopper.lpddr',
    'one-block-read.hopper.hbm',
    'one-block-write.hopper.lpddr',
    'one-block-write.hopper.hbm',
  ],
  'copy, Grace': [
    'copy.grace.lpddr-lpddr',
    'copy.grace.lpddr-hbm',
    'copy.grace.hbm-lpddr',
    'copy.grace.hbm-hbm',
  ],
  'copy, Hopper': [
    'copy.hopper.lpddr-lpddr',
    'copy.hopper.lpddr-hbm',
    'copy.hopper.hbm-lpddr',
    'copy.hopper.hbm-hbm',
  ],
  'noise, Grace': [
    'noise-read.grace.lpddr',
    'noise-read.grace.hbm',
    'noise-write.grace.lpddr',
    'noise-write.grace.hbm',
  ],
  'noise, Hopper': [
    'noise-read.hopper.lpddr',
    'noise-read.hopper.hbm',
    'noise-write.hopper.lpddr',
    'noise-write.hopper.hbm',
  ],
};

/** Published figures closer than this, as a share of the larger one, have no order. */
export const TIE_SHARE = 0.1;

export function setOf(id: string): SetName {
  const name = SET_NAMES.find((set) => SPLIT[set].includes(id));
  if (name === undefined) throw new RangeError(`${JSON.stringify(id)} is in no set of the split`);
  return name;
}
