/** Where things lie in memory is drawn for each arm; what a workload does, and what it answers, is not. */
import { describe, expect, test } from 'vitest';
import * as layout from '../../assembly/layout.ts';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { PROFILES } from '../../src/device/profiles.ts';
import { loadDevice } from '../../src/measure/load-device.ts';
import { Random } from '../../src/random.ts';
import type { Implementation } from '../../src/types.ts';
import { prepareWorkload } from '../../src/workload/prepare.ts';
import { type PreparedWorkload, UnsuitableDevice } from '../../src/workload/prepared.ts';
import { loadWorkloads, type Workload } from '../../src/workload/scenario.ts';
import { linearAddress, workingRegion } from '../../src/workload/workbench.ts';
import { ANSWERING } from '../implementations.ts';

const DRAWS = 6;
const gpu = specFromFlags({ device: 'gh200-120gb' });

/** The smallest workload of each name and kind of backing. */
const kinds = [
  ...Map.groupBy(
    loadWorkloads().filter(
      ({ params }) => Number(params.sizeBytes ?? 0) <= 4096 && Number(params.footprintBytes ?? 0) <= 2 ** 20,
    ),
    ({ name, params }) => [name, params.operation, params.backing, params.touch, params.window].join(' '),
  ).values(),
].map((group) => group[0]!);

function prepared(one: Workload, implementation: Implementation, draw?: number): PreparedWorkload {
  return prepareWorkload(
    one,
    gpu,
    implementation,
    draw === undefined ? {} : { layout: new Random(draw).fork('layout') },
  );
}

/** What is asked twice is the answer: a first pass may find registers at their reset values. */
function answers(one: PreparedWorkload): string {
  return [one.answer(), one.answer()].join(' ');
}

/** Addresses of all that a pass touches. */
function places({ device, accesses, bufferAddress }: PreparedWorkload): number[] {
  const { view } = device.memory;
  const { stateBlock } = device.placement;
  const maps = device.spec.regions.map(({ regionIndex }) =>
    view.getUint32(
      stateBlock + layout.REGIONS + regionIndex * layout.REGION_BYTES + layout.REGION_PAGE_MAP,
      true,
    ),
  );
  return [stateBlock, accesses, bufferAddress, ...maps];
}

describe.each(kinds.map((one) => ({ label: `${one.name} ${JSON.stringify(one.params)}`, one })))(
  '$label',
  ({ one }) => {
    test('answers the same in every layout, on every implementation', () => {
      const expected = answers(prepared(one, 'wasm'));
      for (const implementation of ANSWERING) {
        if (one.params.path === 'library' && implementation !== 'ts') continue;
        for (let draw = 0; draw < DRAWS; draw++) {
          expect(answers(prepared(one, implementation, draw)), `${implementation}, draw ${draw}`).toBe(
            expected,
          );
        }
      }
    });
  },
);

describe('a layout', () => {
  const one = kinds.find(({ name }) => name === 'region-copy')!;

  test('is the same for the same draw, and moves everything but frames from draw to draw', () => {
    const drawn = Array.from({ length: 40 }, (_, draw) => places(prepared(one, 'ts', draw)));
    expect(places(prepared(one, 'ts', 17))).toEqual(drawn[17]);
    const columns = drawn[0]!.map((_, column) => drawn.map((row) => row[column]!));
    for (const column of columns.filter((values) => values[0] !== 0)) {
      expect(new Set(column).size).toBeGreaterThan(20);
      expect(column.filter((address) => address % 64 !== 0)).toEqual([]);
    }
    // State block and accesses move against each other, also within a page, where stores and loads may collide.
    expect(new Set(drawn.map(([state, accesses]) => (state! - accesses!) & 4095)).size).toBeGreaterThan(20);
    // Accesses before the device, and behind it.
    expect(new Set(drawn.map(([state, accesses]) => Math.sign(state! - accesses!))).size).toBe(2);
  });

  test('keeps frames aligned to their size and buffers to a page', () => {
    for (let draw = 0; draw < 20; draw++) {
      const { device, bufferAddress } = prepared(one, 'ts', draw);
      expect(linearAddress(device, workingRegion(gpu, 0), 0) % 65536).toBe(0);
      expect(bufferAddress % 4096).toBe(0);
    }
  });

  test('finds room for every profile, with the longest gaps', () => {
    const longest = { below: (n: number) => n - 1 } as Random;
    for (const { name } of PROFILES) {
      const spec = specFromFlags({ device: name });
      for (const one of kinds) {
        try {
          prepareWorkload(one, spec, 'ts', { layout: longest }).answer();
        } catch (error) {
          if (!(error instanceof UnsuitableDevice)) throw error;
        }
      }
    }
  });
});

test('a class of its own serves like the one that all share', async () => {
  const deviceClass = await loadDevice();
  for (const one of kinds) {
    const own = prepareWorkload(one, gpu, 'ts', { deviceClass });
    expect(own.device).toBeInstanceOf(deviceClass);
    expect(answers(own), one.name).toBe(answers(prepared(one, 'ts')));
  }
});
