/** `barometer serve --socket PATH`: the device over the vfio-user protocol. */
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { Device } from '../device/device.ts';
import { type DeviceFlags, specFromFlags } from '../device/device-flags.ts';
import { deviceMemoryBytes } from '../device/state-block.ts';
import { BarometerError, EXIT, UsageError } from '../errors.ts';
import { LinearMemory } from '../memory/linear-memory.ts';
import { AccessRecorder } from '../vfio-user/access-recorder.ts';
import { DEFAULT_MAX_DATA_XFER_SIZE } from '../vfio-user/constants.ts';
import { ServedDevice } from '../vfio-user/served-device.ts';
import { VfioUserServer } from '../vfio-user/server.ts';
import { Session } from '../vfio-user/session.ts';
import { namesOf } from './device-option.ts';

export const SERVED_IMPLEMENTATIONS = ['wasm', 'ts', 'native'] as const;
/** Memory for pages that a client has touched: further ones are refused. */
const FRAME_BYTES = 2 ** 28;
/** Longest path of a socket that Linux takes, its NUL left out (sun_path in unix(7)). */
const MOST_PATH_BYTES = 107;

export interface ServeFlags extends DeviceFlags {
  readonly socket?: string;
  readonly impl: string;
  readonly once?: boolean;
  readonly record?: string;
  readonly quiet?: boolean;
}

/** Returns the exit code, once it has been told to end. @throws UsageError for bad input */
export async function serve(flags: ServeFlags): Promise<number> {
  const path = socketPath(flags.socket);
  const implementations = namesOf(flags.impl, SERVED_IMPLEMENTATIONS, '--impl');
  if (implementations.length > 1) throw new UsageError(`--impl ${flags.impl}: expected one implementation`);
  const implementation = implementations[0]!;
  // What is wrong with it is said before anybody comes.
  openServed(flags, implementation);
  let record: RecordFile | null = null;
  const say = (text: string) => {
    if (!flags.quiet) process.stdout.write(`${text}\n`);
  };
  const server = new VfioUserServer({
    path,
    newSession: () => new Session(openServed(flags, implementation), record?.recorder ?? null),
    once: flags.once ?? false,
    say,
  });
  const close = () => server.close();
  try {
    await server.listen();
    // Not before: that of a server which is there already is not ours. No client is accepted in between.
    if (flags.record !== undefined) record = new RecordFile(flags.record);
    process.on('SIGINT', close);
    process.on('SIGTERM', close);
    say(`serving ${flags.device} in ${implementation} on ${path}; Ctrl-C ends it`);
    await server.ended();
  } finally {
    server.close();
    process.off('SIGINT', close);
    process.off('SIGTERM', close);
    record?.close();
  }
  return EXIT.ok;
}

function socketPath(path: string | undefined): string {
  if (path === undefined) throw new UsageError('serve: expected --socket PATH');
  const bytes = Buffer.byteLength(path);
  if (bytes > 0 && bytes <= MOST_PATH_BYTES) return path;
  throw new UsageError(
    `--socket ${JSON.stringify(path)}: expected a path of 1 to ${MOST_PATH_BYTES} bytes, got ${bytes}`,
  );
}

/** The device, in memory that a client's accesses go through. */
export function openServed(
  flags: DeviceFlags,
  implementation: (typeof SERVED_IMPLEMENTATIONS)[number],
): ServedDevice {
  const spec = specFromFlags(flags);
  const isFlat = spec.regions.some(({ backing }) => backing === 'flat');
  const bytes = deviceMemoryBytes(spec, isFlat ? 0 : FRAME_BYTES);
  const memory = new LinearMemory(bytes + ServedDevice.memoryBytes(DEFAULT_MAX_DATA_XFER_SIZE));
  const device = new Device(spec, implementation, memory, isFlat ? 0 : FRAME_BYTES);
  return new ServedDevice(device, DEFAULT_MAX_DATA_XFER_SIZE);
}

/** A file of trace lines, which are there before what they tell of is acknowledged. */
class RecordFile {
  readonly recorder: AccessRecorder;
  private readonly fd: number;
  private sizeBytes = 0;

  constructor(path: string) {
    this.fd = this.guarded(path, () => openSync(path, 'w'));
    this.recorder = new AccessRecorder((text) => this.guarded(path, () => this.append(text)));
  }

  close(): void {
    closeSync(this.fd);
  }

  /** All of it, or nothing: half a line would be another one. */
  private append(text: string): void {
    const bytes = Buffer.from(text);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.fd, bytes, at);
    } catch (error) {
      if (fstatSync(this.fd).isFile()) ftruncateSync(this.fd, this.sizeBytes);
      throw error;
    }
    this.sizeBytes += bytes.length;
  }

  private guarded<T>(path: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw new BarometerError(`cannot record to ${path}: ${(error as NodeJS.ErrnoException).code}`);
    }
  }
}
