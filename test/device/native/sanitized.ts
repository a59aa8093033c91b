/**
 * Runs in a process of its own, with AddressSanitizer's library loaded before all others: the conformance suite and
 * random devices on a native core that ends the process at its first stray access or undefined behaviour. With a
 * number as argument it does one of those on purpose instead (addon.c, onProvoke).
 */
import fc from 'fast-check';
import { runConformance } from '../../../src/conform/conform.ts';
import { Device } from '../../../src/device/device.ts';
import { deviceSpec } from '../../../src/device/device-spec.ts';
import type { NativeCore } from '../../../src/device/native/addon.ts';
import { type NativeDevice, selectNativeBuild } from '../../../src/device/native/native-device.ts';
import { findProfile } from '../../../src/device/profiles.ts';
import { LinearMemory } from '../../../src/memory/linear-memory.ts';
import { accessesOf, draws } from '../../differential/random-access.ts';
import { randomDevice } from '../../differential/random-device.ts';
import { runDifferential } from '../../differential/rig.ts';

const RUNS = 400;

selectNativeBuild('sanitizer');
const fault = process.argv[2];
if (fault === undefined) runEverything();
else provoke(Number(fault));

function runEverything(): void {
  const { implementations, failures } = runConformance({ implementations: ['native'] });
  const seed = Number(process.env.BAROMETER_SEED ?? 1);
  let accessCount = 0;
  const property = fc.property(randomDevice, draws, (random, list) => {
    runDifferential(['wasm', 'native'], random, accessesOf(list, random.spec), () => {
      accessCount += 2;
    });
  });
  fc.assert(property, { seed, numRuns: RUNS });
  process.stdout.write(JSON.stringify({ native: implementations.native, failures, accessCount }));
}

function provoke(kind: number): void {
  const { source } = findProfile('generic-type0')!;
  const spec = deviceSpec(source, { name: 'x', policy: 'strict' });
  const { model } = new Device(spec, 'native', new LinearMemory(2 ** 24), 0);
  const core = (model as NativeDevice).core as NativeCore & { provoke(kind: number): number };
  process.stdout.write('alive ');
  core.provoke(kind);
  process.stdout.write('survived');
}
