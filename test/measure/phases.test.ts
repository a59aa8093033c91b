import { describe, expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { timeStart } from '../../src/device/start-times.ts';
import { createArm } from '../../src/measure/arm.ts';
import { START_WORKLOAD, startRows, timeFirstPass, timeTsImport } from '../../src/measure/phases.ts';
import { parseSamples } from '../../src/results/parse-samples.ts';
import { toSeries } from '../../src/results/rows.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { loadWorkloads } from '../../src/workload/scenario.ts';
import { ANSWERING } from '../implementations.ts';
import { samplesDocument } from '../results/document.ts';
import { fakeArm } from './fake-arm.ts';

const spec = specFromFlags({ device: 'gh200-120gb' });
const facts = {
  runtime: 'node 26.10.0',
  fork: 3,
  block: 1,
  buildOf: (implementation: string) => `build of ${implementation}`,
};

describe('startRows', () => {
  test('has compile and instantiate of each implementation once, whatever came after', async () => {
    const walk = loadWorkloads().find(({ name }) => name === 'noop/batch')!;
    for (const implementation of ANSWERING) prepareWorkload(walk, spec, implementation);
    await timeTsImport();
    const rows = startRows(facts);
    const phases = rows.map(({ implementation, phase }) => `${implementation} ${phase}`);
    const expected = ANSWERING.flatMap((name) => [`${name} compile`, `${name} instantiate`]);
    expect(phases.toSorted()).toEqual(expected.toSorted());
    for (const row of rows) {
      expect(row).toMatchObject({
        runtime: 'node 26.10.0',
        fork: 3,
        block: 1,
        workload: START_WORKLOAD,
        operations: 1,
      });
      expect(row.build).toBe(`build of ${row.implementation}`);
      expect(row.durationNs).toBeGreaterThan(0);
    }
    prepareWorkload(walk, spec, 'wasm');
    await timeTsImport();
    expect(startRows(facts)).toEqual(rows);
    const document = samplesDocument({ series: toSeries(rows) });
    expect(parseSamples(JSON.parse(JSON.stringify(document)), 'rows').series).toHaveLength(rows.length);
  });

  test('keeps the first of its kind, and hands on what was made and what was thrown', () => {
    expect(timeStart('one of a kind', 'compile', () => 1)).toBe(1);
    const before = startRows(facts);
    expect(timeStart('one of a kind', 'compile', () => 2)).toBe(2);
    expect(startRows(facts)).toEqual(before);
    const failing = () =>
      timeStart('of no kind', 'compile', () => {
        throw new Error('no compiler');
      });
    expect(failing).toThrow('no compiler');
    expect(startRows(facts)).toEqual(before);
  });
});

describe('timeFirstPass', () => {
  test('times one pass of the first arm of an implementation and build, and none of later ones', () => {
    const arms = ['first', 'second'].map((name) => ({
      ...fakeArm(name, (passesBefore) => (passesBefore === 0 ? 5000 : 100), { tier: () => 'interpreter' }),
      implementation: 'never started',
    }));
    expect(timeFirstPass(arms[0]!)).toEqual({ durationNs: 5000, operations: 100, tier: 'interpreter' });
    expect([timeFirstPass(arms[1]!), timeFirstPass(arms[0]!)]).toEqual([null, null]);
    expect(arms.map(({ calls }) => calls)).toEqual([[1], []]);
    expect(timeFirstPass({ ...arms[1]!, build: 'another' })).not.toBeNull();
  });

  test('leaves noop and layers alone', () => {
    const arm = fakeArm('a', () => 1);
    expect(timeFirstPass({ ...arm, implementation: 'noop' })).toBeNull();
    expect(timeFirstPass({ ...arm, build: 'of a layer', layer: 'harness' })).toBeNull();
  });

  test('changes no answer that follows', async () => {
    const writes = loadWorkloads().find(
      ({ name, params }) => name === 'config-write/batch' && params.mix === 'bars',
    )!;
    const make = () => createArm(writes, 'wasm', prepareWorkload(writes, spec, 'wasm'), 'b of phases');
    const [with1, without] = [await make(), await make()];
    expect(timeFirstPass(with1)).not.toBeNull();
    const answers = [with1, without].map((arm) => {
      arm.answer(() => arm.time(1).checksum);
      return arm.answer(() => arm.time(1).checksum);
    });
    expect(answers).toEqual([writes.checksums['gh200-120gb/nvgrace'], answers[0]]);
  });
});
