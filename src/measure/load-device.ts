import type * as DeviceModule from '../device/device.ts';
import { loadAnew } from './own-source.ts';

/**
 * The class Device with source text of its own, down to the last function of the implementation in TypeScript.
 * What WebAssembly and C have in JavaScript is shared: timed loops call their exports straight.
 */
export async function loadDevice(): Promise<typeof DeviceModule.Device> {
  const { Device } = (await loadAnew('device/device')) as typeof DeviceModule;
  return Device;
}
