// @ts-check
// A device model of one's own, measured beside barometer's by the same method: npx barometer run ./own-model.js
import { openDevice } from 'barometer';

const READS = 4096;

/** The simplest model there is: a copy of configuration space. */
class OwnModel {
  /** @param {Uint8Array} configBytes */
  constructor(configBytes) {
    this.view = new DataView(configBytes.slice().buffer);
  }

  /** @param {number} offsetBytes */
  configRead(offsetBytes) {
    return this.view.getUint32(offsetBytes, true);
  }
}

/**
 * @param {number} n
 * @param {{ own: OwnModel, offsets: readonly number[] }} state
 */
export function own(n, { own, offsets }) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum = (sum + own.configRead(/** @type {number} */ (offsets[i % READS]))) | 0;
  return sum;
}

/**
 * @param {number} n
 * @param {{ device: import('barometer').EmulatedDevice, offsets: readonly number[] }} state
 */
export function barometers(n, { device, offsets }) {
  let sum = 0;
  for (let i = 0; i < n; i++) sum = (sum + device.configRead(/** @type {number} */ (offsets[i % READS]), 4)) | 0;
  return sum;
}

function setup() {
  const device = openDevice('gh200-120gb', { policy: 'strict' });
  // 61 is prime to the number of dwords: all of them, in no order that a cache would like.
  const offsets = Array.from({ length: READS }, (_, i) => 4 * ((i * 61) % 64));
  return { device, own: new OwnModel(device.spec.configBytes), offsets };
}

/** @satisfies {import('barometer').WorkloadModule} */
export const barometer = { own: { setup, operations: READS }, barometers: { setup, operations: READS } };
