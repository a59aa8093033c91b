/** The vectors that come with the specification, where it lies beside the repository. */

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runConformance } from '../../src/conform/conform.ts';
import { readVectors } from '../../src/conform/vectors.ts';
import { ANSWERING } from '../implementations.ts';

const path = fileURLToPath(new URL('../../../shared/spec/vectors.json', import.meta.url));

// A checkout that stands alone has the built-in suite only.
describe.skipIf(!existsSync(path))(
  'the vectors of the specification (skipped where ../shared is missing)',
  () => {
    const vectors = existsSync(path) ? readVectors(path) : [];
    const report = runConformance({ implementations: ANSWERING, vectors });

    test('pass, every one', () => {
      expect(report.failures).toEqual([]);
      expect(report.skips).toEqual([]);
    });

    test('split as they should', () => {
      expect(vectors).toHaveLength(97);
      expect(report.implementations).toEqual({
        ...Object.fromEntries(ANSWERING.map((name) => [name, { passed: 73, failed: 0, skipped: 0 }])),
        shared: { passed: 48, failed: 0, skipped: 0 },
      });
    });
  },
);
