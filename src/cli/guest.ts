/** `barometer guest`: a real guest on the device, and what it saw beside what it should have seen. */
import { type DeviceFlags, deviceFlags, oneOf, specFromFlags } from '../device/device-flags.ts';
import { EXIT, UsageError } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { bootDevice, type GuestPlan, type GuestReport } from '../run/guest/device-guest.ts';
import { guestFiles, ovmfFile } from '../run/guest/guest-files.ts';
import { FIRMWARES, type Firmware, LINKS, type Link } from '../run/guest/machine.ts';
import { parseDurationMs } from '../units.ts';
import { SERVED_IMPLEMENTATIONS } from '../vfio-user/open-served.ts';
import { namesOf } from './device-option.ts';
import { guestJson, guestText, isAsModelled } from './guest-text.ts';
import { listenForInterrupts } from './measured-run.ts';
import { ProgressLine } from './progress.ts';
import { RecordFile } from './record-file.ts';
import { policiesFor, subjectOf } from './size.ts';

export interface GuestFlags extends DeviceFlags {
  /** wasm, and of --cost all, unless given. */
  readonly impl?: string;
  readonly limit: string;
  readonly link?: string;
  readonly firmware?: string;
  /** Every policy that the device has, over every link. */
  readonly all?: boolean;
  /** What accesses cost, and not what is right. */
  readonly cost?: boolean;
  /** Of a boot: where every access that the device served is written to. */
  readonly record?: string;
  readonly boots?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Returns the exit code: 5 where the guest saw other BARs than our model of it, or read anything wrong. */
export async function guest(flags: GuestFlags): Promise<number> {
  if (flags.cost) {
    expectNone(flags, ['all', 'link', 'firmware', 'record'], '--cost');
    const { guestCost } = await import('./guest-cost.ts');
    return guestCost(flags);
  }
  expectNone(flags, ['boots', 'out'], 'no --cost');
  if (flags.all) expectNone(flags, ['record'], '--all');
  const limitMs = parseDurationMs(flags.limit, '--limit');
  const plans = plansOf(flags);
  for (const { device } of plans) specFromFlags(device);
  const interrupt = listenForInterrupts();
  const { signal } = interrupt;
  const line = new ProgressLine(process.stderr, flags.quiet ?? false);
  const progress = (stage: string) => line.say(`guest  ${stage}`);
  const reports: GuestReport[] = [];
  const record = flags.record === undefined ? null : new RecordFile(flags.record);
  try {
    const files = await guestFiles({ progress, signal });
    const needsOvmf = plans.some(({ firmware }) => firmware === 'ovmf');
    const ovmf = needsOvmf ? await ovmfFile({ progress, signal }) : null;
    const recorder = record?.recorder ?? null;
    for (const plan of plans) {
      const report = await bootDevice(plan, { files, ovmf, recorder, limitMs, signal, progress });
      if (report === null) break;
      reports.push(report);
    }
  } catch (error) {
    // What was cut off says that it was.
    if (!signal.aborted) throw error;
  } finally {
    line.clear();
    interrupt.dispose();
    record?.close();
    if (reports.length > 0)
      process.stdout.write(flags.json ? jsonText(guestJson(reports)) : guestText(reports));
  }
  if (signal.aborted) return EXIT.interrupted;
  return reports.every((report) => isAsModelled(report) && report.wrong.length === 0)
    ? EXIT.ok
    : EXIT.wrongAnswer;
}

/** @throws UsageError for an option that says nothing here */
function expectNone(flags: GuestFlags, names: readonly (keyof GuestFlags)[], beside: string): void {
  const found = names.find((name) => flags[name] !== undefined);
  if (found === undefined) return;
  const given = flags[found] === true ? '' : ` ${flags[found]}`;
  throw new UsageError(`--${found}${given}: expected none with ${beside}`);
}

/** One boot, or one under each policy that the device has and over each link. */
function plansOf(flags: GuestFlags): GuestPlan[] {
  const implementations = namesOf(flags.impl ?? 'wasm', SERVED_IMPLEMENTATIONS, '--impl');
  if (implementations.length > 1)
    throw new UsageError(`--impl ${flags.impl}: expected one implementation without --cost`);
  const implementation = implementations[0]!;
  const device = deviceFlags(flags);
  if (!flags.all) {
    const link = oneOf('--link', flags.link ?? 'vfio-user', LINKS);
    return [{ device, implementation, link, firmware: firmwareOf(flags.firmware, link) }];
  }
  if (flags.policy !== undefined) throw new UsageError(`--policy ${flags.policy}: --all takes every policy`);
  const links = flags.link === undefined ? LINKS : [oneOf('--link', flags.link, LINKS)];
  return policiesFor(subjectOf(flags.device, flags)).flatMap((policy) =>
    links.map((link) => {
      // What is given holds where there is a choice.
      const firmware = firmwareOf(
        flags.link === undefined && link === 'proxy' ? undefined : flags.firmware,
        link,
      );
      return { device: { ...device, policy }, implementation, link, firmware };
    }),
  );
}

/** QEMU's proxy works on a machine only whose firmware leaves PCI alone. */
function firmwareOf(given: string | undefined, link: Link): Firmware {
  const firmware = oneOf('--firmware', given ?? (link === 'proxy' ? 'none' : 'seabios'), FIRMWARES);
  if (link === 'proxy' && firmware !== 'none')
    throw new UsageError(
      `--firmware ${firmware}: expected none with --link proxy, whose machine has no other`,
    );
  return firmware;
}
