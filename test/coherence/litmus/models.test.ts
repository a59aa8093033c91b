import { describe, expect, test } from 'vitest';
import { interleavings } from '../../../src/coherence/litmus/interleavings.ts';
import { isWeak } from '../../../src/coherence/litmus/outcome.ts';
import { SHAPES, shapeNamed, withFences } from '../../../src/coherence/litmus/shapes.ts';
import { tsoOutcomes } from '../../../src/coherence/litmus/x86-tso.ts';

/** As published: sections 1 and 2 of the x86-TSO paper for SB, SB+rfi-pos (there: iwp2.4) and n6, herd's x86tso.cat for all. */
const ALLOWED_BY_TSO = ['SB', 'SB+rfi-pos', 'n6', 'R', 'RWC'];

describe('sequential consistency', () => {
  test.each(SHAPES)('forbids the outcome of $name', (shape) => {
    expect(interleavings(shape).filter((outcome) => isWeak(outcome, shape))).toEqual([]);
  });

  test('gives the outcomes that are known', () => {
    const x1y1 = (reads: string) => `${reads} x=1 y=1`;
    expect(interleavings(shapeNamed('SB'))).toEqual(['r0=0 r1=1', 'r0=1 r1=0', 'r0=1 r1=1'].map(x1y1));
    expect(interleavings(shapeNamed('MP'))).toEqual(['r0=0 r1=0', 'r0=0 r1=1', 'r0=1 r1=1'].map(x1y1));
    expect(interleavings(shapeNamed('IRIW'))).toHaveLength(15);
    expect(interleavings(shapeNamed('2+2W'))).toEqual(['x=1 y=2', 'x=2 y=1', 'x=2 y=2']);
    expect(interleavings(shapeNamed('atomicity'))).toEqual(['r0=0 r1=1 x=2', 'r0=1 r1=0 x=2']);
  });
});

describe('x86-TSO', () => {
  test.each(SHAPES)('has $name $tso', (shape) => {
    const isSeen = tsoOutcomes(shape).some((outcome) => isWeak(outcome, shape));
    expect(isSeen).toBe(shape.tso === 'allowed');
  });

  test('allows what is known to be allowed, and nothing else', () => {
    expect(SHAPES.filter(({ tso }) => tso === 'allowed').map(({ name }) => name)).toEqual(ALLOWED_BY_TSO);
  });

  test('allows all that sequential consistency allows, and more in the shapes that are there to show it', () => {
    for (const shape of SHAPES) {
      const sequential = new Set(interleavings(shape));
      const tso = tsoOutcomes(shape);
      expect(tso.filter((outcome) => sequential.has(outcome))).toEqual([...sequential]);
      const more = tso.filter((outcome) => !sequential.has(outcome));
      expect(more.length > 0).toBe(shape.tso === 'allowed');
    }
  });

  test('without buffers it is sequentially consistent; with one of two, SB is still seen', () => {
    for (const shape of SHAPES) {
      const all = shape.threads.map((_, thread) => thread);
      expect(tsoOutcomes(shape, all)).toEqual(interleavings(shape));
    }
    const sb = shapeNamed('SB');
    expect(tsoOutcomes(sb, [0]).filter((outcome) => isWeak(outcome, sb))).toHaveLength(1);
  });

  test('with a fence before each read it is sequentially consistent', () => {
    for (const shape of SHAPES) {
      const fenced = withFences(shape);
      expect(tsoOutcomes(fenced)).toEqual(interleavings(fenced));
    }
  });
});
