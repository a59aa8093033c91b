/** Speeds as a table. */
import { columnLines } from '../columns.ts';
import { isKept, type MixSpeed } from './speeds.ts';

const HEAD = ['accesses', '', 'events', 'wasm', 'ts', 'C queue', 'wasm / C', 'promised'];
const UNITS = ['', '', '/access', 'M/s', 'M/s', 'M/s', '', 'M/s'];

export function speedsText(speeds: readonly MixSpeed[]): string {
  const rows = speeds.map((speed) => {
    const { mix, eventsPerAccess, wasm, ts, c } = speed;
    const promise = mix.promised === null ? '-' : `${mix.promised} ${isKept(speed) ? 'kept' : 'MISSED'}`;
    const figures = [eventsPerAccess.toFixed(2), wasm.toFixed(1), ts.toFixed(1), c.toFixed(1)];
    return [mix.name, mix.does, ...figures, (wasm / c).toFixed(2), promise];
  });
  const notes = [
    'Simulated accesses for each second of processor time of one core, nothing checked after events: medians of rounds in turns.',
    'C queue: as many events through the same queue, and the least of the memory that they touch, with nothing simulated.',
  ];
  return `${[...columnLines([HEAD, UNITS, ...rows], 2), '', ...notes].join('\n')}\n`;
}
