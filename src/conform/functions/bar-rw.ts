import { z } from 'zod';
import { Device } from '../../device/device.ts';
import { deviceSpec } from '../../device/device-spec.ts';
import { MAX_REGION_BYTES } from '../../device/region-spec.ts';
import { LinearMemory } from '../../memory/linear-memory.ts';
import type { Bar, PciFunction } from '../../pci/function.ts';
import type { Implementation } from '../../types.ts';
import { integer, parseWith } from '../vectors.ts';
import { errnoName, type KnownFunction, number } from './known-function.ts';

/** Kinds of region by name. `none`, or a length of 0: it is not implemented. */
const BARS = ['memory', 'io', 'rom', 'none'] as const;
const OPS = ['read', 'write'] as const;

const flag = z.union([z.boolean(), integer.transform((value) => value !== 0n)]);
const ARGS = z.tuple([
  z.object({
    command_mem: flag.default(true),
    bar: z.enum(BARS).default('memory'),
    bar_len: number.pipe(z.int().max(Number(MAX_REGION_BYTES))).optional(),
    offset: number.default(0),
    op: z.enum(OPS).default('read'),
    count: number.pipe(z.int().max(2 ** 24)),
  }),
]);
type Access = z.infer<typeof ARGS>[0];

const DEFAULT_BYTES = { memory: 0x1000, io: 0x100, rom: 0x800, none: 0 } as const;
const PCI_COMMAND = 0x04;
const PCI_COMMAND_MEMORY = 2;
const ROM_REGION = 6;
const PAGE_BYTES = 2 ** 16;
const PAGE_MAP_ENTRY_BYTES = 4;

/** `bar_rw({command_mem, bar, bar_len, offset, op, count})`: an access to a physical region (specification 2.9, 3). */
export const barRw: KnownFunction = {
  inCore: true,
  whySkipped: ({ args: [access] }) =>
    whyNameSkipped(access, 'bar', BARS) ?? whyNameSkipped(access, 'op', OPS) ?? whyFieldSkipped(access),
  compute: ({ args }, implementation, name) => {
    const [access] = parseWith(ARGS, args, name);
    const { bar, offset, op, count } = access;
    const { model, memory } = deviceOf(access, implementation);
    const buffer = memory.allocate(count + 8).address;
    const regionIndex = bar === 'rom' ? ROM_REGION : 0;
    const done =
      op === 'read'
        ? model.regionRead(regionIndex, offset, count, buffer)
        : model.regionWrite(regionIndex, offset, count, buffer);
    return done < 0 ? errnoName(done) : done;
  },
};

/** A device with that one region, which has a page of memory to write to wherever the access lies. */
function deviceOf(access: Access, implementation: Implementation): Device {
  const { bar, command_mem, count } = access;
  const lengthBytes = access.bar_len ?? DEFAULT_BYTES[bar];
  const known = { address: 0n, sizeBytes: BigInt(lengthBytes), sizeSource: 'profile' } as const;
  const kind = bar === 'io' ? 'io' : 'mem32';
  const physical: Bar = { barIdx: 0, kind, prefetchable: false, ...known };
  const configBytes = new Uint8Array(256);
  configBytes[PCI_COMMAND] = command_mem ? PCI_COMMAND_MEMORY : 0;
  const source: PciFunction = {
    slot: null,
    configBytes,
    bars: lengthBytes > 0 && (bar === 'memory' || bar === 'io') ? [physical] : [],
    rom: bar === 'rom' ? { ...known, enabled: false } : null,
    origin: 'a function vector',
  };
  const spec = deviceSpec(source, { name: source.origin, policy: 'core' });
  const frameBytes = Math.ceil(count / PAGE_BYTES + 1) * PAGE_BYTES;
  const pageMapBytes = Math.ceil(lengthBytes / PAGE_BYTES) * PAGE_MAP_ENTRY_BYTES;
  const memory = new LinearMemory(2 * frameBytes + pageMapBytes + 6 * PAGE_BYTES);
  return new Device(spec, implementation, memory, frameBytes);
}

/** A name that is not known says that the vector is about something else. */
function whyNameSkipped(access: unknown, field: 'bar' | 'op', known: readonly string[]): string | null {
  const name = (access as Record<string, unknown> | null | undefined)?.[field];
  return typeof name === 'string' && !known.includes(name)
    ? `bar_rw with ${field} ${name} is not built`
    : null;
}

const FIELDS = Object.keys(ARGS.def.items[0].shape);

function whyFieldSkipped(access: unknown): string | null {
  const field = Object.keys(access ?? {}).find((name) => !FIELDS.includes(name));
  return field === undefined ? null : `bar_rw with field ${field} is not built`;
}
