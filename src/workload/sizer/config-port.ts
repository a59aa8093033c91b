import type { DeviceModel } from '../../device/device-model.ts';
import type { WidthBytes } from '../../types.ts';

/** Registers of one function as a consumer reaches them: aligned accesses of 1, 2 or 4 bytes. */
export interface ConfigPort {
  /** 0 to 2^32 - 1. */
  read(offset: number, width: WidthBytes): number;
  write(offset: number, width: WidthBytes, value: number): void;
}

/** One access with the value that went either way, 0 to 2^32 - 1. */
export interface ConfigAccess {
  readonly kind: 'read' | 'write';
  readonly offset: number;
  readonly width: WidthBytes;
  readonly value: number;
}

/** Register calls of a device. */
export function devicePort(model: DeviceModel): ConfigPort {
  return {
    read: (offset, width) => {
      const value = model.configRead(offset, width);
      // What nobody answers reads as ones, as on the bus.
      return value < 0 ? 2 ** (8 * width) - 1 : value;
    },
    write: (offset, width, value) => {
      model.configWrite(offset, width, value);
    },
  };
}

/** Keeps every access that goes through it. */
export class RecordingPort implements ConfigPort {
  readonly accesses: ConfigAccess[] = [];
  private readonly port: ConfigPort;

  constructor(port: ConfigPort) {
    this.port = port;
  }

  read(offset: number, width: WidthBytes): number {
    const value = this.port.read(offset, width);
    this.accesses.push({ kind: 'read', offset, width, value });
    return value;
  }

  write(offset: number, width: WidthBytes, value: number): void {
    this.port.write(offset, width, value);
    this.accesses.push({ kind: 'write', offset, width, value });
  }
}
