/**
 * A line in the first-level cache of a GPU agent: written through, not allocated by writes, and not known to its home. It
 * may be old; an acquire forgets it. A write drops the copy, so that what is kept has always been read.
 */
import type { GpuState } from './names.ts';
import type { CacheTable } from './tables.ts';

const AT_HOME = {
  Store: { next: 'I_A', send: 'WriteUnique' },
  AtomicFar: { next: 'I_A', send: 'Atomic' },
} as const;

export const GPU_L1: CacheTable<GpuState> = {
  I: { ...AT_HOME, Load: { next: 'IV_D', send: 'ReadOnce' }, Acquire: { next: 'I' } },
  V: { ...AT_HOME, Load: { next: 'V', performs: true }, Evict: { next: 'I' }, Acquire: { next: 'I' } },
  IV_D: { CompData_I: { next: 'V', fills: true, performs: true } },
  I_A: { CompData_I: { next: 'I', performs: true }, Comp: { next: 'I', performs: true } },
};
