import { describe, expect, test } from 'vitest';
import { type ComparisonKind, pairArms } from '../../src/report/pairs.ts';
import type { Arm, Params } from '../../src/results/samples.ts';

function arm(workload: string, params: Params = {}, changes: Partial<Arm> = {}): Arm {
  return { workload, params, implementation: 'wasm', runtime: 'node 26', build: 'b1', ...changes };
}

/** Candidate and baseline of each pair of one kind. */
const pairs = (kind: ComparisonKind, ...arms: Arm[]) =>
  pairArms(arms)
    .filter((pair) => pair.kind === kind)
    .map(({ candidate, baseline }) => [candidate, baseline]);

describe('implementation', () => {
  const wasm = arm('config-read/batch', { widthBytes: 4 });
  const ts = { ...wasm, implementation: 'ts' };

  const native = { ...wasm, implementation: 'native' };

  test('is wasm over ts', () => {
    expect(pairs('implementation', ts, wasm)).toEqual([[wasm, ts]]);
  });

  test('is both over native, which comes first', () => {
    expect(pairs('implementation', ts, wasm, native)).toEqual([
      [wasm, native],
      [ts, native],
      [wasm, ts],
    ]);
  });

  test('has no pair for native code of another build', () => {
    expect(pairs('implementation', wasm, { ...native, build: 'b1 -march=native' })).toEqual([]);
  });

  test.each([
    ['workload', { workload: 'config-write/batch' }],
    ['parameters', { params: { widthBytes: 2 } }],
    ['more parameters', { params: { widthBytes: 4, mix: 'header' } }],
    ['runtime', { runtime: 'node 22' }],
    ['build', { build: 'b2' }],
  ])('needs the same %s', (_, changes) => {
    expect(pairs('implementation', wasm, { ...ts, ...changes })).toEqual([]);
  });
});

describe.each(['build', 'runtime'] as const)('%s', (part) => {
  const first = arm('config-read/batch', { widthBytes: 4 });
  const [second, third] = ['b', 'a'].map((name) => ({ ...first, [part]: name })) as [Arm, Arm];

  test('is each over the one that comes first', () => {
    expect(pairs(part, first, second, third)).toEqual([
      [second, first],
      [third, first],
    ]);
    expect(pairs(part, second, first)).toEqual([[first, second]]);
  });

  test.each([
    ['workload', { workload: 'config-write/batch' }],
    ['parameters', { params: { widthBytes: 2 } }],
    ['implementation', { implementation: 'ts' }],
    [part === 'build' ? 'runtime' : 'build', { [part === 'build' ? 'runtime' : 'build']: 'other' }],
  ])('needs the same %s', (_, changes) => {
    expect(pairs(part, first, { ...second, ...changes })).toEqual([]);
  });
});

describe('emulation', () => {
  const geometry = { sizeBytes: 4096, srcOffsetBytes: 0, dstOffsetBytes: 16 };
  const direct = arm('region-direct', { operation: 'copy', ...geometry });

  test('is the region’s row over the direct row of the same operation and geometry', () => {
    const emulated = arm('region-copy', { ...geometry, policy: 'strict' });
    expect(pairs('emulation', emulated, direct)).toEqual([[emulated, direct]]);
  });

  test('takes an offset that is not stated for 0', () => {
    const emulated = arm('region-read/batch', { sizeBytes: 64 });
    const read = arm('region-direct', { operation: 'read', sizeBytes: 64, srcOffsetBytes: 0 });
    expect(pairs('emulation', emulated, read)).toEqual([[emulated, read]]);
  });

  test.each([
    ['another operation', arm('region-fill', geometry)],
    ['another size', arm('region-copy', { ...geometry, sizeBytes: 64 })],
    ['another alignment', arm('region-copy', { ...geometry, dstOffsetBytes: 0 })],
    ['another implementation', arm('region-copy', geometry, { implementation: 'ts' })],
    ['single calls', arm('region-copy/call', geometry)],
    ['sparse backing', arm('region-sparse', { ...geometry, operation: 'copy' })],
    ['direct access itself', arm('region-direct', { ...geometry, operation: 'direct' })],
    ['a contradiction elsewhere', arm('region-copy', { ...geometry, footprintBytes: 1 })],
  ])('has no pair for %s', (_, other) => {
    expect(pairs('emulation', other, arm('region-direct', { ...direct.params, footprintBytes: 2 }))).toEqual(
      [],
    );
  });
});

test('sparse is the page map over flat backing, all else equal', () => {
  const sparse = arm('region-sparse', { backing: 'sparse', touch: 'later' });
  const flat = arm('region-sparse', { backing: 'flat', touch: 'later' });
  const elsewhere = arm('region-sparse', { backing: 'flat', touch: 'first' });
  expect(pairs('sparse', elsewhere, flat, sparse)).toEqual([[sparse, flat]]);
});

test('alignment is each misaligned row over its own aligned row', () => {
  const aligned = arm('region-copy', { sizeBytes: 64, srcOffsetBytes: 0, dstOffsetBytes: 0 });
  const dst = arm('region-copy', { sizeBytes: 64, srcOffsetBytes: 0, dstOffsetBytes: 16 });
  const both = arm('region-copy', { sizeBytes: 64, srcOffsetBytes: 1, dstOffsetBytes: 16 });
  const larger = arm('region-copy', { sizeBytes: 128, srcOffsetBytes: 1, dstOffsetBytes: 0 });
  expect(pairs('alignment', aligned, dst, both, larger)).toEqual([
    [dst, aligned],
    [both, aligned],
  ]);
});

test('call is a call over the batch of the same work', () => {
  const call = arm('config-read/call', { widthBytes: 4 });
  const batch = arm('config-read/batch', { widthBytes: 4 });
  expect(pairs('call', batch, call, arm('config-write/batch', { widthBytes: 4 }))).toEqual([[call, batch]]);
});

test('noop is in no comparison, on neither side', () => {
  const noop = { implementation: 'noop' };
  expect(
    pairArms([
      arm('config-read/call', {}, noop),
      arm('config-read/batch', {}, noop),
      arm('region-copy', {}, noop),
      arm('region-direct', { operation: 'copy' }, noop),
    ]),
  ).toEqual([]);
});

test('many workloads are paired as few are: each with its own, in the order of the arms', () => {
  const arms = Array.from({ length: 20_000 }, (_, i) =>
    ['ts', 'wasm'].map((implementation) => arm('config-read/batch', { number: i }, { implementation })),
  );
  expect(pairs('implementation', ...arms.flat())).toEqual(arms.map(([ts, wasm]) => [wasm, ts]));
});

test('parameters are told apart by their kind, not by their order', () => {
  const [wasm, ts] = [arm('x', { a: 1, b: 2 }), arm('x', { b: 2, a: 1 }, { implementation: 'ts' })];
  expect(pairs('implementation', wasm, ts)).toEqual([[wasm, ts]]);
  expect(pairs('implementation', wasm, { ...ts, params: { a: '1', b: 2 } })).toEqual([]);
});
