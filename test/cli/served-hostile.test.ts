/** Servers whose answers are wrong in any field: commands end with a report, or with an error in words. */
import { describe, expect, test } from 'vitest';
import { conformServed } from '../../src/cli/conform-served.ts';
import { sizeServed } from '../../src/cli/size-served.ts';
import { BarometerError } from '../../src/errors.ts';
import { Random } from '../../src/random.ts';
import { servedProfile } from '../vfio-user/rig.ts';
import { type PlantReply, serve } from '../vfio-user/serving.ts';

const HEADER_BYTES = 16;
const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);

/** Payloads in which now and then some bytes are others. */
function garbling(random: Random): PlantReply {
  const oneIn = 2 ** random.below(9);
  return (reply) => {
    if (reply.length === HEADER_BYTES || random.below(oneIn) !== 0) return;
    // Extremes find more than what is drawn evenly.
    const byte = [0x00, 0xff, 0x80, 0x01, random.below(256)][random.below(5)]!;
    const at = HEADER_BYTES + random.below(reply.length - HEADER_BYTES);
    reply.fill(byte, at, Math.min(reply.length, at + 2 ** random.below(4)));
  };
}

const out = { stdout: { write: () => true } };

describe.each([
  ['conform', (device: string) => conformServed(device, { allowWrites: true }, out)],
  ['size', (device: string) => sizeServed(device, { allowWrites: true }, out)],
])('%s', (_, command) => {
  test('of sixty servers that garble what they say, each is reported or refused', async () => {
    const write = process.stderr.write;
    process.stderr.write = () => true;
    try {
      for (const seed of SEEDS) {
        const random = new Random(seed);
        await using serving = await serve(
          () => servedProfile('generic-type0', 'strict'),
          undefined,
          garbling(random),
        );
        const end = await command(serving.device).catch((error: unknown) => error);
        if (typeof end === 'number') expect([0, 5]).toContain(end);
        else expect(end, `seed ${seed}: ${(end as Error).stack}`).toBeInstanceOf(BarometerError);
      }
    } finally {
      process.stderr.write = write;
    }
  });
});
