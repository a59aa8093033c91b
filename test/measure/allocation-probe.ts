/**
 * Runs in a process of its own, started with --expose-gc and a young generation that nothing here fills, so that no
 * collection hides an allocation. Prints by how many bytes the heap grew in a timed window of many operations, and, to
 * show that it would be seen, in one whose every call allocates.
 */
import { getHeapStatistics } from 'node:v8';
import { unavailableReason } from '../../src/device/availability.ts';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { createArm } from '../../src/measure/arm.ts';
import { warmUp } from '../../src/measure/calibrate-batch.ts';
import { createLayerArms } from '../../src/measure/layers.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { workload } from '../workload/one-workload.ts';

const OPERATIONS = 200_000;
const WORKLOADS = [
  workload('config-read/batch', { widthBytes: 4, mix: 'header' }),
  workload('config-write/batch', { widthBytes: 4, mix: 'bars' }),
  workload('config-read/call'),
  workload('region-read/batch', { sizeBytes: 4 }),
  workload('region-read/call'),
  workload('region-copy', { sizeBytes: 4096 }),
  workload('bar-size/linux'),
  workload('noop/call'),
];
const spec = specFromFlags({ device: 'gh200-120gb' });
const implementations = (['wasm', 'ts', 'native', 'noop'] as const).filter(
  (implementation) => unavailableReason(implementation) === null,
);

function grownBytes(work: () => void): number {
  globalThis.gc!();
  const before = getHeapStatistics().used_heap_size;
  work();
  return getHeapStatistics().used_heap_size - before;
}

const windows: { name: string; bytes: number }[] = [];
for (const one of WORKLOADS) {
  for (const implementation of implementations) {
    const prepared = prepareWorkload(one, spec, implementation);
    const row = await createArm(one, implementation, prepared, 'b');
    const rows = [{ workload: one, implementation, prepared }];
    for (const arm of [row, ...(await createLayerArms(rows, { spec, buildOf: () => 'b' }))]) {
      warmUp(arm, 60);
      const passes = Math.ceil(OPERATIONS / arm.operations);
      const name = `${one.name} ${implementation} ${arm.layer ?? ''}`;
      windows.push({ name, bytes: grownBytes(() => arm.time(passes)) });
    }
  }
}

const kept: unknown[] = [null];
const allocatingBytes = grownBytes(() => {
  for (let i = 0; i < OPERATIONS; i++) kept[0] = { i };
});
process.stdout.write(JSON.stringify({ windows, allocatingBytes }));
