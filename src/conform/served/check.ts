/** What is checked of a device that somebody serves, and what a check is given. */
import { readDword } from '../../pci/config-bytes.ts';
import { headerTypeOf } from '../../pci/header.ts';
import { PCI_STD_HEADER_SIZEOF } from '../../pci/registers.ts';
import type { ServedDeviceInfo, VfioUserClient } from '../../vfio-user/client.ts';
import { type ServedBar, servedBars } from '../../vfio-user/served-bars.ts';
import { readServedFunction, type ServedFunction } from '../../vfio-user/served-function.ts';
import { ServedRegisters } from '../../vfio-user/served-registers.ts';
import { barCount, barOffset } from '../../workload/sizer/bar-registers.ts';
import type { Mismatch } from '../run-vector.ts';

/** Why a check says nothing of this device. */
export interface NotApplicable {
  readonly reason: string;
}

/** Null where all is as it must be. */
export type Outcome = Mismatch | NotApplicable | null;

export interface Check {
  /** Begins with the number of the rule. */
  readonly id: string;
  /** What it does to the device. Registers that it writes are written back for it. */
  readonly needs: 'reads' | 'writes';
  /** What a refused request makes it throw is a failure. */
  run(subject: CheckedFunction): Outcome | Promise<Outcome>;
}

/** A BAR whose region has a size and whose register is one of its header type. */
export interface CheckedBar extends ServedBar {
  readonly barIdx: number;
  /** Of its register, or of the lower one. */
  readonly offset: number;
  /** Of the register of its upper half. Null where it has none: a 32-bit BAR, or a 64-bit one in the last register. */
  readonly upperOffset: number | null;
  /** The register at rest. */
  readonly rest: number;
}

/** A served function with what was read of it before the first check. */
export interface CheckedFunction extends ServedFunction {
  readonly client: VfioUserClient;
  readonly registers: ServedRegisters;
  readonly info: ServedDeviceInfo;
  readonly headerType: number;
  /** Registers of BARs that the header type has; none of a reserved type. */
  readonly barRegisters: number;
  readonly bars: readonly CheckedBar[];
}

/** Reads what checks look at. Configuration bytes that are not there count as zero. */
export async function readCheckedFunction(client: VfioUserClient): Promise<CheckedFunction> {
  const info = await client.deviceInfo();
  const { configBytes: read, regions } = await readServedFunction(client);
  const configBytes = read.length >= PCI_STD_HEADER_SIZEOF ? read : paddedTo(PCI_STD_HEADER_SIZEOF, read);
  const headerType = headerTypeOf(configBytes);
  const barRegisters = barCount(headerType);
  const bars = [...servedBars({ configBytes, regions })]
    // Behind them a bridge has its bus numbers and windows, which are not to be written.
    .filter(([barIdx]) => barIdx < barRegisters)
    .map(([barIdx, bar]): CheckedBar => {
      const offset = barOffset(barIdx);
      const hasUpper = bar.kind === 'mem64' && barIdx + 1 < barRegisters;
      const upperOffset = hasUpper ? barOffset(barIdx + 1) : null;
      return { ...bar, barIdx, offset, upperOffset, rest: readDword(configBytes, offset) };
    });
  const registers = new ServedRegisters(client);
  return { client, registers, info, configBytes, regions, headerType, barRegisters, bars };
}

function paddedTo(length: number, bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(length);
  padded.set(bytes);
  return padded;
}

/** A mismatch with all that is wrong in one line; null where nothing is. */
export function unlessEmpty(expected: string, wrong: readonly string[]): Mismatch | null {
  return wrong.length === 0 ? null : { expected, actual: wrong.join('; ') };
}

/** As `0x18`. */
export function hexText(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
