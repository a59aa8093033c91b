/** A device behind a socket, in this process, with what it was asked on record and faults planted where wanted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodeHeader,
  decodeRegionRead,
  decodeRegionWrite,
  type RegionWrite,
} from '../../src/vfio-user/codec.ts';
import type { ServedDevice } from '../../src/vfio-user/served-device.ts';
import { VfioUserServer } from '../../src/vfio-user/server.ts';
import { Session } from '../../src/vfio-user/session.ts';

/**
 * Is shown each message before it is served, and may change it. An error number is answered in place of what would have
 * been; `leave` ends the connection.
 */
export type Plant = (message: Uint8Array, commandIdx: number) => number | 'leave' | null;

/** Is shown each reply before it goes out, and may change it. */
export type PlantReply = (reply: Buffer) => void;

class PlantedSession extends Session {
  private readonly plant: Plant;
  private commandIdx = 0;

  constructor(device: ServedDevice, plant: Plant, plantReply: PlantReply) {
    super(device);
    this.plant = plant;
    const take = this.replies.take.bind(this.replies);
    this.replies.take = () => {
      const bytes = Buffer.from(take());
      for (let at = 0; at < bytes.length; at += bytes.readUInt32LE(at + 4)) {
        plantReply(bytes.subarray(at, at + bytes.readUInt32LE(at + 4)));
      }
      return bytes;
    };
  }

  override handle(message: Uint8Array): void {
    const header = decodeHeader(message);
    const planted = this.plant(message, this.commandIdx++);
    if (planted === null || 'error' in header) super.handle(message);
    else if (planted === 'leave') this.fault = 'planted';
    else {
      this.flush();
      this.replies.addError(header.messageId, header.command, planted);
    }
  }
}

export interface Serving {
  /** As commands take it. */
  readonly device: string;
  readonly path: string;
  /** Writes of all clients, as they were asked for. */
  readonly writes: readonly RegionWrite[];
  [Symbol.asyncDispose](): Promise<void>;
}

export async function serve(
  device: () => ServedDevice,
  plant: Plant = () => null,
  plantReply: PlantReply = () => {},
): Promise<Serving> {
  const folder = mkdtempSync(join(tmpdir(), 'barometer-serving-'));
  const path = join(folder, 's');
  const writes: RegionWrite[] = [];
  const recording: Plant = (message, commandIdx) => {
    const write = decodeRegionWrite(message);
    if (!('error' in write)) writes.push({ ...write, data: Uint8Array.from(write.data) });
    return plant(message, commandIdx);
  };
  const server = new VfioUserServer({
    path,
    newSession: () => new PlantedSession(device(), recording, plantReply),
    once: false,
    say: () => {},
  });
  await server.listen();
  return {
    device: `vfio-user:${path}`,
    path,
    writes,
    async [Symbol.asyncDispose]() {
      server.close();
      await server.ended();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Whether a message reads so many bytes of the configuration region there. */
export function readsConfig(message: Uint8Array, offset: number, countBytes: number): boolean {
  const read = decodeRegionRead(message);
  if ('error' in read || read.region !== 7) return false;
  return read.offset === BigInt(offset) && read.countBytes === countBytes;
}

/** Whether a message writes the configuration region there. */
export function writesConfigAt(message: Uint8Array, offset: number): boolean {
  const write = decodeRegionWrite(message);
  return !('error' in write) && write.region === 7 && write.offset === BigInt(offset);
}
