/**
 * The fields of a vector's `device` (specification section 9): their names and their form. A field that is not
 * known here may change what the device must answer, so it makes the vector skipped.
 */

import { z } from 'zod';
import { DRIVER_GENERATIONS, RESMEM_MODES } from '../types.ts';
import { integer } from './vectors.ts';

const u8 = bounded(8);
const u16 = bounded(16);
const barSize = integer.refine((size) => size >= 4n && (size & (size - 1n)) === 0n, {
  error: 'expected a power of two, 4 or more',
});
export const barType = z.enum(['io', 'mem32', 'mem32p', 'mem64', 'mem64p']);
const barList = z.record(
  z.string().regex(/^[0-5]$/, { error: 'expected a BAR index from 0 to 5' }),
  z.object({ type: barType, size: barSize, addr: integer.optional() }),
);

/** A BAR in words: `mem64p 16 KiB`, or `emulated I/O 32` for one that the policy adds to the hardware. */
export const BAR_TEXT = /^(emulated I\/O|io|mem32p?|mem64p?) (\d+)( KiB| MiB| GiB)?$/;
const barText = z.string().regex(BAR_TEXT, { error: 'expected a BAR in words, such as "mem64p 16 KiB"' });

/** All fields that are known. Those of the tiny geometry replace `mem_size` and `mig_bug`. */
export const FIELDS = {
  kind: z.string(),
  note: z.string(),
  vendor: u16,
  device: u16,
  command: u16,
  status: u16,
  revision: u8,
  class_code: bounded(24),
  subsystem: z.string().regex(/^0x[0-9a-f]{1,4}:0x[0-9a-f]{1,4}$/i, { error: 'expected "0xVVVV:0xDDDD"' }),
  interrupt_pin: u8,
  cfg_size: integer.refine((size) => size === 256n || size === 4096n, { error: 'expected 256 or 4096' }),
  capabilities: z.array(z.object({ id: u16, offset: integer, length: integer })),
  bars: barList,
  phys_bars: barList,
  bar0: barText,
  bar1: barText,
  bar2: barText,
  bar3: barText,
  bar4: barText,
  bar5: barText,
  rom: barSize,
  mem_base: integer,
  mem_size: integer,
  mig_bug: z.boolean(),
  generation: z.enum(DRIVER_GENERATIONS),
  resmem: z.enum(RESMEM_MODES),
  use_len: integer,
  use_bar: barSize,
  res_len: integer,
  res_bar: integer,
  initial: z.literal('all zero'),
};

export const DEVICE = z.object(FIELDS).partial();
export type Fields = z.infer<typeof DEVICE>;
export type BarList = z.infer<typeof barList>;

function bounded(bits: number) {
  return integer
    .refine((value) => value < 1n << BigInt(bits), { error: `expected at most ${bits} bits` })
    .transform(Number);
}
