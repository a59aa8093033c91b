/** `barometer/profile/1`, what `barometer profile --json` prints: where the time of one arm went, by V8's own profiler. */
import { z } from 'zod';
import { schemaFault, UsageError } from '../errors.ts';

export const PROFILE_SCHEMA = 'barometer/profile/1';

/** What the time of a frame counts as. */
export const PROFILE_SHARES = ['boundary', 'decode', 'copy', 'native', 'harness', 'gc', 'other'] as const;
export type ProfileShare = (typeof PROFILE_SHARES)[number];

/** What each share is, for readers. */
export const SHARE_NOTES: Readonly<Record<ProfileShare, string>> = {
  boundary: 'calls from JavaScript into WebAssembly',
  decode: 'the device: finding what an access means, and doing it',
  copy: 'bytes of regions on their way',
  native: 'C code and the Node-API calls into it, which a JavaScript profiler cannot tell apart',
  harness: 'the timed loop and what is around it',
  gc: 'garbage collection',
  other: 'V8 and Node',
};

/** Parts of a cost stack that a profile can have, in its order; bounds checks are in `decode`, where they are compiled. */
export const PROFILE_PARTS = ['harness', 'boundary', 'copy', 'decode'] as const;
export type ProfilePart = (typeof PROFILE_PARTS)[number];

const name = z.string().max(1000);
const count = z.int().nonnegative();
const ratio = z.number().min(0).max(1);
const estimated = z.object({ share: z.number(), low: z.number(), high: z.number() });
const share = z.enum(PROFILE_SHARES);
const tier = z.string().min(1);

/** What a profile says of a part of the cost stack: `cannot tell` where nearly any share of it would have agreed. */
const PART_VERDICTS = ['agrees', 'differs', 'cannot tell'] as const;
export type PartVerdict = (typeof PART_VERDICTS)[number];

/** Stacks of arms have some ten frames. What draws them goes down frame by frame, and a damaged file is not to end that. */
const MAX_DEPTH = 512;

const partSchema = z.object({
  part: z.enum(PROFILE_PARTS),
  /** Of time inside the timed window: of frames that can be nothing else, and with those that may be this part. */
  least: ratio,
  most: ratio,
  /** Between which the true share lies, by the number of samples. */
  low: ratio,
  high: ratio,
  /** The same part of the cost stack that was measured in the same process; null where none was, or not apart. */
  stack: estimated.nullable(),
  /** Whether the two intervals meet; null where there is no second one. */
  agrees: z.boolean().nullable(),
  /** As `partVerdict` has it, which readers ask: documents of earlier versions do not have it. */
  verdict: z.enum(PART_VERDICTS).nullable().optional(),
});

const functionSchema = z.object({
  name,
  file: name,
  share,
  /** Of all time that was seen, spent in itself. */
  selfShare: ratio,
  /** Of its own code, the last that V8 made; null where V8 made none. Put into its caller, it runs in that one's. */
  tier: tier.nullable(),
  codeBytes: count.nullable(),
  deoptimisations: z.array(z.object({ reason: name, count })),
});

const profileSchema = z
  .object({
    schema: z.literal(PROFILE_SCHEMA),
    fingerprint: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
    settings: z.looseObject({ seed: count, durationMs: z.number(), intervalUs: z.number() }),
    workload: name,
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    /** Variants of this name that `--filter` leaves, of which the first was profiled. */
    variants: count,
    implementation: name,
    evidence: z.literal('measured'),
    interrupted: z.boolean(),
    build: name,
    /** Of the code that the passes run in. */
    tier,
    /** Whether functions that V8 has put into their callers are told apart from these; in JavaScript, that is. */
    seesInlined: z.boolean(),
    nsPerOp: z.object({
      unprofiled: z.number().positive(),
      profiled: z.number().positive(),
      /** In the rounds of the cost stack. */
      stack: z.number().positive().nullable(),
    }),
    samples: count,
    /** From the first sample of a pass to the last; before and after it there is only the profiler. */
    profiledMs: z.number().nonnegative(),
    /** Of that, in gaps between samples: what went on nobody has seen. */
    unseenMs: z.number().nonnegative(),
    outsideMs: z.number(),
    /** Of all time that was seen, together 1. */
    shares: z.record(share, estimated),
    parts: z.array(partSchema),
    /** In the order of their own time. Their shares of it add up to 1. */
    functions: z.array(functionSchema),
    frames: z.array(z.object({ name, file: name, share })),
    /** Equal stacks together: indexes of frames, the outermost first, and how long they were seen. */
    stacks: z.array(z.object({ frames: z.array(count).min(1).max(MAX_DEPTH), us: z.number().nonnegative() })),
  })
  .refine(({ frames, stacks }) => stacks.every((one) => one.frames.every((idx) => idx < frames.length)), {
    error: 'expected indexes of frames',
    path: ['stacks'],
  });

export type ProfileDocument = z.infer<typeof profileSchema>;
export type ProfiledPart = z.infer<typeof partSchema>;
export type ProfiledFunction = z.infer<typeof functionSchema>;
/** What a flame graph is drawn of. */
export type FoldedStacks = Pick<ProfileDocument, 'frames' | 'stacks'>;

/**
 * Intervals that accept more than this test nothing: what meets one of them need not be near. Bounds of copies are 5 to 25
 * points apart, those of single register accesses 50 and more.
 */
export const MAX_SPAN = 0.25;

/** Whether a share is known well enough that another one, which meets its interval, is near it. */
export function isNarrow({ low, high }: { readonly low: number; readonly high: number }): boolean {
  return high - low <= MAX_SPAN;
}

/** Intervals that lie apart differ, however wide they are; null where there is no cost stack. */
export function partVerdict(
  part: Pick<ProfiledPart, 'low' | 'high' | 'stack' | 'agrees'>,
): PartVerdict | null {
  if (part.stack === null || part.agrees === null) return null;
  if (!part.agrees) return 'differs';
  return isNarrow(part) && isNarrow(part.stack) ? 'agrees' : 'cannot tell';
}

/** @throws UsageError that says where it is not as it should be */
export function parseProfile(value: unknown, source: string): ProfileDocument {
  const result = profileSchema.safeParse(value);
  if (result.success) return result.data;
  throw new UsageError(
    `${source}: not a valid ${PROFILE_SCHEMA} document: ${schemaFault(result.error, 'the document')}. ` +
      'The file was edited or damaged; `barometer profile WORKLOAD --json` makes one',
  );
}
