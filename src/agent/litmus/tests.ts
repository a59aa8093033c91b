/** Litmus tests: small programs of several threads, and outcomes that show accesses taking effect out of order. */

export interface Access {
  readonly kind: 'write' | 'read' | 'add';
  /** 0 to 3, named x to w. */
  readonly variable: number;
  /** Of a write. */
  readonly value: number;
  readonly isAtomic: boolean;
}

/** One access of one thread or two, in program order. */
export type Thread = readonly [Access] | readonly [Access, Access];

/** What the memory models of JavaScript and WebAssembly say of the outcome that is looked for. */
export type Model = 'forbidden' | 'allowed';

export interface LitmusTest {
  /** `sb atomics`. */
  readonly name: string;
  readonly shape: string;
  readonly variant: string;
  readonly threads: readonly Thread[];
  /** Bytes of an access: 4, or 8. */
  readonly widthBytes: 4 | 8;
  /** Of the variables in their lines of 64 B. */
  readonly atBytes: number;
  /** Variables whose final value is looked at, beside everything that was read. */
  readonly finals: readonly number[];
  /** The outcome, in words. */
  readonly weak: string;
  /** Whether it is that: values in the order of threads and reads, and the finals behind them; TORN where halves differ. */
  isWeak(values: readonly number[]): boolean;
  readonly model: Model;
}

export const VARIABLE_NAMES = ['x', 'y', 'z', 'w'] as const;
/** Each byte of it is the same, so that no part of it is a value of another test. */
export const WHOLE = 0x03030303;
/** In the place of a value that nobody wrote. */
export const TORN = -1;

const [X, Y, Z, W] = [0, 1, 2, 3];
const [PLAIN, ATOMIC] = [false, true];

const write = (variable: number, value: number, isAtomic: boolean): Access => {
  return { kind: 'write', variable, value, isAtomic };
};
const read = (variable: number, isAtomic: boolean): Access => {
  return { kind: 'read', variable, value: 0, isAtomic };
};
const add = (variable: number, isAtomic: boolean): Access => ({ kind: 'add', variable, value: 0, isAtomic });

type Program = Pick<LitmusTest, 'threads' | 'weak' | 'isWeak'> & Partial<LitmusTest>;

function named(shape: string, variant: string, model: Model, program: Program): LitmusTest {
  const usual = { widthBytes: 4, atBytes: 0, finals: [] } as const;
  return { ...usual, ...program, name: `${shape} ${variant}`, shape, variant, model };
}

/** A program with all its accesses atomic, which leaves only sequentially consistent outcomes, and with all of them plain. */
function both(shape: string, programOf: (isAtomic: boolean) => Program, plain: Model = 'allowed') {
  return [
    named(shape, 'atomics', 'forbidden', programOf(ATOMIC)),
    named(shape, 'plain', plain, programOf(PLAIN)),
  ];
}

const is = (...expected: readonly number[]) => {
  return (values: readonly number[]) => expected.every((value, i) => values[i] === value);
};

/** Store buffering. @param store how the stores are made, which is what a bug would get wrong */
export function storeBuffering(store: boolean, load: boolean): Program {
  return {
    threads: [
      [write(X, 1, store), read(Y, load)],
      [write(Y, 1, store), read(X, load)],
    ],
    weak: 'r0=0 r1=0',
    isWeak: is(0, 0),
  };
}

function messagePassing(data: boolean, flag: boolean): Program {
  return {
    threads: [
      [write(X, 1, data), write(Y, 1, flag)],
      [read(Y, flag), read(X, data)],
    ],
    weak: 'r0=1 r1=0',
    isWeak: is(1, 0),
  };
}

const loadBuffering = (a: boolean): Program => ({
  threads: [
    [read(X, a), write(Y, 1, a)],
    [read(Y, a), write(X, 1, a)],
  ],
  weak: 'r0=1 r1=1',
  isWeak: is(1, 1),
});

const independentReads = (a: boolean): Program => ({
  threads: [[write(X, 1, a)], [write(Y, 1, a)], [read(X, a), read(Y, a)], [read(Y, a), read(X, a)]],
  weak: 'r0=1 r1=0 r2=1 r3=0',
  isWeak: is(1, 0, 1, 0),
});

const coherentReads = (a: boolean): Program => ({
  threads: [[write(X, 1, a)], [read(X, a), read(X, a)]],
  weak: 'r0=1 r1=0',
  isWeak: is(1, 0),
});

const twoWrites = (a: boolean): Program => ({
  threads: [
    [write(X, 1, a), write(Y, 2, a)],
    [write(Y, 1, a), write(X, 2, a)],
  ],
  finals: [X, Y],
  weak: 'x=1 y=1',
  isWeak: is(1, 1),
});

const tearing =
  (widthBytes: 4 | 8, atBytes: number) =>
  (a: boolean): Program => ({
    threads: [[write(X, WHOLE, a)], widthBytes === 4 ? [read(X, a), read(X, a)] : [read(X, a)]],
    widthBytes,
    atBytes,
    weak: 'torn',
    isWeak: (values) => values.includes(TORN),
  });

const increments = (a: boolean): Program => ({
  threads: [[add(X, a)], [add(X, a)]],
  finals: [X],
  weak: 'x=1',
  isWeak: is(1),
});

export const LITMUS_TESTS: readonly LitmusTest[] = [
  ...both('sb', (a) => storeBuffering(a, a)),
  ...both('mp', (a) => messagePassing(a, a)),
  // Whoever sees the flag must see the data; the plain read races where it does not, and may then be anything.
  named('mp', 'plain data, atomic flag', 'forbidden', messagePassing(PLAIN, ATOMIC)),
  ...both('lb', loadBuffering),
  ...both('iriw', independentReads),
  // Two plain reads of one variable may change places: compilers do not know that it is one.
  ...both('corr', coherentReads),
  ...both('2+2w', twoWrites),
  ...both('tearing-4', tearing(4, 0), 'forbidden'),
  ...both('tearing-8', tearing(8, 0)),
  // Over the end of a line, which no atomic access can be.
  named('tearing-8', 'plain, in two lines', 'allowed', tearing(8, 60)(PLAIN)),
  ...both('rmw', increments),
];

/** Plain store buffering by 2 agents, or by 4 as two pairs at once: where it never shows, they did not run at the same time. */
export function controlOf(agentCount: number): LitmusTest {
  const { threads, ...rest } = storeBuffering(PLAIN, PLAIN);
  if (agentCount === 2) return named('sb', 'plain', 'allowed', { threads, ...rest });
  const others: Thread[] = [
    [write(Z, 1, PLAIN), read(W, PLAIN)],
    [write(W, 1, PLAIN), read(Z, PLAIN)],
  ];
  return named('sb', 'plain, two pairs', 'allowed', {
    threads: [...threads, ...others],
    weak: 'r0=0 r1=0 r2=0 r3=0',
    isWeak: is(0, 0, 0, 0),
  });
}

/** `x=1; r0=y | y=1; r1=x`. */
export function programText({ threads }: LitmusTest): string {
  let register = 0;
  const text = ({ kind, variable, value }: Access) => {
    const name = VARIABLE_NAMES[variable];
    if (kind === 'read') return `r${register++}=${name}`;
    return kind === 'add' ? `${name}++` : `${name}=${value === WHOLE ? 'whole' : value}`;
  };
  return threads.map((thread) => thread.map(text).join('; ')).join(' | ');
}
