import { loadAnew } from './own-source.ts';
import type * as TimedLoop from './timed-loop.ts';

/** A copy of the timed loops with source text, and so type feedback, of its own. */
export async function loadTimedLoop(): Promise<typeof TimedLoop> {
  return (await loadAnew('measure/timed-loop')) as typeof TimedLoop;
}
