import { openTo, type Share } from '../../src/profile/shares.ts';
import type { Frame, Stacks } from '../../src/profile/stacks.ts';

const frame = (name: string, file: string, share: Share): Frame => ({
  name,
  file,
  share,
  openTo: openTo({ name, file, share, caller: 'other' }),
  place: '',
});

/** Stacks made by hand: 10 ms, of which `fast` has 6 and the collector 1. One name is hostile. */
export const STACKS: Stacks = {
  frames: [
    frame('profiledPasses', 'src/profile/passes.ts', 'harness'),
    frame('runBatch', 'assembly/access-batch.ts', 'decode'),
    frame('fast', 'assembly/access-batch.ts', 'decode'),
    frame('(garbage collector)', '', 'gc'),
    frame('</text><script>&"\u001b[31m', 'a<b>.ts', 'other'),
  ],
  samples: [[0, 1, 2], [0, 1], [0, 1, 2], [3], [0, 4]],
  takenCount: 5,
  weightsUs: [2000, 1000, 4000, 1000, 2000],
  outsideUs: 500,
};
