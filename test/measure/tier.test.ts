import { describe, expect, test } from 'vitest';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { createArm } from '../../src/measure/arm.ts';
import { warmUp } from '../../src/measure/calibrate-batch.ts';
import { scriptTier } from '../../src/measure/tier.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { loadWorkloads } from '../../src/workload/scenario.ts';
import { ANSWERING, NATIVE_NOTE, NATIVE_REASON } from '../implementations.ts';

let made = 0;

/** A function with source text of its own: those of equal text share their compiled code. */
function fresh(): (n: number) => number {
  const body = `let sum = ${made++}; for (let i = 0; i < n; i++) sum = (sum * 31 + i) | 0; return sum;`;
  return new Function('n', body) as (n: number) => number;
}

/** Calls `subject` until it is in the top tier; V8 compiles beside it. */
async function heat(subject: (n: number) => number): Promise<void> {
  for (let turn = 0; turn < 2000 && scriptTier([subject]) !== 'turbofan'; turn++) {
    for (let i = 0; i < 50; i++) subject(1000);
    await new Promise(setImmediate);
  }
}

describe('scriptTier', () => {
  test('a function that never ran is interpreted; a hot one is proved optimised', async () => {
    const subject = fresh();
    expect(scriptTier([subject])).toBe('interpreter');
    await heat(subject);
    expect(scriptTier([subject])).toBe('turbofan');
  });

  test('functions in different tiers are mixed', async () => {
    const hot = fresh();
    await heat(hot);
    expect(scriptTier([hot, fresh()])).toBe('mixed');
    expect(scriptTier([fresh(), fresh()])).toBe('interpreter');
  });
});

describe('the tier of an arm', () => {
  const spec = specFromFlags({ device: 'gh200-120gb' });
  const workloads = loadWorkloads().filter(({ name }) => /^(config|noop).*\/call$/.test(name));
  const arms = workloads.flatMap((workload) =>
    [...ANSWERING, 'noop' as const]
      .filter((implementation) => implementation !== 'noop' || workload.params.path !== 'library')
      .map((implementation) => ({
        workload,
        implementation,
        label: `${workload.name} ${workload.params.path ?? ''}`,
      })),
  );

  test.each(arms)(
    '$label on $implementation is proved once it is hot',
    async ({ workload, implementation }) => {
      const arm = await createArm(
        workload,
        implementation,
        prepareWorkload(workload, spec, implementation),
        'b',
      );
      // Calls through the library are TypeScript, whichever implementation was chosen.
      const top = implementation === 'native' && workload.params.path !== 'library' ? 'native' : 'turbofan';
      expect(arm.tier()).not.toBe(top);
      // Compilation runs beside the loop; a warm-up may end at its limit on a busy machine.
      for (let attempt = 0; attempt < 10 && arm.tier() !== top; attempt++) {
        warmUp(arm, 60);
        await new Promise(setImmediate);
      }
      expect(arm.tier()).toBe(top);
    },
  );

  test.skipIf(NATIVE_REASON !== null)(
    `of native batches is native from the start${NATIVE_NOTE}`,
    async () => {
      const batch = loadWorkloads().find(({ name }) => name === 'config-read/batch')!;
      const arm = await createArm(batch, 'native', prepareWorkload(batch, spec, 'native'), 'b');
      expect(arm.tier()).toBe('native');
    },
  );
});
