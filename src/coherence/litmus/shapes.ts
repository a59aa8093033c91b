/**
 * Litmus tests as programs of a few threads, each with an outcome that tells memory models apart. Names and outcomes are
 * those of Alglave, Maranget, Tautschnig, "Herding cats" (TOPLAS 2014); n6 is from Owens, Sarkar, Sewell, "A better x86
 * memory model: x86-TSO" (TPHOLs 2009).
 */

/** One access of a thread, or a fence: what is before it is seen before what is behind it. */
export type Access =
  | { readonly kind: 'read' | 'add'; readonly variable: number }
  | { readonly kind: 'write'; readonly variable: number; readonly value: number }
  | { readonly kind: 'fence' };

/** In program order. */
export type Thread = readonly Access[];

export interface Program {
  readonly name: string;
  /** Up to 4. */
  readonly threads: readonly Thread[];
  /** Up to 3, all 0 at first. */
  readonly variableCount: 1 | 2 | 3;
}

export interface Shape extends Program {
  /** The outcome that is looked for, as a part of what `outcomeOf` says: reads by their number, and final values. */
  readonly weak: string;
  /** What x86-TSO says of it. Sequential consistency forbids it in each shape. */
  readonly tso: 'allowed' | 'forbidden';
}

export const VARIABLE_NAMES = ['x', 'y', 'z'] as const;
const [X, Y, Z] = [0, 1, 2];

const write = (variable: number, value = 1): Access => ({ kind: 'write', variable, value });
const read = (variable: number): Access => ({ kind: 'read', variable });
/** A read-modify-write that adds one and reads what was there. */
const add = (variable: number): Access => ({ kind: 'add', variable });
const FENCE: Access = { kind: 'fence' };

function shape(name: string, tso: Shape['tso'], weak: string, ...threads: readonly Thread[]): Shape {
  const variables = threads.flat().map((access) => (access.kind === 'fence' ? X : access.variable));
  return {
    name,
    threads,
    weak,
    tso,
    variableCount: (1 + Math.max(...variables)) as Program['variableCount'],
  };
}

const WRITER = [write(X), write(Y)];

export const SHAPES: readonly Shape[] = [
  shape('MP', 'forbidden', 'r0=1 r1=0', WRITER, [read(Y), read(X)]),
  shape('SB', 'allowed', 'r0=0 r1=0', [write(X), read(Y)], [write(Y), read(X)]),
  shape('SB+mfences', 'forbidden', 'r0=0 r1=0', [write(X), FENCE, read(Y)], [write(Y), FENCE, read(X)]),
  // Locked instructions of x86 write their buffer out first.
  shape('SB+adds', 'forbidden', 'r1=0 r3=0', [add(X), read(Y)], [add(Y), read(X)]),
  // Each reads what it wrote itself before others see it.
  shape(
    'SB+rfi-pos',
    'allowed',
    'r0=1 r1=0 r2=1 r3=0',
    [write(X), read(X), read(Y)],
    [write(Y), read(Y), read(X)],
  ),
  shape('n6', 'allowed', 'r0=1 r1=0 x=1', [write(X), read(X), read(Y)], [write(Y, 2), write(X, 2)]),
  shape('LB', 'forbidden', 'r0=1 r1=1', [read(X), write(Y)], [read(Y), write(X)]),
  shape('S', 'forbidden', 'r0=1 x=2', [write(X, 2), write(Y)], [read(Y), write(X)]),
  shape('R', 'allowed', 'r0=0 y=2', WRITER, [write(Y, 2), read(X)]),
  shape('2+2W', 'forbidden', 'x=1 y=1', [write(X), write(Y, 2)], [write(Y), write(X, 2)]),
  shape('WRC', 'forbidden', 'r0=1 r1=1 r2=0', [write(X)], [read(X), write(Y)], [read(Y), read(X)]),
  shape('RWC', 'allowed', 'r0=1 r1=0 r2=0', [write(X)], [read(X), read(Y)], [write(Y), read(X)]),
  shape('ISA2', 'forbidden', 'r0=1 r1=1 r2=0', WRITER, [read(Y), write(Z)], [read(Z), read(X)]),
  shape(
    'IRIW',
    'forbidden',
    'r0=1 r1=0 r2=1 r3=0',
    [write(X)],
    [read(X), read(Y)],
    [write(Y)],
    [read(Y), read(X)],
  ),
  shape('CoRR', 'forbidden', 'r0=1 r1=0', [write(X)], [read(X), read(X)]),
  shape('CoWW', 'forbidden', 'x=1', [write(X), write(X, 2)]),
  shape('CoRW1', 'forbidden', 'r0=1', [read(X), write(X)]),
  shape('CoRW2', 'forbidden', 'r0=2 x=2', [read(X), write(X)], [write(X, 2)]),
  shape('CoWR', 'forbidden', 'r0=2 x=1', [write(X), read(X)], [write(X, 2)]),
  // Two additions, of which one is lost.
  shape('atomicity', 'forbidden', 'r0=0 r1=0', [add(X)], [add(X)]),
  shape('atomicity of three', 'forbidden', 'x=2', [add(X)], [add(X)], [add(X)]),
];

/** @throws RangeError */
export function shapeNamed(name: string): Shape {
  const found = SHAPES.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw new RangeError(`no shape ${name}; there are ${SHAPES.map((one) => one.name).join(', ')}`);
}

/**
 * The same program with a fence before each read that is not the first access of its thread.
 * @param among threads that get them: all unless told
 */
export function withFences(program: Program, among?: readonly number[]): Program {
  const threads = program.threads.map((thread, number) => {
    if (among?.includes(number) === false) return thread;
    return thread.flatMap((access, i) => (i > 0 && access.kind === 'read' ? [FENCE, access] : [access]));
  });
  return { ...program, name: `${program.name}+fences`, threads };
}
