/** A line in the cache of a CPU core. Its home knows of every copy, so nothing is dropped without telling it. */
import type { Answer, CpuState, Request } from './names.ts';
import type { CacheRule, CacheTable } from './tables.ts';

type Rule = CacheRule<CpuState>;

const hit = (next: CpuState): Rule => ({ next, performs: true });
const ask = (send: Request, next: CpuState): Rule => ({ next, send });
const answer = (send: Answer, next: CpuState): Rule => ({ next, send });
const granted = (next: CpuState): Rule => ({ next, performs: true, acknowledges: true });
const filled = (next: CpuState): Rule => ({ ...granted(next), fills: true });

/** A copy that nobody else has is changed without a word. */
const ONLY_COPY = {
  Store: hit('M'),
  StoreStream: hit('M'),
  AtomicNear: hit('M'),
  AtomicFar: hit('M'),
  SnpShared: answer('SnpRespData', 'S'),
  SnpUnique: answer('SnpRespData', 'I'),
};

/** A snoop that meets a copy on its way out is answered all the same: the home has not seen it come. */
const GIVEN_BACK = {
  SnpShared: answer('SnpRespData', 'SI_A'),
  SnpUnique: answer('SnpRespData', 'II_A'),
  Comp: { next: 'I' },
} satisfies Record<string, Rule>;

export const CPU_CACHE: CacheTable<CpuState> = {
  I: {
    Load: ask('ReadShared', 'IS_D'),
    Store: ask('ReadUnique', 'IM_AD'),
    StoreStream: ask('WriteUnique', 'I_A'),
    LoadUncached: ask('ReadOnce', 'I_A'),
    AtomicNear: ask('ReadUnique', 'IM_AD'),
    AtomicFar: ask('Atomic', 'I_A'),
  },
  S: {
    Load: hit('S'),
    LoadUncached: hit('S'),
    Store: ask('CleanUnique', 'SM_AD'),
    StoreStream: ask('CleanUnique', 'SM_AD'),
    AtomicNear: ask('CleanUnique', 'SM_AD'),
    AtomicFar: ask('Atomic', 'S_A'),
    Evict: ask('Evict', 'SI_A'),
    SnpUnique: answer('SnpResp', 'I'),
  },
  E: { ...ONLY_COPY, Load: hit('E'), LoadUncached: hit('E'), Evict: ask('Evict', 'EI_A') },
  M: { ...ONLY_COPY, Load: hit('M'), LoadUncached: hit('M'), Evict: ask('WriteBack', 'MI_A') },
  IS_D: { CompData_SC: filled('S'), CompData_UC: filled('E') },
  IM_AD: { CompData_UC: filled('M') },
  // The upgrade is lost where another writes first: what comes then has to bring data.
  SM_AD: { Comp_UC: granted('M'), SnpUnique: answer('SnpResp', 'IM_AD') },
  MI_A: GIVEN_BACK,
  EI_A: GIVEN_BACK,
  SI_A: { SnpUnique: answer('SnpResp', 'II_A'), Comp: { next: 'I' } },
  II_A: { Comp: { next: 'I' } },
  I_A: { CompData_I: hit('I'), Comp: hit('I') },
  // The home snoops the one who asks too, before it does the operation.
  S_A: { SnpUnique: answer('SnpResp', 'I_A') },
};
