import { describe, expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { createArm } from '../../src/measure/arm.ts';
import type { Implementation } from '../../src/types.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { loadWorkloads, type Workload } from '../../src/workload/scenario.ts';
import { ANSWERING } from '../implementations.ts';

const spec = specFromFlags({ device: 'gh200-120gb' });
const calls = loadWorkloads().filter(({ name }) => name.endsWith('/call') && !name.startsWith('noop'));

async function arm(workload: Workload, implementation: Implementation) {
  const prepared = prepareWorkload(workload, spec, implementation);
  return { ...(await createArm(workload, implementation, prepared, 'b')), prepared };
}

/** The checksum of the batch that a `/call` workload takes apart. */
function batchChecksum({ prepared }: Awaited<ReturnType<typeof arm>>): number {
  const { device, accesses, accessCount, bufferAddress } = prepared;
  return device.model.runBatch(accesses, accessCount, bufferAddress, 0) >>> 0;
}

describe.each(calls)('$name $params', (workload) => {
  test.each(ANSWERING)('one by one on %s, the checksum is that of the batch', async (implementation) => {
    const made = await arm(workload, implementation);
    const { checksum, durationNs } = made.time(2);
    expect(durationNs).toBeGreaterThan(0);
    expect(checksum).toBe(batchChecksum(made));
    expect(checksum).not.toBe(0);
  });
});

describe('timed loops', () => {
  const byName = (name: string) => loadWorkloads().find((workload) => workload.name === name)!;

  test('a batch gives the checksum of its last pass, whatever ran before', async () => {
    const made = await arm(byName('config-read/batch'), 'ts');
    expect(made.time(1).checksum).toBe(made.time(3).checksum);
    expect(made.time(1).checksum).toBe(batchChecksum(made));
  });

  test('calls that do nothing make one call for every operation', async () => {
    const workload = byName('noop/call');
    const prepared = prepareWorkload(workload, spec, 'ts');
    let made = 0;
    prepared.device.model.runBatch = (_accesses, count) => {
      expect(count).toBe(0);
      return ++made;
    };
    const { checksum } = (await createArm(workload, 'ts', prepared, 'b')).time(3);
    expect(made).toBe(3 * prepared.operations);
    expect(checksum).toBe(made);
  });

  test('work that can be done only once is set up before every pass', async () => {
    const workload = loadWorkloads().find(({ params }) => params.touch === 'first')!;
    const prepared = prepareWorkload(workload, spec, 'ts');
    const order: string[] = [];
    const runBatch = prepared.device.model.runBatch.bind(prepared.device.model);
    prepared.device.model.runBatch = (...parameters) => {
      order.push('pass');
      return runBatch(...parameters);
    };
    const beforePass = () => {
      order.push('set-up');
      prepared.beforePass!();
    };
    (await createArm(workload, 'ts', { ...prepared, beforePass }, 'b')).time(2);
    expect(order).toEqual(['set-up', 'pass', 'set-up', 'pass']);
  });
});
