import { z } from 'zod';
import { Device } from '../../device/device.ts';
import { type DeviceSpec, deviceSpec } from '../../device/device-spec.ts';
import { RESMEM_REGION, type RegionRules, USEMEM_REGION } from '../../device/region-spec.ts';
import { LinearMemory } from '../../memory/linear-memory.ts';
import type { PciFunction } from '../../pci/function.ts';
import { integer, parseWith } from '../vectors.ts';
import { errnoName, type KnownFunction, number } from './known-function.ts';

const PCI_COMMAND = 0x04;
const PCI_COMMAND_MEMORY = 2;
const READY = 0xff;

/** Small regions with a part that has no memory behind it. */
const MEMLENGTH_BYTES = 0x3000;
const BAR_BYTES = 0x4000;
const ACCESS_BYTES = 4;

/** Direction, memory (usemem unless given), and whether the access lies behind the real bytes. */
const OP =
  /^region-(read|write)(?: (usemem|resmem))?(?:[ ,(]+(?:offset *)?(?:(beyond|past|above|at|>=)|below|<) *memlength\)?)?$/;

const flag = z.union([z.boolean(), integer.transform((value) => value !== 0n)]);
const ARGS = z.tuple([
  z.object({
    reset_done: flag.default(true),
    command_mem: flag,
    c2c: number.default(READY),
    hbm: number.default(READY),
    op: z.string().regex(OP),
  }),
]);
type FirstAccess = z.infer<typeof ARGS>[0];

const FIELDS = Object.keys(ARGS.def.items[0].shape);

/**
 * `first_access_after_reset({command_mem, c2c, hbm, op})`: "ok" or the errno (specification 1.10). `reset_done` 0:
 * nothing is to be checked.
 */
export const firstAccessAfterReset: KnownFunction = {
  inCore: true,
  whySkipped: ({ args: [access] }) => {
    const op = (access as { op?: unknown } | null | undefined)?.op;
    if (typeof op === 'string' && !OP.test(op)) return `first access "${op}" is not built`;
    const field = Object.keys(access ?? {}).find((name) => !FIELDS.includes(name));
    return field === undefined ? null : `first access with field ${field} is not built`;
  },
  compute: ({ args }, implementation, name) => {
    const [access] = parseWith(ARGS, args, name);
    const [, direction, memory, beyond] = OP.exec(access.op)!;
    const device = new Device(specOf(access), implementation, new LinearMemory(2 ** 18), 0);
    const { model } = device;
    if (access.reset_done) model.reset('ioctl');
    const regionIndex = memory === 'resmem' ? RESMEM_REGION : USEMEM_REGION;
    const offset = beyond === undefined ? 0 : MEMLENGTH_BYTES;
    const buffer = device.memory.allocate(ACCESS_BYTES).address;
    const done =
      direction === 'read'
        ? model.regionRead(regionIndex, offset, ACCESS_BYTES, buffer)
        : model.regionWrite(regionIndex, offset, ACCESS_BYTES, buffer);
    return done < 0 ? errnoName(done) : 'ok';
  },
};

/** A device of the current driver, with both GPU memories. */
function specOf({ command_mem, c2c, hbm }: FirstAccess): DeviceSpec {
  const configBytes = new Uint8Array(256);
  configBytes[PCI_COMMAND] = command_mem ? PCI_COMMAND_MEMORY : 0;
  const source: PciFunction = { slot: null, configBytes, bars: [], rom: null, origin: 'a function vector' };
  const region = (regionIndex: number, rules: RegionRules) => ({
    regionIndex,
    rules,
    barSizeBytes: BigInt(BAR_BYTES),
    memlengthBytes: BigInt(MEMLENGTH_BYTES),
    backing: 'flat' as const,
    pageShift: 12,
  });
  const readiness = { c2cStatus: c2c, hbmTraining: hbm };
  const gpuMemory = { sizeBytes: 96n << 30n, migHardwareBug: true };
  const spec = deviceSpec(source, { name: source.origin, policy: 'nvgrace', gpuMemory, readiness });
  return { ...spec, regions: [region(RESMEM_REGION, 'uncached'), region(USEMEM_REGION, 'memory')] };
}
