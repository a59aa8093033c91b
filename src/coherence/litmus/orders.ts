/**
 * Orders in which things happen: all of them, or only those that can make a difference to a program.
 *
 * Answers and acknowledgements go to a line at its home that waits for them and takes nothing else. Replies go to a line
 * in a cache that waits for them and, until its home is told that they came, is asked for nothing. Whatever else can
 * happen at the time can as well happen after their arrival, and comes to the same: one such message is a persistent set
 * in the sense of Godefroid, "Partial-order methods for the verification of concurrent systems" (LNCS 1032, 1996). There
 * are ever fewer messages as they arrive, so that nothing is put off for ever. A store that leaves a buffer so makes no
 * difference to a read behind it: the cache has the same value then. All of this is so in the protocol as it is, and need
 * not be in one with bugs.
 */
import type { World } from '../explore/world.ts';
import { MESSAGE } from '../protocol/codes.ts';

export type Orders = 'all' | 'reduced';

/** Messages are sorted: answers, replies and acknowledgements are the last ones. */
const FIRST_PROMPT = MESSAGE.SnpResp;

/** Number of a message whose arrival nothing else can interfere with, or -1. */
export function promptMessage(world: World): number {
  const last = world.messageCount - 1;
  return last >= 0 && world.messageAt(last).message >= FIRST_PROMPT ? last : -1;
}
