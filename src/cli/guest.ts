/** `barometer guest`: a real guest on the device, and what it saw beside what it should have seen. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeviceFlags, deviceFlags, PROFILE_SOURCES, specFromFlags } from '../device/device-flags.ts';
import { openPciFunction } from '../device/device-source.ts';
import { BarometerError, EXIT, UsageError } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { bootGuest } from '../run/guest/boot.ts';
import { accessesOf, sizedBar, type WrongValue, wrongValues } from '../run/guest/guest-check.ts';
import { guestFiles } from '../run/guest/guest-files.ts';
import { guestScript, parseGuest } from '../run/guest/guest-script.ts';
import { lastLine } from '../run/guest/run-command.ts';
import { formatBytes, parseDurationMs } from '../units.ts';
import { VfioUserServer } from '../vfio-user/server.ts';
import { Session } from '../vfio-user/session.ts';
import { type PresentedBar, presentedBars } from '../workload/sizer/presented-bars.ts';
import { deviceToSize, recordSizing } from '../workload/sizer/record-sizing.ts';
import { findSizer } from '../workload/sizer/sizers.ts';
import type { SizedBar } from '../workload/sizer/sizing.ts';
import { wrongBars } from '../workload/sizer/wrong-bars.ts';
import { namesOf } from './device-option.ts';
import { listenForInterrupts } from './measured-run.ts';
import { ProgressLine } from './progress.ts';
import { openServed, SERVED_IMPLEMENTATIONS } from './serve.ts';
import { barJson, policiesFor, subjectOf } from './size.ts';

export interface GuestFlags extends DeviceFlags {
  readonly impl: string;
  readonly limit: string;
  /** Every policy that the device has. */
  readonly all?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export interface GuestReport {
  readonly device: string;
  readonly policy: string;
  readonly implementation: string;
  /** What is right, what our model of QEMU takes it to be, and what Linux in the guest saw. */
  readonly expected: readonly PresentedBar[];
  readonly qemu: readonly SizedBar[];
  readonly guest: readonly SizedBar[];
  /** Accesses of the guest to the largest memory region; none where it did not see that. */
  readonly accesses: number;
  readonly wrong: readonly WrongValue[];
}

/** Returns the exit code: 5 where the guest saw other BARs than our model of QEMU, or read anything wrong. */
export async function guest(flags: GuestFlags): Promise<number> {
  const implementations = namesOf(flags.impl, SERVED_IMPLEMENTATIONS, '--impl');
  if (implementations.length > 1) throw new UsageError(`--impl ${flags.impl}: expected one implementation`);
  const limitMs = parseDurationMs(flags.limit, '--limit');
  const devices = devicesOf(flags);
  for (const device of devices) specFromFlags(device);
  const interrupt = listenForInterrupts();
  const progress = new ProgressLine(process.stderr, flags.quiet ?? false);
  const reports: GuestReport[] = [];
  try {
    for (const device of devices) {
      const report = await bootOnce(device, implementations[0]!, limitMs, progress, interrupt.signal);
      if (report === null) break;
      reports.push(report);
    }
  } catch (error) {
    // What was cut off says that it was.
    if (!interrupt.signal.aborted) throw error;
  } finally {
    progress.clear();
    interrupt.dispose();
    if (reports.length > 0)
      process.stdout.write(flags.json ? jsonText(guestJson(reports)) : guestText(reports));
  }
  if (interrupt.signal.aborted) return EXIT.interrupted;
  return reports.every((report) => isAsModelled(report) && report.wrong.length === 0)
    ? EXIT.ok
    : EXIT.wrongAnswer;
}

/** The device under one policy, or under each that it has. */
function devicesOf(flags: GuestFlags): DeviceFlags[] {
  const device = deviceFlags(flags);
  if (!flags.all) return [device];
  if (flags.policy !== undefined) throw new UsageError(`--policy ${flags.policy}: --all takes every policy`);
  return policiesFor(subjectOf(flags.device, flags)).map((policy) => ({ ...device, policy }));
}

