/** Rows of a device that somebody serves. */
import { expect, test } from 'vitest';
import { summarize } from '../../src/report/summary.ts';
import { renderSummary } from '../../src/report/table.ts';
import { samplesDocument, series } from '../results/document.ts';

test('are told apart by how many are in flight, have no tier to be starred for, and no policy', () => {
  const row = (params: Record<string, number>, payloadBytesPerOp: number | null, workload: string) =>
    series({ workload, params, payloadBytesPerOp, implementation: 'served', tier: 'mixed' });
  const samples = samplesDocument({
    settings: { seed: 1, device: 'vfio-user:/s', policy: null, suite: null, budgetMs: 1000 },
    series: [
      row({ widthBytes: 4, inFlight: 1 }, null, 'served/config-read'),
      row({ widthBytes: 4, inFlight: 64 }, null, 'served/config-read'),
      row({ sizeBytes: 4096, inFlight: 64 }, 4096, 'served/region-read'),
    ],
    unavailable: [],
  });
  const text = renderSummary(summarize(samples), { width: 100, color: false });
  expect(text).toContain('config-read 4 B ');
  expect(text).toContain('config-read 4 B, 64 in flight ');
  expect(text).toContain('region-read 4 KiB, 64 in flight ');
  expect(text).not.toContain('*');
  expect(text).toMatch(/^run +vfio-user:\/s, seed 1/m);
});
