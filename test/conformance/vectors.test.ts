/** The vectors that come with the specification, where it lies beside the repository. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../src/conform/conform.ts';
import { readVectors } from '../../src/conform/vectors.ts';

const path = fileURLToPath(new URL('../../../shared/spec/vectors.json', import.meta.url));

/** Vectors that are not built yet, by reason; each is a promise to keep. */
const SKIPPED = {
  'uncached access planning is not built yet': 7,
  'VFIO region info is not built yet': 3,
  'mmap of regions is not built yet': 3,
  'access to physical BARs is not built yet': 3,
  'device readiness is not built yet': 2,
};

// A checkout that stands alone has the built-in suite only.
describe.skipIf(!existsSync(path))(
  'the vectors of the specification (skipped where ../shared is missing)',
  () => {
    const vectors = existsSync(path) ? readVectors(path) : [];
    const report = runConformance({ implementations: ['wasm', 'ts'], vectors });

    test('pass, or are not built yet', () => {
      expect(report.failures).toEqual([]);
    });

    test('are skipped for known reasons only, as many as are known', () => {
      const idsByReason = new Map<string, Set<string>>();
      for (const { id, reason } of report.skips)
        idsByReason.set(reason, (idsByReason.get(reason) ?? new Set()).add(id));
      expect(Object.fromEntries([...idsByReason].map(([reason, ids]) => [reason, ids.size]))).toEqual(
        SKIPPED,
      );
    });

    test('split as they should', () => {
      expect(vectors).toHaveLength(97);
      expect(report.implementations).toEqual({
        wasm: { passed: 61, failed: 0, skipped: 0 },
        ts: { passed: 61, failed: 0, skipped: 0 },
        shared: { passed: 30, failed: 0, skipped: 18 },
      });
    });
  },
);
