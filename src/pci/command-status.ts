/** The bits of the command and status registers (PCI 3.0, 6.2.2 and 6.2.3), under the names of `lspci`. */

import { flag } from './capability.ts';
import { bit, bitField } from './config-bytes.ts';

/** In the order of `lspci -vv`. */
type FlagNames = readonly (readonly [name: string, bit: number])[];

const COMMAND_FLAGS: FlagNames = [
  ['I/O', 0],
  ['Mem', 1],
  ['BusMaster', 2],
  ['SpecCycle', 3],
  ['MemWINV', 4],
  ['VGASnoop', 5],
  ['ParErr', 6],
  ['Stepping', 7],
  ['SERR', 8],
  ['FastB2B', 9],
  ['DisINTx', 10],
];
const STATUS_FLAGS_LOW: FlagNames = [
  ['Cap', 4],
  ['66MHz', 5],
  ['UDF', 6],
  ['FastB2B', 7],
  ['ParErr', 8],
];
const STATUS_FLAGS_HIGH: FlagNames = [
  ['>TAbort', 11],
  ['<TAbort', 12],
  ['<MAbort', 13],
  ['>SERR', 14],
  ['<PERR', 15],
  ['INTx', 3],
];
const DEVICE_SELECT: readonly string[] = ['fast', 'medium', 'slow', '??'];
const DEVICE_SELECT_LSB = 9;

function flags(value: number, names: FlagNames): string {
  return names.map(([name, index]) => flag(name, bit(value, index))).join(' ');
}

/** All bits of PCI_COMMAND as `lspci -vv` prints them: `I/O- Mem+ …`. */
export function describeCommand(command: number): string {
  return flags(command, COMMAND_FLAGS);
}

/** All bits of PCI_STATUS as `lspci -vv` prints them, the device select timing among them. */
export function describeStatus(status: number): string {
  const select = DEVICE_SELECT[bitField(status, DEVICE_SELECT_LSB, 2)];
  return `${flags(status, STATUS_FLAGS_LOW)} DEVSEL=${select} ${flags(status, STATUS_FLAGS_HIGH)}`;
}
