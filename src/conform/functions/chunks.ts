import { z } from 'zod';
import { CONFIG_MAP } from '../../../assembly/layout.ts';
import type { Implementation } from '../../types.ts';
import { parseWith } from '../vectors.ts';
import { coreDevice } from './core-device.ts';
import { type KnownFunction, number } from './known-function.ts';

const CAPABILITY = z.object({ id: number, offset: number, length: number });
const ARGS = z.tuple([number, number]);
const CAPABILITY_ARGS = z.tuple([number, number, z.object({ capabilities: z.array(CAPABILITY) })]);

/** `chunks(offset, count)`: the steps of a request to configuration space (specification 2.2). */
export const chunks: KnownFunction = {
  inCore: true,
  compute: ({ args, configBytes }, implementation, name) => {
    const [offset, count] = parseWith(ARGS, args, name);
    return steps(offset, count, { capabilities: [], configBytes }, implementation);
  },
};

/** `chunks-cap(offset, count, {capabilities})`: the same, with capabilities that own bytes. */
export const chunksWithCapabilities: KnownFunction = {
  inCore: true,
  compute: ({ args, configBytes }, implementation, name) => {
    const [offset, count, { capabilities }] = parseWith(CAPABILITY_ARGS, args, name);
    return steps(offset, count, { capabilities, configBytes }, implementation);
  },
};

interface Setting {
  readonly capabilities: readonly z.infer<typeof CAPABILITY>[];
  /** Without it, as small as offset and capabilities allow. */
  readonly configBytes: number | undefined;
}

/** The steps of a request, as [offset, width]; the request fails as a whole where it leaves configuration space. */
function steps(
  offset: number,
  count: number,
  { capabilities, configBytes }: Setting,
  implementation: Implementation,
): unknown {
  const starts = [offset, ...capabilities.map((entry) => entry.offset)];
  const sizeBytes = configBytes ?? (Math.max(...starts) >= 256 ? 4096 : 256);
  if (count === 0) return [];
  if (offset + count > sizeBytes) return '-EFAULT';
  const device = coreDevice(sizeBytes, implementation);
  const map = device.placement.stateBlock + CONFIG_MAP;
  for (const { id, offset: at, length } of capabilities)
    device.memory.u8.fill(id, map + Math.min(at, sizeBytes), map + Math.min(at + length, sizeBytes));
  const list: [number, number][] = [];
  for (let done = 0; done < count; ) {
    const width = device.model.chunkWidth(offset + done, count - done);
    list.push([offset + done, width]);
    done += width;
  }
  return list;
}
