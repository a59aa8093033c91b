/** Where the boxes of a flame graph lie: one for each frame of each stack, as wide as its time. */
import type { FoldedStacks } from '../results/profile.ts';
import { formatDigits } from '../units.ts';

export type FlameFrame = FoldedStacks['frames'][number];

export interface FlameBox {
  readonly frame: FlameFrame;
  readonly us: number;
  /** From 0, the outermost. */
  readonly level: number;
  /** Of all time, as is `share`. */
  readonly from: number;
  readonly share: number;
}

/** Equal stacks together, as a tree. */
interface Node {
  readonly frame: FlameFrame;
  us: number;
  readonly children: Map<number, Node>;
}

/** Outermost first, callees behind their caller, the longest first. Narrower boxes than `leastShare` are left out. */
export function flameBoxes(folded: FoldedStacks, leastShare: number): FlameBox[] {
  const top = treeOf(folded);
  const totalUs = [...top.values()].reduce((sum, { us }) => sum + us, 0);
  const boxes: FlameBox[] = [];
  const place = (children: ReadonlyMap<number, Node>, level: number, fromUs: number) => {
    let atUs = fromUs;
    for (const { frame, us, children: callees } of [...children.values()].sort((a, b) => b.us - a.us)) {
      if (us / totalUs >= leastShare) {
        boxes.push({ frame, us, level, from: atUs / totalUs, share: us / totalUs });
        place(callees, level + 1, atUs);
      }
      atUs += us;
    }
  };
  place(top, 0, 0);
  return boxes;
}

/** How many rows the boxes take. They may be too many to be the arguments of one call. */
export function rowsOf(boxes: readonly FlameBox[]): number {
  return boxes.reduce((most, { level }) => Math.max(most, level + 1), 0);
}

function treeOf({ frames, stacks }: FoldedStacks): ReadonlyMap<number, Node> {
  const top = new Map<number, Node>();
  for (const stack of stacks) {
    let children = top;
    for (const idx of stack.frames) {
      const node = children.get(idx) ?? { frame: frames[idx]!, us: 0, children: new Map() };
      children.set(idx, node);
      node.us += stack.us;
      children = node.children;
    }
  }
  return top;
}

/** `fast, assembly/access-batch.ts: 6.00 ms, 60.0 %, decode`. */
export function boxTitle({ frame: { name, file, share: countsAs }, us, share }: FlameBox): string {
  const where = file === '' ? '' : `, ${file}`;
  return `${name}${where}: ${formatDigits(us / 1000)} ms, ${formatDigits(share * 100)} %, ${countsAs}`;
}
