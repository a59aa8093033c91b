import { describe, expect, test } from 'vitest';
import { EXIT, WrongAnswerError } from '../../../../src/errors.ts';
import { parseSamples } from '../../../../src/results/parse-samples.ts';
import { COST_WORKS, type CostWork } from '../../../../src/run/guest/cost/cost-lines.ts';
import { costSamples } from '../../../../src/run/guest/cost/cost-samples.ts';
import { boot, FACTS } from './readings.ts';

describe('samples', () => {
  const samples = costSamples([boot(), boot(1.02)], FACTS);

  test('are a document that every command reads', () => {
    const read = parseSamples(JSON.parse(JSON.stringify(samples)), 'memory');
    expect(read.series.length).toBe(2 * 8 * COST_WORKS.length);
    expect(new Set(read.series.map(({ fork }) => fork))).toEqual(new Set([0, 1]));
    expect(read.series[0]).toMatchObject({
      workload: 'guest/config-read',
      params: { path: 'core' },
      implementation: 'wasm',
      checksum: '234210de',
      payloadBytesPerOp: 4,
    });
  });
});

describe('an answer', () => {
  const altered = (implementation: string, work: CostWork) =>
    boot().map((reading) =>
      reading.implementation === implementation && reading.pass.work === work
        ? { ...reading, pass: { ...reading.pass, answer: '0badf00d' } }
        : reading,
    );

  test.each([
    ['wasm', 'config-read'],
    ['wasm', 'memory-write'],
    ['c-server', 'bulk-copy'],
    ['ram-bar', 'memory-read'],
    ['qemu-edu', 'config-read'],
    ['qemu-edu', 'bulk-copy'],
  ] as const)('of %s to %s that is wrong fails the run', (implementation, work) => {
    const wrong = () => costSamples([altered(implementation, work)], FACTS);
    expect(wrong).toThrow(WrongAnswerError);
    expect(wrong).toThrow(/expected the answer [0-9a-f]{8}, got 0badf00d/);
    expect(EXIT.wrongAnswer).toBe(5);
  });

  test("of QEMU's device to what it drops is none", () => {
    const { series } = costSamples([altered('qemu-edu', 'memory-write')], FACTS);
    const dropped = series.find(
      ({ implementation, workload }) => implementation === 'qemu-edu' && workload === 'guest/memory-write',
    );
    expect(dropped?.checksum).toBe('00000000');
  });
});
