/** VERSION, the first message of a session: what both sides can do (specification 8.2). */
import { z } from 'zod';
import type { Malformed } from './codec.ts';
import { DEFAULT_MAX_DATA_XFER_SIZE } from './constants.ts';

const MAJOR = 0;
const MINOR = 0;
const FIXED_BYTES = 4;
const DEFAULT_MAX_DMA_MAPS = 65_535;
const PAGE_BYTES = 4096;

const wholeNumber = z.number().int().min(0);
/** What others put there is theirs. */
const proposalSchema = z.looseObject({
  capabilities: z
    .looseObject({
      max_data_xfer_size: wholeNumber.min(1).optional(),
      max_dma_maps: wholeNumber.optional(),
      max_msg_fds: wholeNumber.optional(),
      write_multiple: z.boolean().optional(),
    })
    .optional(),
});

/** What a session goes by, of what both sides have said. */
export interface Negotiated {
  readonly maxDataXferBytes: number;
  readonly maxDmaMaps: number;
  readonly writeMultiple: boolean;
}

export const BEFORE_VERSION: Negotiated = {
  maxDataXferBytes: DEFAULT_MAX_DATA_XFER_SIZE,
  maxDmaMaps: DEFAULT_MAX_DMA_MAPS,
  writeMultiple: false,
};

/** @param payload of a VERSION: major u16, minor u16, and JSON that ends in a NUL, or none */
export function negotiate(payload: Uint8Array): { terms: Negotiated; reply: Uint8Array } | Malformed {
  if (payload.length < FIXED_BYTES) {
    return { error: `VERSION of ${payload.length} bytes was given; expected ${FIXED_BYTES} or more` };
  }
  const major = payload[0]! | (payload[1]! << 8);
  if (major !== MAJOR) return { error: `version ${major} was given; expected ${MAJOR}` };
  const parsed = capabilitiesIn(payload.subarray(FIXED_BYTES));
  if ('error' in parsed) return parsed;
  const { proposal } = parsed;
  const terms: Negotiated = {
    maxDataXferBytes: Math.min(proposal.max_data_xfer_size ?? Infinity, DEFAULT_MAX_DATA_XFER_SIZE),
    maxDmaMaps: Math.min(proposal.max_dma_maps ?? Infinity, DEFAULT_MAX_DMA_MAPS),
    writeMultiple: proposal.write_multiple ?? false,
  };
  return { terms, reply: replyOf(terms, proposal.max_msg_fds ?? 1) };
}

type Capabilities = NonNullable<z.infer<typeof proposalSchema>['capabilities']>;

function capabilitiesIn(json: Uint8Array): { readonly proposal: Capabilities } | Malformed {
  if (json.length === 0) return { proposal: {} };
  if (json.at(-1) !== 0) return { error: 'capabilities without a NUL at their end were given' };
  const text = Buffer.from(json.buffer, json.byteOffset, json.length - 1).toString('utf8');
  try {
    return { proposal: proposalSchema.parse(JSON.parse(text)).capabilities ?? {} };
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues[0]!.message : (error as Error).message;
    return { error: `capabilities were given that are none: ${why}` };
  }
}

/** Nothing of ours is more than what was proposed. */
function replyOf({ maxDataXferBytes, maxDmaMaps, writeMultiple }: Negotiated, maxMsgFds: number): Uint8Array {
  const capabilities = {
    max_msg_fds: maxMsgFds,
    max_data_xfer_size: maxDataXferBytes,
    max_dma_maps: maxDmaMaps,
    pgsizes: PAGE_BYTES,
    ...(writeMultiple ? { write_multiple: true } : {}),
  };
  const json = Buffer.from(`${JSON.stringify({ capabilities })}\0`);
  const reply = new Uint8Array(FIXED_BYTES + json.length);
  reply.set([MAJOR & 0xff, MAJOR >> 8, MINOR & 0xff, MINOR >> 8]);
  reply.set(json, FIXED_BYTES);
  return reply;
}
