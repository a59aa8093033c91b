import { expect, test } from 'vitest';
import { z } from 'zod';
import { toSpeedscope } from '../../src/profile/speedscope.ts';
import { STACKS } from './made-stacks.ts';

/** The types of speedscope's `file-format-spec.ts`, as far as a sampled profile goes. */
const FILE = z.strictObject({
  $schema: z.literal('https://www.speedscope.app/file-format-schema.json'),
  shared: z.strictObject({
    frames: z.array(
      z.strictObject({
        name: z.string(),
        file: z.string().optional(),
        line: z.number().optional(),
        col: z.number().optional(),
      }),
    ),
  }),
  profiles: z.array(
    z.strictObject({
      type: z.literal('sampled'),
      name: z.string(),
      unit: z.enum(['none', 'nanoseconds', 'microseconds', 'milliseconds', 'seconds', 'bytes']),
      startValue: z.number(),
      endValue: z.number(),
      samples: z.array(z.array(z.number())),
      weights: z.array(z.number()),
    }),
  ),
  name: z.string().optional(),
  activeProfileIndex: z.number().optional(),
  exporter: z.string().optional(),
});

test('is a sampled profile of the format', () => {
  const file = FILE.parse(
    JSON.parse(JSON.stringify(toSpeedscope(STACKS, 'config-read/batch', 'barometer 0.1.0'))),
  );
  const [profile] = file.profiles;
  expect(profile!.samples).toEqual(STACKS.samples);
  expect(profile!.samples).toHaveLength(profile!.weights.length);
  expect(profile!.endValue - profile!.startValue).toBe(10_000);
  const indexes = profile!.samples.flat();
  expect(indexes.every((idx) => Number.isInteger(idx) && file.shared.frames[idx] !== undefined)).toBe(true);
  expect(file.shared.frames[2]).toEqual({ name: 'fast', file: 'assembly/access-batch.ts' });
  expect(file.shared.frames[3]).toEqual({ name: '(garbage collector)' });
});
