/** `barometer/size/1`, what `barometer size --json` prints: what sizers conclude about the BARs of a device, policy by policy. */
import { z } from 'zod';
import { schemaFault, UsageError } from '../errors.ts';

export const SIZING_SCHEMA = 'barometer/size/1';

/** Index by which the expansion ROM goes among the BARs. */
const ROM_BAR_IDX = 6;

const name = z.string().min(1);
const barIdx = z.int().min(0).max(ROM_BAR_IDX);
const barSchema = z.object({
  barIdx,
  kind: z.enum(['io', 'mem32', 'mem64', 'rom']),
  prefetchable: z.boolean(),
  sizeBytes: z.string().regex(/^\d{1,40}$/, 'expected decimal digits'),
});

const conclusionSchema = z.object({
  sizer: name,
  /** False where the sizer does not size functions of this header type. */
  applies: z.boolean(),
  /** Why one that would apply was not run. */
  notRun: z.string().optional(),
  bars: z.array(barSchema),
  unsized: z.array(z.object({ barIdx, why: z.string() })),
  /** Why it gives the device up. */
  failure: z.string().nullable(),
  accesses: z.int().nonnegative(),
  wrong: z.array(z.object({ barIdx, what: z.string(), consequence: z.string() })),
});

const policySchema = z.object({
  policy: name,
  /** What the device presents. */
  expected: z.array(barSchema.extend({ behind: z.string() })),
  sizers: z.array(conclusionSchema),
});

const sizingSchema = z.object({
  schema: z.literal(SIZING_SCHEMA),
  device: name,
  policies: z.array(policySchema).min(1),
});

export type SizingDocument = z.infer<typeof sizingSchema>;
export type SizedPolicy = z.infer<typeof policySchema>;
export type Conclusion = z.infer<typeof conclusionSchema>;
export type ConcludedBar = z.infer<typeof barSchema>;
export type WrongConclusion = Conclusion['wrong'][number];

/** @throws UsageError that says where it is not as it should be */
export function parseSizing(value: unknown, source: string): SizingDocument {
  const result = sizingSchema.safeParse(value);
  if (result.success) return result.data;
  throw new UsageError(
    `${source}: not a valid ${SIZING_SCHEMA} document: ${schemaFault(result.error, 'the document')}. ` +
      'The file was edited or damaged; `barometer size DEVICE --json` prints it again',
  );
}

/** `ROM`, or the index. */
export function barName(index: number): string {
  return index === ROM_BAR_IDX ? 'ROM' : String(index);
}
