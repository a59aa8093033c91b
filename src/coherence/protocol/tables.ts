/** What a protocol is: three tables. Simulators and the explorer run whichever they are given, so that bugs can be planted. */
import type { Answer, CpuState, Event, GpuState, Reply, Request, Snoop, View } from './names.ts';

/** What a cache does when something happens to a line of it. */
export interface CacheRule<State extends string> {
  readonly next: State;
  readonly send?: Request | Answer | undefined;
  /** Keeps the data that came. */
  readonly fills?: true;
  /** The operation that was asked for takes effect now. */
  readonly performs?: true;
  /** Tells the home that the transaction is over. */
  readonly acknowledges?: true | undefined;
}

/** Pairs that are not there cannot happen, but for operations: these wait. */
export type CacheTable<State extends string> = Readonly<
  Record<State, { readonly [E in Event]?: CacheRule<State> }>
>;

/** Who is asked to give their copies up before a request is served. */
export type Snooped = { readonly whom: 'owner' | 'others' | 'all'; readonly how: Snoop };

/** What the home does with a request. */
export interface HomeRule {
  readonly snoop?: Snooped | undefined;
  /** The reply goes out when all who were asked have answered. */
  readonly waits?: true | undefined;
  /** What the request brings goes to memory: bytes, an operation on them, a changed line. */
  readonly merges?: 'write' | 'atomic' | 'line';
  readonly reply: Reply;
  /** Who has a copy then: nobody, the one who asks alone, the one who asks too, all but the one who asks, as before. */
  readonly next: 'U' | 'Ex' | 'Sh add' | 'Sh remove' | 'Sh' | 'same';
  /** The next request of the line waits for the acknowledgement of who asked. */
  readonly untilAck?: true | undefined;
}

export type HomeTable = Readonly<Record<Request, { readonly [V in View]?: HomeRule }>>;

export interface Protocol {
  readonly cpu: CacheTable<CpuState>;
  readonly gpu: CacheTable<GpuState>;
  readonly home: HomeTable;
}
