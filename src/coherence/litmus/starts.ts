/** Worlds in which programs start. */
import { COPY, HELD, HOME, type Size, World } from '../explore/world.ts';
import { CPU, GPU } from '../protocol/codes.ts';
import type { Agents } from './agents.ts';
import type { Program } from './shapes.ts';

/** `none`: invariants of the protocol may be violated, and only what a program makes of it is seen. */
export type Checks = 'all' | 'none';

/** A line for each variable, and room for all of them: what is given back is given back at any time. */
export function sizeOf({ threads, variableCount }: Program, { gpuThreads }: Agents, checks: Checks): Size {
  const size: Size = {
    cpuCount: threads.length - gpuThreads.length,
    gpuCount: gpuThreads.length,
    lineCount: variableCount,
    capacity: variableCount,
    valueCount: 4,
  };
  return checks === 'all' ? size : { ...size, letsOldPass: true };
}

/** Nobody has a copy; and all have one of every line, as after reads that are not a part of the program. */
export function startsOf(size: Size): World[] {
  const warm = World.initial(size);
  for (let line = 0; line < size.lineCount; line++) {
    warm.setHome(line, HOME.held, size.cpuCount === 0 ? HELD.nobody : HELD.shared);
    warm.setHome(line, HOME.holders, (1 << size.cpuCount) - 1);
    for (let agent = 0; agent < warm.agentCount; agent++) {
      warm.setCopy(agent, line, COPY.state, warm.isGpu(agent) ? GPU.V : CPU.S);
    }
  }
  return [World.initial(size), warm];
}
