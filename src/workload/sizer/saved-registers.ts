/** Registers that sizing changes, as they were before it. */
import { BarometerError } from '../../errors.ts';
import { hex } from '../../pci/quoted.ts';
import { PCI_CACHE_LINE_SIZE, PCI_COMMAND, PCI_LATENCY_TIMER } from '../../pci/registers.ts';
import type { WidthBytes } from '../../types.ts';
import { barCount, barOffset, romOffset } from './bar-registers.ts';
import type { RemoteConfigPort } from './remote-sizing.ts';

/** A register of configuration space. */
export interface ConfigRegister {
  /** `BAR 0`, `ROM`, or its name in pci_regs.h. */
  readonly name: string;
  readonly offset: number;
  readonly width: WidthBytes;
}

interface SavedRegister extends ConfigRegister {
  readonly value: number;
}

/** A register that does not hold what it held before. */
export interface ChangedRegister {
  readonly register: string;
  readonly offset: number;
  readonly before: number;
  /** What it reads after it was written back; null where it could not be written or read. */
  readonly after: number | null;
  /** One line for people. */
  readonly text: string;
}

export class SavedRegisters {
  private readonly registers: readonly SavedRegister[];

  private constructor(registers: readonly SavedRegister[]) {
    this.registers = registers;
  }

  /**
   * Reads all registers that any sizer writes to, and others.
   * @param port answers with what the registers hold, and not with ones for those that it could not read: they would be
   * written back
   * @throws BarometerError where one cannot be read
   */
  static async save(
    port: RemoteConfigPort,
    headerType: number,
    others: readonly ConfigRegister[] = [],
  ): Promise<SavedRegisters> {
    const saved: SavedRegister[] = [];
    for (const register of [...others, ...registersOf(headerType)]) {
      saved.push({ ...register, value: await heldBy(port, register) });
    }
    return new SavedRegisters(saved);
  }

  /**
   * Writes all of them back, reads them again, and returns those that read otherwise. Goes on where one fails; one that
   * cannot be written, and still reads as before, is none of them.
   */
  async restore(port: RemoteConfigPort): Promise<ChangedRegister[]> {
    const failures = new Map<SavedRegister, string>();
    for (const register of this.registers) {
      try {
        await port.write(register.offset, register.width, register.value);
      } catch (error) {
        failures.set(register, (error as Error).message);
      }
    }
    const changed: ChangedRegister[] = [];
    for (const register of this.registers) {
      const found = await verified(port, register, failures.get(register) ?? null);
      if (found !== null) changed.push(found);
    }
    return changed;
  }
}

/** The command register last: nothing is decoded at an address that is not yet back. */
function registersOf(headerType: number): ConfigRegister[] {
  const bars = Array.from({ length: barCount(headerType) }, (_, barIdx): ConfigRegister => {
    return { name: `BAR ${barIdx}`, offset: barOffset(barIdx), width: 4 };
  });
  const rom = romOffset(headerType);
  return [
    ...bars,
    ...(rom === null ? [] : [{ name: 'ROM', offset: rom, width: 4 } as const]),
    { name: 'PCI_CACHE_LINE_SIZE', offset: PCI_CACHE_LINE_SIZE, width: 1 },
    { name: 'PCI_LATENCY_TIMER', offset: PCI_LATENCY_TIMER, width: 1 },
    { name: 'PCI_COMMAND', offset: PCI_COMMAND, width: 2 },
  ];
}

async function heldBy(port: RemoteConfigPort, { name, offset, width }: ConfigRegister): Promise<number> {
  try {
    return await port.read(offset, width);
  } catch (error) {
    if (!(error instanceof BarometerError)) throw error;
    throw new BarometerError(
      `${name} at ${hex(offset, 2)} cannot be read, so that it could not be written back; nothing was written: ${error.message}`,
      error.exitCode,
    );
  }
}

/** @param failure why it could not be written; null where it was */
async function verified(
  port: RemoteConfigPort,
  register: SavedRegister,
  failure: string | null,
): Promise<ChangedRegister | null> {
  try {
    const after = await port.read(register.offset, register.width);
    if (after === register.value) return null;
    const digits = 2 * register.width;
    const what = failure === null ? 'after it was written back' : `and cannot be written back: ${failure}`;
    return changedRegister(register, after, `and reads ${hex(after, digits)} ${what}`);
  } catch (error) {
    return changedRegister(register, null, `and cannot be read: ${(error as Error).message}`);
  }
}

function changedRegister(
  { name, offset, width, value }: SavedRegister,
  after: number | null,
  what: string,
): ChangedRegister {
  const text = `${name} at ${hex(offset, 2)} was ${hex(value, 2 * width)} before, ${what}`;
  return { register: name, offset, before: value, after, text };
}
