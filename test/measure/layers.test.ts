import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { withCoreBuild } from '../../src/device/wasm/module.ts';
import { createArm, type MeasuredArm } from '../../src/measure/arm.ts';
import { createLayerArms, type LayeredRow } from '../../src/measure/layers.ts';
import { isInRange } from '../../src/workload/direct-accesses.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { loadSuites, loadWorkloads, type Workload } from '../../src/workload/scenario.ts';
import { ANSWERING, NATIVE_NOTE, NATIVE_REASON } from '../implementations.ts';

const spec = specFromFlags({ device: 'gh200-120gb' });
const RECORDED = 'gh200-120gb/nvgrace';
const context = { spec, buildOf: () => 'b' };

function workload(name: string, params: Workload['params'] = {}): Workload {
  const found = loadWorkloads().find(
    (candidate) =>
      candidate.name === name &&
      Object.entries(params).every(([param, value]) => candidate.params[param] === value),
  );
  if (!found) throw new Error(`no workload ${name} ${JSON.stringify(params)}`);
  return found;
}

function rowsOf(workloads: readonly Workload[], implementations = ANSWERING): LayeredRow[] {
  return workloads.flatMap((each) =>
    implementations.map((implementation) => ({
      workload: each,
      implementation,
      prepared: prepareWorkload(each, spec, implementation),
    })),
  );
}

/** `unchecked wasm config-read/batch`. */
function names(arms: readonly MeasuredArm[]): string[] {
  return arms.map((arm) => `${arm.layer} ${arm.implementation} ${arm.workload.name}`).sort();
}

/** The answer that counts, of the timed path. */
function ask(arm: MeasuredArm): string {
  const once = () => arm.answer(() => arm.time(1).checksum);
  once();
  return once();
}

const aligned = { srcOffsetBytes: 0, dstOffsetBytes: 0 };

describe('createLayerArms', () => {
  test('makes shared arms once for each implementation, and others for the rows that they apply to', async () => {
    const rows = rowsOf(
      [workload('config-read/batch', { widthBytes: 4 }), workload('config-read/batch', { widthBytes: 1 })],
      ['wasm', 'ts'],
    );
    expect(names(await createLayerArms(rows, context))).toEqual([
      'boundary wasm batch',
      'harness ts batch',
      'harness wasm batch',
      'unchecked wasm config-read/batch',
      'unchecked wasm config-read/batch',
    ]);
  });

  test('times calls beside the loop that makes them', async () => {
    const rows = rowsOf([workload('config-write/call')], ['wasm', 'ts']);
    expect(names(await createLayerArms(rows, context))).toEqual([
      'boundary wasm config-write/call',
      'harness ts config-write/call',
      'harness wasm config-write/call',
      'unchecked wasm config-write/call',
    ]);
  });

  test('takes direct rows of the group for copies, and makes those that are missing', async () => {
    const copy = workload('region-copy', { sizeBytes: 4096, ...aligned });
    const direct = workload('region-direct', { operation: 'copy', sizeBytes: 4096 });
    const alone = names(await createLayerArms(rowsOf([copy], ['ts']), context));
    const beside = names(await createLayerArms(rowsOf([copy, direct], ['ts']), context));
    expect(alone).toEqual(['copy ts region-copy', 'harness ts batch']);
    expect(beside).toEqual(['harness ts batch']);
  });

  test('leaves alone what does nothing, and what meets a bound', async () => {
    expect(await createLayerArms(rowsOf([workload('noop/batch'), workload('noop/call')]), context)).toEqual(
      [],
    );
    expect(
      await createLayerArms(rowsOf([workload('config-read/batch')], ['noop'] as never), context),
    ).toEqual([]);
    const edge = rowsOf([workload('region-read/batch', { position: 'memlength' })], ['wasm']);
    expect(isInRange(edge[0]!.prepared)).toBe(false);
    expect(names(await createLayerArms(edge, context))).toEqual([
      'boundary wasm batch',
      'harness wasm batch',
    ]);
  });

  test.skipIf(NATIVE_REASON)(`builds native code without checks${NATIVE_NOTE}`, async () => {
    const rows = rowsOf([workload('region-read/batch', { sizeBytes: 4 })], ['native']);
    expect(names(await createLayerArms(rows, context))).toContain('unchecked native region-read/batch');
  });

  test('leaves the rows whose devices it shares as they are', async () => {
    const row = rowsOf([workload('config-write/call')], ['wasm'])[0]!;
    const arm = await createArm(row.workload, row.implementation, row.prepared, 'b');
    const before = [ask(arm), arm.stateDigest()];
    for (const layer of await createLayerArms([row], context)) {
      ask(layer);
      layer.time(3);
    }
    expect(arm.stateDigest()).toBe(before[1]);
    expect(ask(arm)).toBe(before[0]);
  });
});

/** Parameters of the default suite, one workload each: enough to meet every kind of access. */
function defaultSuite(): Workload[] {
  const { workloads } = loadSuites().find(({ name }) => name === 'default')!;
  return workloads.flatMap(
    ({ name, params = {} }) =>
      loadWorkloads().find(
        (candidate) =>
          candidate.name === name &&
          Object.entries(params).every(([param, value]) => (candidate.params[param] ?? null) === value),
      ) ?? [],
  );
}

describe('arms that do the work of a row in another way', () => {
  test.each(ANSWERING)('answer as the row does: %s', async (implementation) => {
    const made = { copy: 0, unchecked: 0 };
    for (const each of defaultSuite()) {
      if (each.params.footprintBytes === 2 ** 28) continue;
      for (const arm of await createLayerArms(rowsOf([each], [implementation]), context)) {
        if (arm.layer !== 'copy' && arm.layer !== 'unchecked') continue;
        made[arm.layer]++;
        expect(ask(arm), `${arm.layer} ${each.name} ${JSON.stringify(each.params)}`).toBe(
          each.checksums[RECORDED],
        );
      }
    }
    expect(made.copy).toBeGreaterThan(10);
    if (implementation === 'ts') expect(made.unchecked).toBe(0);
    else expect(made.unchecked).toBeGreaterThan(25);
  });
});

describe('the build without bounds checks', () => {
  const BEHIND_END = 0x1000;

  test('has none: it reads where a release refuses', () => {
    const [checked, unchecked] = (['release', 'unchecked'] as const).map((build) =>
      withCoreBuild(build, () => prepareWorkload(workload('config-read/batch'), spec, 'wasm').device.model),
    );
    expect(checked!.configRead(BEHIND_END, 4)).toBe(-14);
    expect(unchecked!.configRead(BEHIND_END, 4)).toBeGreaterThanOrEqual(0);
  });

  test('has all that a release exports, and stays out of what it selects for others', () => {
    const exported = (file: string) =>
      readFileSync(new URL(`../../dist/${file}`, import.meta.url), 'utf8').match(/\(export "\w+"/g);
    expect(exported('barometer-unchecked.wat')).toEqual(exported('barometer.wat'));
    expect(() =>
      withCoreBuild('unchecked', () => {
        throw new Error('no device');
      }),
    ).toThrow('no device');
    expect(
      prepareWorkload(workload('config-read/batch'), spec, 'wasm').device.model.configRead(BEHIND_END, 4),
    ).toBe(-14);
  });
});
