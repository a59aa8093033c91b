import { describe, expect, test } from 'vitest';
import { runConformance } from '../../src/conform/conform.ts';
import { SUITE } from '../../src/conform/suite/suite.ts';
import { POLICIES } from '../../src/types.ts';
import { ANSWERING, NATIVE_NOTE } from '../implementations.ts';

describe('the built-in conformance suite', () => {
  const report = runConformance({ implementations: ANSWERING });

  test(`passes on ${ANSWERING.join(', ')}${NATIVE_NOTE}`, () => {
    expect(report.failures).toEqual([]);
    expect(report.skips).toEqual([]);
  });

  test('runs every vector, on each', () => {
    const onDevices = SUITE.filter((vector) => vector.kind === 'device').length;
    expect(onDevices).toBeGreaterThan(250);
    for (const name of ANSWERING) expect(report.implementations[name]).toEqual(report.implementations.wasm);
    expect(report.implementations.wasm!.passed).toBeGreaterThan(onDevices);
    expect(report.implementations.shared!.passed).toBe(SUITE.length - onDevices);
  });

  test('names each vector once', () => {
    const ids = SUITE.map((vector) => vector.id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  test('expects something of each device', () => {
    const idle = SUITE.filter((vector) => {
      if (vector.kind !== 'device') return false;
      return !vector.ops.some(
        (op) => ('expect' in op && op.expect !== undefined) || ('ret' in op && op.ret! < 0),
      );
    });
    expect(idle.map((vector) => vector.id)).toEqual([
      '2.9 strict requests of no bytes do nothing',
      '2.9 core requests of no bytes do nothing',
    ]);
  });

  test.each(POLICIES)('notices a device without answers, policy %s', (policy) => {
    const onPolicy = SUITE.filter(
      (vector) => vector.kind === 'device' && vector.variants[0]!.spec.policy === policy,
    );
    expect(onPolicy.length).toBeGreaterThan(6);
    const noop = runConformance({ implementations: ['noop'] });
    const failed = new Set(noop.failures.map((failure) => failure.id));
    const passed = onPolicy.filter((vector) => !failed.has(vector.id)).map((vector) => vector.id);
    expect(passed.filter((id) => !/no bytes/.test(id))).toEqual([]);
  });
});
