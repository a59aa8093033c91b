import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as layout from '../../assembly/layout.ts';
import { Device as SharedDevice } from '../../src/device/device.ts';
import { specFromFlags } from '../../src/device/device-flags.ts';
import { loadDevice } from '../../src/measure/load-device.ts';
import { loadTimedLoop } from '../../src/measure/load-timed-loop.ts';
import { ownedUrl } from '../../src/measure/own-source.ts';
import { scriptTier } from '../../src/measure/tier.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';

const spec = specFromFlags({ device: 'generic-type0' });

function make(DeviceClass: typeof SharedDevice, implementation: 'ts' | 'noop' = 'ts') {
  return new DeviceClass(spec, implementation, new LinearMemory(2 ** 22, 'private'), 65536);
}

/** Objects and functions that a device's work runs through, by name: its own, and those of all that it holds. */
function partsOf(device: SharedDevice): Map<string, unknown> {
  const parts = new Map<string, unknown>();
  const walk = (value: object, path: string, depth: number) => {
    const kind = value.constructor;
    if (typeof kind !== 'function' || /^function [^{]*{ \[native code\]/.test(String(kind))) return;
    if (kind === LinearMemory || kind === Object || depth > 4) return;
    parts.set(`${path} class`, kind);
    for (const name of Object.getOwnPropertyNames(kind.prototype)) {
      const { value: method } = Object.getOwnPropertyDescriptor(kind.prototype, name)!;
      if (typeof method === 'function') parts.set(`${path}.${name}`, method);
    }
    for (const [name, part] of Object.entries(value)) {
      if (typeof part === 'object' && part !== null) walk(part, `${path}.${name}`, depth + 1);
    }
  };
  walk(device, 'device', 0);
  return parts;
}

describe('the mark of a load', () => {
  test.each([
    ['file:///b/src/device/ts/io.ts', 'file:///b/src/device/device.ts?arm=3', '?arm=3'],
    ['/b/dist/src/device/noop/noop-device.js', '/b/dist/src/device/device.js?arm=12', '?arm=12'],
    // What holds state of the process, or is asked for by an unmarked module, is loaded once.
    ['file:///b/src/device/wasm/module.ts', 'file:///b/src/device/device.ts?arm=3', ''],
    ['file:///b/src/device/native/native-device.ts', 'file:///b/src/device/device.ts?arm=3', ''],
    ['file:///b/src/device/ts/io.ts', 'file:///b/src/device/device.ts', ''],
    ['file:///b/src/device/ts/io.ts', undefined, ''],
    ['node:fs', 'file:///b/src/device/device.ts?arm=3', ''],
  ])('%s from %s', (url, parent, mark) => {
    expect(ownedUrl(url, parent)).toBe(url + mark);
  });
});

describe('every load', () => {
  test('of the timed loops has functions of its own, all alike', async () => {
    const [first, second] = [await loadTimedLoop(), await loadTimedLoop()];
    expect(Object.keys(first)).toEqual(Object.keys(second));
    for (const name of Object.keys(first) as (keyof typeof first)[]) {
      expect(first[name], name).not.toBe(second[name]);
      expect(String(first[name]), name).toBe(String(second[name]));
    }
  });

  test.each(['ts', 'noop'] as const)(
    'of the device has every class and function of %s of its own, all alike',
    async (implementation) => {
      const first = partsOf(make(await loadDevice(), implementation));
      const second = partsOf(make(await loadDevice(), implementation));
      const shared = partsOf(make(SharedDevice, implementation));
      expect([...first.keys()]).toEqual([...second.keys()]);
      expect(first.keys()).toContain(
        implementation === 'ts' ? 'device.model.batch.run' : 'device.model.runBatch',
      );
      for (const [name, part] of first) {
        expect(part, name).not.toBe(second.get(name));
        expect(part, name).not.toBe(shared.get(name));
        expect(String(part), name).toBe(String(second.get(name)));
      }
    },
  );
});

/** V8 compiles beside the loop, on a thread that others may keep waiting. */
const PATIENCE_MS = 30_000;

/**
 * Reads a register until V8 has optimised the function that does it. Each round calls it from a function that was
 * parsed just now: an optimised caller would run a copy of its own, and the function itself would stay as it is.
 */
async function heat(device: SharedDevice, offset: number): Promise<void> {
  const { config } = device as unknown as { config: { read: unknown } };
  const start = performance.now();
  while (tierOfReads(device) !== 'turbofan' && performance.now() - start < PATIENCE_MS) {
    const call = new Function('config', 'offset', 'for (let i = 0; i < 500; i++) config.read(offset, 4);');
    for (let round = 0; round < 10; round++) call(config, offset);
    await new Promise(setImmediate);
  }
}

function tierOfReads(device: SharedDevice): string {
  const { config } = device as unknown as { config: { read: unknown } };
  return scriptTier([config.read]);
}

describe('what one arm has seen', () => {
  test('is not what another has learnt', async () => {
    const first = make(await loadDevice());
    const second = make(await loadDevice());
    await heat(first, 0);
    expect([tierOfReads(first), tierOfReads(second)]).toEqual(['turbofan', 'interpreter']);
    // Offsets that are no integers, and no numbers, take optimised code back where they are seen.
    const odd = [0.5, -1, 2 ** 32 + 1, Number.NaN, '4' as unknown as number, {} as unknown as number];
    for (const offset of odd) second.configRead(offset, 4);
    expect(tierOfReads(first)).toBe('turbofan');
    for (const offset of odd) first.configRead(offset, 4);
    expect(tierOfReads(first), 'the same calls do undo what they can reach').not.toBe('turbofan');
  });

  test('batches answer alike, whoever loaded them', async () => {
    const answers = [make(SharedDevice), make(await loadDevice()), make(await loadDevice())].map((device) => {
      const { memory, model } = device;
      const accesses = memory.allocate(16).address;
      memory.i32[accesses >> 2] = layout.OP_CONFIG_READ | (4 << 16);
      return model.runBatch(accesses, 1, accesses, 7);
    });
    expect(new Set(answers).size).toBe(1);
  });
});

const DIST = new URL('../../dist/src/', import.meta.url);

// Vitest loads modules by itself; what is shipped uses Node's own loader, and its hooks.
test.skipIf(!existsSync(DIST))('under Node alone, the same holds for what was built', () => {
  const program = `
    const { loadDevice } = await import('${new URL('measure/load-device.js', DIST)}');
    const { Device } = await import('${new URL('device/device.js', DIST)}');
    const { LinearMemory } = await import('${new URL('memory/linear-memory.js', DIST)}');
    const { specFromFlags } = await import('${new URL('device/device-flags.js', DIST)}');
    const spec = specFromFlags({ device: 'generic-type0' });
    const models = [Device, await loadDevice(), await loadDevice()].map((Class) => new Class(spec, 'ts', new LinearMemory(2 ** 22), 65536));
    const of = (pick) => new Set(models.map(pick)).size;
    console.log([of((d) => d.configRead), of((d) => d.config.read), of((d) => d.model.batch.run), of((d) => d.model.regions.gates.constructor), of((d) => d.memory.constructor)].join(' '));
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(output).toBe('3 3 3 3 1\n');
});
