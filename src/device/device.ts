import type { LinearMemory } from '../memory/linear-memory.ts';
import type { Implementation, WidthBytes } from '../types.ts';
import type { DeviceModel } from './device-model.ts';
import type { DeviceSpec } from './device-spec.ts';
import { checkMmap } from './mmap.ts';
import { NativeDevice } from './native/native-device.ts';
import { NoopDevice } from './noop/noop-device.ts';
import { regionInfo } from './region-info.ts';
import { timeStart } from './start-times.ts';
import { type Placement, placeDevice } from './state-block.ts';
import { ConfigSpace } from './ts/config-space.ts';
import { TsDevice } from './ts/ts-device.ts';
import { WasmDevice } from './wasm/wasm-device.ts';

/**
 * A device as the library hands it out: batches go to the implementation that was chosen, a single register
 * access takes the path that is fastest for one call, which is TypeScript on the same bytes.
 */
export class Device {
  readonly spec: DeviceSpec;
  readonly model: DeviceModel;
  readonly memory: LinearMemory;
  readonly placement: Placement;
  private readonly config: ConfigSpace;

  /**
   * @param frameBytes memory for pages of sparse regions, a multiple of the page size (64 KiB unless the spec says so)
   * @throws BarometerError where the linear memory is too small
   * @throws UnavailableImplementation where this machine lacks what the implementation needs
   */
  constructor(spec: DeviceSpec, implementation: Implementation, memory: LinearMemory, frameBytes: number) {
    this.spec = spec;
    this.memory = memory;
    this.placement = placeDevice(spec, memory, frameBytes);
    const { stateBlock } = this.placement;
    if (implementation === 'wasm') this.model = new WasmDevice(memory, stateBlock);
    else if (implementation === 'ts')
      this.model = timeStart('ts', 'instantiate', () => new TsDevice(memory, stateBlock, spec));
    else if (implementation === 'native') this.model = new NativeDevice(memory, stateBlock);
    else this.model = new NoopDevice(memory);
    this.config = new ConfigSpace(memory, stateBlock, spec);
  }

  /** Value of 1, 2 or 4 bytes at any offset, 0 to 2^32 - 1, or a negative errno (-14 outside configuration space). */
  configRead(offsetBytes: number, widthBytes: WidthBytes): number {
    return this.config.read(offsetBytes, widthBytes);
  }

  /** Bytes taken, or a negative errno. Policy nvgrace may take fewer than `widthBytes`. */
  configWrite(offsetBytes: number, widthBytes: WidthBytes, value: number): number {
    return this.config.write(offsetBytes, widthBytes, value);
  }

  /** Reply of VFIO_DEVICE_GET_REGION_INFO in memory order, or -22 (EINVAL); see regionInfo. */
  regionInfo(regionIndex: number, argszBytes: number): Uint8Array | number {
    return regionInfo(this.spec, regionIndex, argszBytes);
  }

  /** 0 where the range of a region can be mapped, or -22 (EINVAL), -75 (EOVERFLOW); see checkMmap. */
  checkMmap(regionIndex: number, offsetBytes: bigint, lengthBytes: bigint): number {
    return checkMmap(this.spec, regionIndex, offsetBytes, lengthBytes);
  }
}
