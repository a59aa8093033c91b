/** A session with a small device, without a socket. */
import { Device } from '../../src/device/device.ts';
import { specFromFlags } from '../../src/device/device-flags.ts';
import type { DeviceSpec } from '../../src/device/device-spec.ts';
import { deviceMemoryBytes } from '../../src/device/state-block.ts';
import { LinearMemory } from '../../src/memory/linear-memory.ts';
import { AccessRecorder } from '../../src/vfio-user/access-recorder.ts';
import { DEFAULT_MAX_DATA_XFER_SIZE } from '../../src/vfio-user/constants.ts';
import { ServedDevice } from '../../src/vfio-user/served-device.ts';
import { Session } from '../../src/vfio-user/session.ts';
import { type Reply, repliesIn, version } from './messages.ts';

const FRAME_BYTES = 32 * 65_536;

export type ServedImplementation = 'wasm' | 'ts' | 'native';

export function servedDevice(implementation: ServedImplementation = 'ts', policy = 'nvgrace'): ServedDevice {
  return servedProfile('gh200-120gb', policy, implementation);
}

export function servedProfile(
  device: string,
  policy: string,
  implementation: ServedImplementation = 'ts',
): ServedDevice {
  return servedSpec(specFromFlags({ device, policy }), implementation);
}

export function servedSpec(spec: DeviceSpec, implementation: ServedImplementation = 'ts'): ServedDevice {
  const bytes = deviceMemoryBytes(spec, FRAME_BYTES) + ServedDevice.memoryBytes(DEFAULT_MAX_DATA_XFER_SIZE);
  return new ServedDevice(
    new Device(spec, implementation, new LinearMemory(bytes), FRAME_BYTES),
    DEFAULT_MAX_DATA_XFER_SIZE,
  );
}

/** A session that has agreed on a version, unless `capabilities` is null. */
export class Rig {
  readonly session: Session;
  recorded = '';

  constructor(device = servedDevice(), capabilities: object | null = { write_multiple: true }) {
    const recorder = new AccessRecorder((text) => {
      this.recorded += text;
    });
    this.session = new Session(device, recorder);
    if (capabilities !== null) this.send(version(capabilities));
  }

  /** Sends messages that arrive together. Returns all replies to them. */
  send(...messages: readonly Uint8Array[]): Reply[] {
    for (const message of messages) this.session.handle(message);
    this.session.flush();
    return repliesIn(this.session.replies.take());
  }

  /** The one reply to a message. */
  ask(message: Uint8Array): Reply {
    const [reply, ...others] = this.send(message);
    if (!reply || others.length > 0)
      throw new Error(`${others.length + (reply ? 1 : 0)} replies, expected one`);
    return reply;
  }
}
