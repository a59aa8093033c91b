/** A guest on one device: what it saw, beside what is right and what our models of its parts take it to be. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeviceFlags, PROFILE_SOURCES, specFromFlags } from '../../device/device-flags.ts';
import { openPciFunction } from '../../device/device-source.ts';
import type { DeviceSpec } from '../../device/device-spec.ts';
import { BarometerError } from '../../errors.ts';
import { serveProxy } from '../../qemu-proxy/proxy-link.ts';
import { ProxySession } from '../../qemu-proxy/proxy-session.ts';
import type { AccessRecorder } from '../../vfio-user/access-recorder.ts';
import { openServed, type ServedImplementation } from '../../vfio-user/open-served.ts';
import { VfioUserServer } from '../../vfio-user/server.ts';
import { Session } from '../../vfio-user/session.ts';
import { type PresentedBar, presentedBars } from '../../workload/sizer/presented-bars.ts';
import { deviceToSize, recordSizing } from '../../workload/sizer/record-sizing.ts';
import { findSizer } from '../../workload/sizer/sizers.ts';
import type { SizedBar } from '../../workload/sizer/sizing.ts';
import { type BootOptions, bootGuest } from './boot.ts';
import { accessesOf, type SeenBar, seenBar, type WrongValue, wrongValues } from './guest-check.ts';
import type { GuestFiles } from './guest-files.ts';
import { type GuestAccess, type GuestSaw, guestScript, parseGuest } from './guest-script.ts';
import { type Firmware, type GuestMachine, type Link, proxyMachine, vfioUserMachine } from './machine.ts';
import { lastLine } from './run-command.ts';
import { type FirmwareBar, firmwareBars } from './seabios-log.ts';

export interface GuestPlan {
  readonly device: DeviceFlags;
  readonly implementation: ServedImplementation;
  readonly link: Link;
  readonly firmware: Firmware;
}

export interface GuestTools extends Pick<BootOptions, 'limitMs' | 'signal'> {
  readonly files: GuestFiles;
  /** File of OVMF; null where no plan asks for it. */
  readonly ovmf: string | null;
  /** Is told of every access that the device serves; nobody where it is null. */
  readonly recorder: AccessRecorder | null;
  /** Is told of each stage. */
  readonly progress: (stage: string) => void;
}

export interface GuestReport {
  readonly device: string;
  readonly policy: string;
  readonly implementation: string;
  readonly link: Link;
  readonly firmware: Firmware;
  readonly expected: readonly PresentedBar[];
  /** Our sizer that stands for whom the guest's view comes from, and what it concludes. */
  readonly sizer: string;
  readonly modelled: readonly SizedBar[];
  /** What SeaBIOS took and placed; null of other firmware, which does not say. */
  readonly firmwareSaw: readonly FirmwareBar[] | null;
  readonly guest: readonly SeenBar[];
  /** Configuration space, as sysfs in the guest shows it. */
  readonly config: Uint8Array;
  /** Accesses of the guest to the largest memory region; none where it cannot reach that. */
  readonly accesses: number;
  readonly wrong: readonly WrongValue[];
}

/** Over vfio-user QEMU answers the guest, by what it took itself; over the proxy Linux asks the device. */
const SIZERS: Readonly<Record<Link, string>> = { 'vfio-user': 'qemu', proxy: 'linux' };

/** Null where it was interrupted. @throws BarometerError where the guest fails */
export async function bootDevice(plan: GuestPlan, tools: GuestTools): Promise<GuestReport | null> {
  const spec = specFromFlags(plan.device);
  const folder = mkdtempSync(join(tmpdir(), 'barometer-guest-'));
  try {
    return await bootIn(folder, plan, spec, tools);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bootIn(
  folder: string,
  plan: GuestPlan,
  spec: DeviceSpec,
  tools: GuestTools,
): Promise<GuestReport | null> {
  const { machine, failed, close } = await connect(plan, spec, folder, tools);
  try {
    const accesses = accessesOf(spec, plan.link);
    const say = (stage: string) => tools.progress(`${spec.policy} over ${plan.link}: ${stage}`);
    say('QEMU and firmware');
    const serial = await bootGuest({
      ...{ ...tools, machine },
      signal: AbortSignal.any([tools.signal, failed]),
      script: guestScript(machine.pciAddress, accesses),
      onSerial: (text) => {
        if (text.includes('GUEST')) say('Linux looks at the device');
      },
    });
    if (tools.signal.aborted || failed.aborted) return null;
    const saw = parseGuest(serial);
    if (!saw.isComplete)
      throw new BarometerError(`the guest did not come to its end; it said last: ${lastLine(serial)}`);
    const log = plan.firmware === 'seabios' ? readFileSync(join(folder, LOG), 'latin1') : null;
    const firmwareSaw = log === null ? null : firmwareBars(log, machine.pciAddress);
    return { ...reportOf(plan, spec, accesses, saw), firmwareSaw };
  } finally {
    await close();
  }
}

const LOG = 'log';

interface Connected {
  readonly machine: GuestMachine;
  /** Aborted where the device is served no more, while the guest still runs. */
  readonly failed: AbortSignal;
  /** @throws why it was served no more */
  readonly close: () => Promise<void>;
}

/** A machine, and the device served to it. */
async function connect(
  { link, firmware, implementation }: GuestPlan,
  spec: DeviceSpec,
  folder: string,
  { ovmf, recorder }: GuestTools,
): Promise<Connected> {
  const served = openServed(spec, implementation);
  if (link === 'proxy') {
    const machine = proxyMachine((socket) => serveProxy(socket, new ProxySession(served, recorder)));
    return { machine, failed: new AbortController().signal, close: async () => {} };
  }
  const socketPath = join(folder, 's');
  const newSession = () => new Session(served, recorder);
  const server = new VfioUserServer({ path: socketPath, newSession, once: true, say: () => {} });
  await server.listen();
  const failure = new AbortController();
  server.ended().catch(() => failure.abort());
  return {
    failed: failure.signal,
    machine: vfioUserMachine({ socketPath, firmware, ovmf, logPath: join(folder, LOG) }),
    close: async () => {
      server.close();
      await server.ended();
    },
  };
}

function reportOf(
  { device, implementation, link, firmware }: GuestPlan,
  spec: DeviceSpec,
  accesses: readonly GuestAccess[],
  saw: GuestSaw,
): Omit<GuestReport, 'firmwareSaw'> {
  const source = openPciFunction(device.device, PROFILE_SOURCES);
  const bars = saw.bars.map(seenBar);
  const hasMemory = bars.some(({ barIdx, isAssigned }) => isAssigned && barIdx === accesses[0]?.barIdx);
  return {
    ...{ device: device.device, policy: spec.policy, implementation, link, firmware },
    expected: presentedBars(source, spec),
    sizer: SIZERS[link],
    modelled: recordSizing(deviceToSize(spec, implementation), findSizer(SIZERS[link])!).sizing.bars,
    guest: bars,
    config: saw.config,
    accesses: hasMemory ? accesses.length : 0,
    wrong: hasMemory ? wrongValues(spec, accesses, saw) : [],
  };
}
