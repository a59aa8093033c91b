/** What `barometer guest` prints. */
import { layTexts } from '../report/grid.ts';
import type { GuestReport } from '../run/guest/device-guest.ts';
import type { SeenBar } from '../run/guest/guest-check.ts';
import type { FirmwareBar } from '../run/guest/seabios-log.ts';
import { formatSize } from '../units.ts';
import { ROM_BAR_IDX, type SizedBar } from '../workload/sizer/sizing.ts';
import { type WrongBar, wrongBars } from '../workload/sizer/wrong-bars.ts';
import { barJson } from './size.ts';

/** Why two ways into a guest may show it two devices. */
const LINK_NOTES = {
  'vfio-user':
    'over vfio-user, QEMU takes sizes from region info and types from registers at rest, and answers the guest by them',
  proxy:
    'over the proxy, Linux writes ones to the device and reads its masks: types and sizes are those of registers',
} as const;

const NO_ADDRESS_NOTE =
  'no address: sized, but the machine has no room for it (40 bits of address; no I/O ports behind microvm, which the proxy takes)';

/** Whether the guest saw the BARs that our model of its part concludes. */
export function isAsModelled({ guest, modelled }: GuestReport): boolean {
  return barsText(guest) === barsText(modelled);
}

/** The document of `--json`. Sizes are decimal strings, since they can pass 2^53. */
export function guestJson(reports: readonly GuestReport[]) {
  return {
    schema: 'barometer/guest/1',
    boots: reports.map(({ expected, modelled, firmwareSaw, guest, config, wrong, ...report }) => ({
      ...report,
      expected: expected.map((bar) => ({ ...barJson(bar), behind: bar.behind })),
      modelled: modelled.map(barJson),
      firmwareSaw: firmwareSaw?.map((bar) => ({ ...bar, sizeBytes: bar.sizeBytes.toString() })) ?? null,
      guest: guest.map((bar) => ({ ...barJson(bar), isAssigned: bar.isAssigned })),
      config: Buffer.from(config).toString('hex'),
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

/** All of one device. Ends with a newline. */
export function guestText(reports: readonly GuestReport[]): string {
  const { device, implementation } = reports[0]!;
  const titles = ['policy', 'link', 'BAR', 'should be', 'as modelled', 'SeaBIOS', 'Linux saw', ''];
  const hasSeabios = reports.some(({ firmwareSaw }) => firmwareSaw !== null);
  const rows = [titles, ...reports.flatMap(barRows)].map((row) =>
    row.filter((_, i) => hasSeabios || titles[i] !== 'SeaBIOS'),
  );
  const sections = [
    [`${device} in ${implementation}, to Linux in QEMU`],
    layTexts(rows),
    layTexts(consequences(reports)),
    reports.flatMap(memoryLines),
    notes(reports),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function notes(reports: readonly GuestReport[]): string[] {
  const links = [...new Set(reports.map(({ link }) => link))];
  const hasHomeless = reports.some(({ guest }) => guest.some(({ isAssigned }) => !isAssigned));
  return [...links.map((link) => LINK_NOTES[link]), ...(hasHomeless ? [NO_ADDRESS_NOTE] : [])];
}

/** The names of policy and link stand once. */
function barRows(report: GuestReport): string[][] {
  const { policy, link, firmware, expected, modelled, firmwareSaw, guest } = report;
  const wrong = wrongBars(expected, guest);
  const indexes = new Set([expected, modelled, guest].flatMap((bars) => bars.map(({ barIdx }) => barIdx)));
  if (indexes.size === 0) indexes.add(0);
  return [...indexes]
    .sort((a, b) => a - b)
    .map((barIdx, i) => [
      ...(i === 0 ? [policy, linkText(link, firmware)] : ['', '']),
      barName(barIdx),
      barText(expected.find((bar) => bar.barIdx === barIdx)),
      barText(modelled.find((bar) => bar.barIdx === barIdx)),
      firmwareSaw === null ? '–' : firmwareText(firmwareSaw.find((bar) => bar.barIdx === barIdx)),
      seenText(guest.find((bar) => bar.barIdx === barIdx)),
      remark(report, barIdx, wrong),
    ]);
}

function linkText(link: string, firmware: string): string {
  return firmware === 'seabios' || link === 'proxy'
    ? link
    : `${link}, ${firmware === 'none' ? 'no firmware' : firmware}`;
}

function barName(barIdx: number): string {
  return barIdx === ROM_BAR_IDX ? 'ROM' : String(barIdx);
}

/** A fault of ours says so; what a policy does to a guest is what is being looked for. */
function remark({ guest, modelled }: GuestReport, barIdx: number, wrong: readonly WrongBar[]): string {
  const [saw, model] = [guest, modelled].map((bars) => barText(bars.find((bar) => bar.barIdx === barIdx)));
  if (saw !== model) return 'MODEL DIFFERS';
  return wrong.find((bar) => bar.barIdx === barIdx)?.what ?? 'ok';
}

/** One line for each distinct wrong BAR. */
function consequences(reports: readonly GuestReport[]): string[][] {
  const lines = new Map<string, string[]>();
  for (const { expected, guest } of reports) {
    for (const { barIdx, what, consequence } of wrongBars(expected, guest)) {
      const row = [`${barName(barIdx)} ${what}`, consequence];
      lines.set(row.join(), row);
    }
  }
  return [...lines.values()];
}

function memoryLines(report: GuestReport): string[] {
  const { policy, link, accesses, wrong } = report;
  const outcome = wrong.length === 0 ? 'all as they should be' : `${wrong.length} wrong`;
  const memory =
    accesses === 0
      ? 'no BAR through which the guest reaches memory'
      : `${accesses} accesses of 1 to 8 bytes to memory, ${outcome}`;
  return [
    `${policy} over ${link}: ${memory}`,
    ...(isAsModelled(report)
      ? []
      : [
          `  our sizer ${report.sizer} took other BARs than the guest saw: a fault of the sizer, please report it`,
        ]),
    ...wrong.map(({ access, expected: value, found }) => {
      const place = `BAR ${access.barIdx} + 0x${access.offset.toString(16)}, ${access.widthBytes} B`;
      return `  ${place}: expected 0x${value.toString(16)}, found ${found === null ? 'nothing' : `0x${found.toString(16)}`}`;
    }),
  ];
}

/** `mem64 pref 128 GiB`. */
function barText(bar: SizedBar | undefined): string {
  if (!bar) return 'none';
  return `${bar.kind}${bar.prefetchable ? ' pref' : ''} ${formatSize(bar.sizeBytes)}`;
}

/** Without an address no driver can use it. */
function seenText(bar: SeenBar | undefined): string {
  return barText(bar) + (bar === undefined || bar.isAssigned ? '' : ', no address');
}

/** `prefmem 128 GiB`: it does not say how many bits. */
function firmwareText(bar: FirmwareBar | undefined): string {
  return bar ? `${bar.type} ${formatSize(bar.sizeBytes)}` : 'none';
}

function barsText(bars: readonly SizedBar[]): string {
  return bars
    .map((bar) => `${bar.barIdx} ${barText(bar)}`)
    .sort()
    .join('; ');
}
