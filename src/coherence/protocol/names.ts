/**
 * The words of the protocol: states of a line in a cache and at its home, what agents ask and what they are told. Names
 * are those of Arm's AMBA 5 CHI (IHI 0050), from which the protocol takes its messages; transient states are named as
 * in gem5's Ruby: where a line comes from, where it goes, and what it waits for (Data, Acknowledgement).
 */

/** States of a line in the cache of a CPU core, each with what it means. */
export const CPU_STATES = [
  'I',
  'S',
  'E',
  'M',
  /** Read asked for. */
  'IS_D',
  /** Asked for to be written, no copy. */
  'IM_AD',
  /** Asked for to be written, with a copy that others may have too. */
  'SM_AD',
  /** Given back, the home has not said yet that it knows: with changed data, unchanged, shared. */
  'MI_A',
  'EI_A',
  'SI_A',
  /** Given back, and taken away meanwhile. */
  'II_A',
  /** The home does the operation; no copy. */
  'I_A',
  /** The home does the operation; a shared copy is still there. */
  'S_A',
] as const;
export type CpuState = (typeof CPU_STATES)[number];

/** States of a line in the first-level cache of a GPU agent, which its home does not know of. */
export const GPU_STATES = [
  'I',
  'V',
  /** Read asked for. */
  'IV_D',
  /** The home does the operation. */
  'I_A',
] as const;
export type GpuState = (typeof GPU_STATES)[number];

/** What an agent does to a line. */
export const OPERATIONS = [
  'Load',
  'Store',
  /** A store of a stream, which leaves no copy behind. */
  'StoreStream',
  /** A load of memory that this agent may not keep copies of. */
  'LoadUncached',
  /** A read-modify-write in the own cache. */
  'AtomicNear',
  /** The same, done by the home. */
  'AtomicFar',
  /** Gives a copy back to make room. */
  'Evict',
  /** Forgets what was read before (GPU agents). */
  'Acquire',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Requests of an agent to the home of a line. */
export const REQUESTS = [
  'ReadShared',
  'ReadUnique',
  'CleanUnique',
  'ReadOnce',
  'WriteUnique',
  'Atomic',
  'WriteBack',
  'Evict',
] as const;
export type Request = (typeof REQUESTS)[number];

/** Of the home to holders of copies. */
export const SNOOPS = ['SnpShared', 'SnpUnique'] as const;
export type Snoop = (typeof SNOOPS)[number];

/** Of holders back to the home; with data where the copy was the only one. */
export const ANSWERS = ['SnpResp', 'SnpRespData'] as const;
export type Answer = (typeof ANSWERS)[number];

/** Of the home to who asked. Behind the underscore is what may be kept: Shared Clean, Unique Clean, or nothing. */
export const REPLIES = ['CompData_SC', 'CompData_UC', 'CompData_I', 'Comp_UC', 'Comp'] as const;
export type Reply = (typeof REPLIES)[number];

/** All that is ever on its way. */
export const MESSAGES = [...REQUESTS, ...SNOOPS, ...ANSWERS, ...REPLIES, 'CompAck'] as const;
export type Message = (typeof MESSAGES)[number];

/** All that can happen to a line in a cache. */
export const EVENTS = [...OPERATIONS, ...SNOOPS, ...REPLIES] as const;
export type Event = (typeof EVENTS)[number];

/**
 * A line at its home, as who asks sees it: nobody has a copy; some have, the one who asks among them or not; one has the
 * only copy and may change it, the one who asks or another.
 */
export const VIEWS = ['U', 'Sh with', 'Sh without', 'Ex own', 'Ex other'] as const;
export type View = (typeof VIEWS)[number];
