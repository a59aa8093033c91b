/** `barometer/history-series/1`, what `barometer history show --json` prints: series of runs, and where they changed. */
import { z } from 'zod';
import { schemaFault, UsageError } from '../errors.ts';
import { entrySchema } from './history.ts';

export const HISTORY_SERIES_SCHEMA = 'barometer/history-series/1';

const { workload, params, implementation, runtime, evidence, conditions, createdAt } = entrySchema.shape;
const count = z.int().positive();
const positive = z.number().positive();

const changeSchema = z.object({
  index: count.describe('Of the first point of the new level.'),
  createdAt,
  ratio: positive.describe('Level from there on over the level before: above 1 is slower.'),
});

const seriesSchema = z
  .object({
    workload,
    params,
    implementation,
    runtime: runtime.describe('Without its lesser version numbers, which change too often to start anew.'),
    evidence,
    conditions,
    points: z.array(z.object(entrySchema.shape)).min(1).describe('By the time of measuring.'),
    changes: z.array(changeSchema),
    window: z
      .object({ since: createdAt, runCount: count, nsPerOp: positive })
      .describe('Points since the last change, which are of one level.'),
  })
  .refine(beginAtPoints, {
    path: ['changes'],
    message: 'expected indexes of points, each after the one before',
  });

function beginAtPoints({
  points,
  changes,
}: {
  points: readonly unknown[];
  changes: readonly { index: number }[];
}) {
  return changes.every(({ index }, i) => index > (changes[i - 1]?.index ?? 0) && index < points.length);
}

const historySchema = z.object({
  schema: z.literal(HISTORY_SERIES_SCHEMA),
  file: z.string(),
  series: z.array(seriesSchema),
});

export type HistoryDocument = z.infer<typeof historySchema>;
export type HistorySeries = z.infer<typeof seriesSchema>;
export type HistoryChange = z.infer<typeof changeSchema>;

/** @throws UsageError that says where it is not as it should be */
export function parseHistoryDocument(value: unknown, source: string): HistoryDocument {
  const result = historySchema.safeParse(value);
  if (result.success) return result.data;
  throw new UsageError(
    `${source}: not a valid ${HISTORY_SERIES_SCHEMA} document: ${schemaFault(result.error, 'the document')}. ` +
      'The file was edited or damaged; `barometer history show --json` prints it again',
  );
}
