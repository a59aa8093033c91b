/**
 * A profile in the parts of a cost stack, each between two bounds. The two answer different questions: a cost stack how
 * much longer an operation takes with a part than without it, a profile in which function the processor was. A part's
 * least share is that of frames that can be nothing else, its greatest one holds those, too, that may be (`openTo`).
 */
import type { StackRow } from '../report/stack.ts';
import { type ProfiledPart, partVerdict } from '../results/profile.ts';
import { shareInterval } from '../stats/proportion.ts';
import { PARTS, type Part } from './shares.ts';
import { type Frame, type Stacks, seenFrames, seenStacks } from './stacks.ts';

/** What lies inside the timed window, which alone a cost stack is of. */
const WINDOW = 'src/measure/timed-loop.ts';

/**
 * @param stack of the same arm; null where none was measured
 * @param seesInlined whether the profiler tells what V8 has put into a caller; a frame of JavaScript is anything otherwise
 */
export function partsOf(
  stacks: Stacks,
  stack: StackRow['stack'] | null,
  seesInlined: boolean,
): ProfiledPart[] {
  const frames = seesInlined ? framesInWindow(stacks) : seenFrames(stacks).map(openWhereScript);
  if (frames.length === 0) return [];
  // A copy that was not measured apart is in `decode`.
  const isWhole = stack !== null && PARTS.every((part) => stack[part] !== null);
  return PARTS.map((part) => compared(part, frames, isWhole ? stack[part] : null));
}

function compared(part: Part, frames: readonly Frame[], stack: ProfiledPart['stack']): ProfiledPart {
  const possible = frames.filter(({ share, openTo }) => share === part || openTo.includes(part));
  const least = possible.filter(({ openTo }) => openTo.length === 0).length;
  const bounds = {
    least: least / frames.length,
    most: possible.length / frames.length,
    low: shareInterval(least, frames.length).low,
    high: shareInterval(possible.length, frames.length).high,
  };
  const compared = { part, ...bounds, stack, agrees: stack && distance(bounds, stack) === 0 };
  return { ...compared, verdict: partVerdict(compared) };
}

function openWhereScript(frame: Frame): Frame {
  return frame.file.startsWith('src/') ? { ...frame, openTo: PARTS } : frame;
}

/** The frame that was at work in each sample of the window. */
function framesInWindow(stacks: Stacks): Frame[] {
  const { frames } = stacks;
  return seenStacks(stacks)
    .filter((stack) => stack.some((idx) => frames[idx]!.file === WINDOW))
    .map((stack) => frames[stack.at(-1)!]!);
}

/**
 * How far the two intervals lie apart: 0 where they meet, above 0 where the cost stack has more. Parts measured alone can
 * take longer than all of them together, so that one has more than all and the rest less than nothing: no profile can.
 */
export function distance(
  { low, high }: Pick<ProfiledPart, 'low' | 'high'>,
  stack: { readonly low: number; readonly high: number },
): number {
  const [stackLow, stackHigh] = [clamped(stack.low), clamped(stack.high)];
  if (stackLow > high) return stackLow - high;
  return stackHigh < low ? stackHigh - low : 0;
}

function clamped(share: number): number {
  return Math.min(1, Math.max(0, share));
}
