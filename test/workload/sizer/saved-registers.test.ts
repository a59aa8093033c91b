import { describe, expect, test } from 'vitest';
import type { WidthBytes } from '../../../src/types.ts';
import { recordRemoteSizing } from '../../../src/workload/sizer/remote-sizing.ts';
import { SavedRegisters } from '../../../src/workload/sizer/saved-registers.ts';
import { SIZERS } from '../../../src/workload/sizer/sizers.ts';

/** Registers that take whatever is written to them, as no device does: nothing that a sizer does is hidden. */
class PlainRegisters {
  readonly bytes = Uint8Array.from({ length: 256 }, (_, i) => i ^ 0x55);
  readonly writes: number[] = [];
  private readonly view = new DataView(this.bytes.buffer);

  async read(offset: number, width: WidthBytes): Promise<number> {
    if (width === 4) return this.view.getUint32(offset, true);
    return width === 2 ? this.view.getUint16(offset, true) : this.view.getUint8(offset);
  }

  async write(offset: number, width: WidthBytes, value: number): Promise<void> {
    this.writes.push(offset);
    if (width === 4) this.view.setUint32(offset, value, true);
    else if (width === 2) this.view.setUint16(offset, value, true);
    else this.view.setUint8(offset, value);
  }
}

const regionBytes = [2n ** 24n, 0n, 2n ** 37n, 0n, 2n ** 16n, 0n];

describe('what any sizer writes is back afterwards', () => {
  const cases = SIZERS.flatMap((sizer) =>
    sizer.headerTypes.map((type) => [sizer.name, type, sizer] as const),
  );
  test.each(cases)('%s, header type %i', async (_, headerType, sizer) => {
    const registers = new PlainRegisters();
    const before = registers.bytes.slice();
    const saved = await SavedRegisters.save(registers, headerType);
    expect(registers.writes).toEqual([]);
    await recordRemoteSizing(registers, { headerType, regionBytes }, sizer);
    expect(registers.writes).not.toEqual([]);
    expect(await saved.restore(registers)).toEqual([]);
    expect(registers.bytes).toEqual(before);
  });
});

test('the command register comes last', async () => {
  const registers = new PlainRegisters();
  await (await SavedRegisters.save(registers, 0)).restore(registers);
  expect(registers.writes).toEqual([0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x30, 0x0c, 0x0d, 0x04]);
});

test('other registers are saved and restored as well, before those', async () => {
  const registers = new PlainRegisters();
  const others = [{ name: 'PCI_VENDOR_ID', offset: 0, width: 2 }] as const;
  const saved = await SavedRegisters.save(registers, 5, others);
  registers.bytes.fill(0xff, 0, 4);
  expect(await saved.restore(registers)).toEqual([]);
  expect(registers.bytes.subarray(0, 4)).toEqual(Uint8Array.of(0x55, 0x54, 0xff, 0xff));
  expect(registers.writes).toEqual([0x00, 0x0c, 0x0d, 0x04]);
});

test('a register that keeps what was written is told, and the others are restored', async () => {
  const registers = new PlainRegisters();
  const saved = await SavedRegisters.save(registers, 0);
  registers.bytes.fill(0xff, 0x10, 0x28);
  const write = registers.write.bind(registers);
  registers.write = async (offset, width, value) => {
    if (offset !== 0x18) await write(offset, width, value);
  };
  expect(await saved.restore(registers)).toEqual([
    {
      register: 'BAR 2',
      offset: 0x18,
      before: 0x4e4f4c4d,
      after: 0xffffffff,
      text: 'BAR 2 at 18 was 4e4f4c4d before, and reads ffffffff after it was written back',
    },
  ]);
  expect(await registers.read(0x1c, 4)).toBe(0x4a4b4849);
});

test('a register that refuses to be written, and reads as before, is restored', async () => {
  const registers = new PlainRegisters();
  const saved = await SavedRegisters.save(registers, 0);
  const write = registers.write.bind(registers);
  registers.write = (offset, width, value) =>
    offset === 0x30 ? Promise.reject(new Error('refused')) : write(offset, width, value);
  expect(await saved.restore(registers)).toEqual([]);
});

test('registers that cannot be written or read are told, and the others are restored', async () => {
  const registers = new PlainRegisters();
  const saved = await SavedRegisters.save(registers, 0);
  registers.bytes.fill(0xff, 0x10, 0x28);
  const [read, write] = [registers.read.bind(registers), registers.write.bind(registers)];
  registers.write = (offset, width, value) =>
    offset === 0x10 ? Promise.reject(new Error('refused')) : write(offset, width, value);
  registers.read = (offset, width) =>
    offset === 0x04 ? Promise.reject(new Error('gone')) : read(offset, width);
  expect((await saved.restore(registers)).map(({ text }) => text)).toEqual([
    'BAR 0 at 10 was 46474445 before, and reads ffffffff and cannot be written back: refused',
    'PCI_COMMAND at 04 was 5051 before, and cannot be read: gone',
  ]);
  expect(await registers.read(0x24, 4)).toBe(0x72737071);
});
