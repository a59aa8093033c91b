/** A larger place for the directory, behind all memory there was. Its lines are laid into it anew. */
import * as layout from '../../../assembly/coherence/layout.ts';
import { placeOf, scatter, stepOf } from './directory.ts';
import type { SimulatorCore } from './simulator-core.ts';

/** Returns the memory as it is then. */
export function growDirectory(core: SimulatorCore, before: DataView): DataView {
  const from = before.getUint32(layout.DIRECTORY_AT, true);
  const places = before.getUint32(layout.DIRECTORY_MASK, true) + 1;
  const to = from + places * layout.RECORD_BYTES;
  const mask = 2 * places - 1;
  const buffer = core.grow(to + 2 * places * layout.RECORD_BYTES);
  const words = new Uint32Array(buffer);
  const recordWords = layout.RECORD_BYTES / 4;
  for (let old = from / 4; old < to / 4; old += recordWords) {
    const tag = words[old]!;
    if (tag === 0) continue;
    const block = scatter(tag - 1);
    let place = placeOf(tag - 1, block) & mask;
    while (words[to / 4 + place * recordWords] !== 0) place = (place + stepOf(block)) & mask;
    words.copyWithin(to / 4 + place * recordWords, old, old + recordWords);
  }
  const memory = new DataView(buffer);
  memory.setUint32(layout.DIRECTORY_AT, to, true);
  memory.setUint32(layout.DIRECTORY_MASK, mask, true);
  return memory;
}