/** Null where it was interrupted. */
async function bootOnce(
  device: DeviceFlags,
  implementation: (typeof SERVED_IMPLEMENTATIONS)[number],
  limitMs: number,
  progress: ProgressLine,
  signal: AbortSignal,
): Promise<GuestReport | null> {
  const spec = specFromFlags(device);
  const source = openPciFunction(device.device, PROFILE_SOURCES);
  const expected = presentedBars(source, spec);
  const { sizing } = recordSizing(deviceToSize(spec, implementation), findSizer('qemu')!);
  const accesses = accessesOf(spec);
  const files = await guestFiles({ progress: (stage) => progress.say(`guest  ${stage}`), signal });
  const folder = mkdtempSync(join(tmpdir(), 'barometer-guest-'));
  const served = openServed(device, implementation);
  const socketPath = join(folder, 's');
  const server = new VfioUserServer({
    path: socketPath,
    newSession: () => new Session(served),
    once: true,
    say: () => {},
  });
  try {
    await server.listen();
    progress.say('guest  QEMU and firmware');
    const serial = await bootGuest({
      ...{ files, socketPath, limitMs, signal },
      script: guestScript(accesses),
      onSerial: (text) => {
        if (text.includes('GUEST')) progress.say('guest  Linux looks at the device');
      },
    });
    if (signal.aborted) return null;
    const saw = parseGuest(serial);
    if (!saw.isComplete)
      throw new BarometerError(`the guest did not come to its end; it said last: ${lastLine(serial)}`);
    const bars = saw.bars.map(sizedBar);
    const hasMemory = accesses.length > 0 && bars.some(({ barIdx }) => barIdx === accesses[0]!.barIdx);
    return {
      ...{ device: device.device, policy: spec.policy, implementation },
      ...{ expected, qemu: sizing.bars, guest: bars },
      accesses: hasMemory ? accesses.length : 0,
      wrong: hasMemory ? wrongValues(spec, accesses, saw) : [],
    };
  } finally {
    server.close();
    await server.ended().finally(() => rmSync(folder, { recursive: true, force: true }));
  }
}

/** The document of `--json`. */
function guestJson(reports: readonly GuestReport[]) {
  return {
    schema: 'barometer/guest/1',
    boots: reports.map(({ expected, qemu, guest: saw, wrong, ...report }) => ({
      ...report,
      expected: expected.map((bar) => ({ ...barJson(bar), behind: bar.behind })),
      qemu: qemu.map(barJson),
      guest: saw.map(barJson),
      wrong: wrong.map(({ access, expected: value, found }) => ({
        barIdx: access.barIdx,
        offset: access.offset.toString(),
        widthBytes: access.widthBytes,
        expected: value.toString(),
        found: found === null ? null : found.toString(),
      })),
    })),
  };
}

function guestText(reports: readonly GuestReport[]): string {
  const { device, implementation } = reports[0]!;
  const titles = ['policy', 'BAR', 'should be', 'QEMU, as modelled', 'the guest saw'];
  const rows = reports.flatMap((report) => barRows(report));
  const widths = titles.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  return `${[
    `${device} in ${implementation}: Linux in QEMU, over vfio-user`,
    '',
    line(titles),
    ...rows.map(line),
    '',
    ...reports.flatMap(verdictLines),
  ].join('\n')}\n`;
}

/** The name of the policy stands once. */
function barRows({ policy, expected, qemu, guest: saw }: GuestReport): string[][] {
  const indexes = new Set([expected, qemu, saw].flatMap((bars) => bars.map(({ barIdx }) => barIdx)));
  return [...indexes]
    .sort()
    .map((barIdx, i) => [
      i === 0 ? policy : '',
      String(barIdx),
      ...[expected, qemu, saw].map((bars) => barText(bars.find((bar) => bar.barIdx === barIdx))),
    ]);
}

function verdictLines(report: GuestReport): string[] {
  const { policy, expected, guest: saw, accesses, wrong } = report;
  const isRight = wrongBars(expected, saw).length === 0;
  const bars = isRight ? 'every BAR as it should be' : 'not every BAR is as it should be';
  const memory =
    accesses === 0
      ? 'no BAR through which memory could be accessed'
      : `${accesses} accesses of 1 to 8 bytes to memory, ${wrong.length === 0 ? 'all as they should be' : `${wrong.length} wrong`}`;
  return [
    `${policy}: ${bars}; ${memory}`,
    ...(isAsModelled(report) ? [] : ['  our model of QEMU took other BARs than QEMU: a fault of the model']),
    ...wrong.map(({ access, expected: value, found }) => {
      const place = `BAR ${access.barIdx} + 0x${access.offset.toString(16)}, ${access.widthBytes} B`;
      return `  ${place}: expected 0x${value.toString(16)}, found ${found === null ? 'nothing' : `0x${found.toString(16)}`}`;
    }),
  ];
}

function isAsModelled({ guest: saw, qemu }: GuestReport): boolean {
  return barsText(saw) === barsText(qemu);
}

/** `mem64 pref 128 GiB`. */
function barText(bar: SizedBar | undefined): string {
  if (!bar) return 'none';
  const size = bar.sizeBytes < 2n ** 50n ? formatBytes(Number(bar.sizeBytes)) : `${bar.sizeBytes} B`;
  return `${bar.kind}${bar.prefetchable ? ' pref' : ''} ${size}`;
}

function barsText(bars: readonly SizedBar[]): string {
  return bars
    .map((bar) => `${bar.barIdx} ${barText(bar)}`)
    .sort()
    .join('; ');
}
