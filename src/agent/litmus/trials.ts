/** One thread's part of a litmus test: it goes over the slots with the others, again and again. */
import type { AgentModel } from '../../device/agent-model.ts';
import type { LinearMemory } from '../../memory/linear-memory.ts';
import type { Control } from '../control.ts';
import { TORN, WHOLE } from './tests.ts';

/** A register or a variable, in every slot. */
export interface Observed {
  readonly address: number;
  readonly strideBytes: number;
  readonly widthBytes: 4 | 8;
}

export interface LitmusPart {
  readonly blockAddress: number;
  readonly agentCount: number;
  readonly spinMs: number;
  /** Times that all threads go over the slots. */
  readonly chunks: number;
  readonly slots: number;
  /** What this thread sets to 0 before each chunk. */
  readonly own: { readonly address: number; readonly sizeBytes: number };
  /** What this thread counts after each chunk; none for all but one. At most four. */
  readonly observed: readonly Observed[];
}

export interface LitmusPartResult {
  /** Number of slots that had each outcome, by its code. */
  readonly counts: readonly number[];
  readonly stopped: boolean;
}

const CODES = 4;
const VALUES: readonly number[] = [0, 1, 2, TORN];

export function runLitmusPart(
  agent: AgentModel,
  memory: LinearMemory,
  control: Control,
  { blockAddress, agentCount, spinMs, chunks, slots, own, observed }: LitmusPart,
): LitmusPartResult {
  const counts = new Array<number>(CODES ** observed.length).fill(0);
  for (let chunk = 0; chunk < chunks; chunk++) {
    memory.u8.fill(0, own.address, own.address + own.sizeBytes);
    if (!control.meet(agentCount, spinMs)) break;
    agent.run(blockAddress, slots);
    // Until all have done it, outcomes are not final; until one has counted them, they must stay.
    if (!control.meet(agentCount, spinMs)) break;
    if (observed.length > 0) count(memory, observed, slots, counts);
    if (!control.meet(agentCount, spinMs)) break;
  }
  return { counts, stopped: control.isStopped };
}

function count(memory: LinearMemory, observed: readonly Observed[], slots: number, counts: number[]): void {
  for (let slot = 0; slot < slots; slot++) {
    let code = 0;
    for (let i = observed.length - 1; i >= 0; i--) {
      const { address, strideBytes, widthBytes } = observed[i]!;
      code = code * CODES + codeAt(memory, address + slot * strideBytes, widthBytes);
    }
    counts[code]!++;
  }
}

function codeAt({ view }: LinearMemory, address: number, widthBytes: 4 | 8): number {
  const value = view.getUint32(address, true);
  if (widthBytes === 8 && view.getUint32(address + 4, true) !== value) return 3;
  if (value === WHOLE) return 1;
  return value <= 2 ? value : 3;
}

/** The values that a code stands for: WHOLE is 1. */
export function valuesOf(code: number, observedCount: number): number[] {
  return Array.from({ length: observedCount }, (_, i) => VALUES[Math.floor(code / CODES ** i) % CODES]!);
}
