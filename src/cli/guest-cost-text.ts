/** What an access costs, as a stack: each path's time less that of the path inside it. */
import { layTexts } from '../report/grid.ts';
import type { Summary } from '../report/summary.ts';
import { type CostPath, EMULATED_BY_QEMU, RAM_BAR } from '../run/guest/cost/cost-boot.ts';
import { COST_WORKS } from '../run/guest/cost/cost-lines.ts';
import { C_SERVER, NODE_ECHO } from '../run/guest/cost/cost-samples.ts';
import { formatNs } from '../units.ts';

/** Ends with a newline. */
export function guestCostText(summary: Summary, pinning: string): string {
  const { device, policy } = summary.settings;
  const time = (implementation: string, work: string, path: CostPath): number | null =>
    summary.workloads.find(
      (row) =>
        row.name === `guest/${work}` && row.params.path === path && row.implementation === implementation,
    )?.nsPerOp?.estimate ?? null;
  const ours = [...new Set(summary.workloads.map(({ implementation }) => implementation))].filter(
    (name) => ![C_SERVER, NODE_ECHO, EMULATED_BY_QEMU, RAM_BAR].includes(name),
  );
  const row = (name: string, part: string, cell: (work: string) => string) => [
    name,
    part,
    ...COST_WORKS.map(cell),
  ];
  const ns = (value: number | null) => (value === null ? '–' : formatNs(value));
  const less = (outer: number | null, inner: number | null) =>
    outer === null || inner === null || outer < inner ? '–' : ns(outer - inner);
  const over = (value: number | null, base: number | null) =>
    value === null || base === null ? '–' : `${(value / base).toFixed(2)}x`;
  const rows = [
    row('', '', (work) => (work === 'bulk-copy' ? 'bulk-copy 64 KiB' : work)),
    ...ours.flatMap((name) => [
      row(name, 'core', (work) => ns(time(name, work, 'core'))),
      row('', '+ socket', (work) => less(time(name, work, 'socket'), time(name, work, 'core'))),
      row('', 'over Node echo', (work) => over(time(name, work, 'socket'), time(NODE_ECHO, work, 'socket'))),
      row('', '+ QEMU, guest', (work) => less(time(name, work, 'guest'), time(name, work, 'socket'))),
      row('', '= in the guest', (work) => ns(time(name, work, 'guest'))),
      row('', 'over C server', (work) => over(time(name, work, 'guest'), time(C_SERVER, work, 'guest'))),
    ]),
    row('C server', '= in the guest', (work) => ns(time(C_SERVER, work, 'guest'))),
    row('device inside QEMU', '= in the guest', (work) => ns(time(EMULATED_BY_QEMU, work, 'guest'))),
    row('BAR that is RAM', '= in the guest', (work) => ns(time(RAM_BAR, work, 'guest'))),
  ];
  return `${[
    `${device}, policy ${policy}: what an access costs a guest; ${pinning}`,
    '',
    ...layTexts(rows, 2),
    '',
    'config-read, memory-read and memory-write are of 4 bytes; a copy reads 8 at a time.',
    'core: the access alone. + socket: a vfio-user message there and back, to a client in C. + QEMU, guest: the rest.',
    'over Node echo, C server: of the whole message, and of the whole access, against a server that only echoes as many bytes, and one in C.',
    'A write from a guest is posted, and nobody waits for it; over the socket, where it is waited for, it costs more.',
  ].join('\n')}\n`;
}
