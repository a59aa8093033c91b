import { describe, expect, test } from 'vitest';
import { Random } from '../../src/random.ts';
import { historySeries } from '../../src/report/history-series.ts';
import { renderHistory, renderSeries } from '../../src/report/history-text.ts';
import type { HistoryEntry } from '../../src/results/history.ts';
import { historyEntry } from '../results/history-entry.ts';

const day = (n: number) => `2026-11-${String(n).padStart(2, '0')}T10:00:00Z`;

/** Twenty days, the last ten a tenth slower. */
function days(changes: Partial<HistoryEntry> = {}, step = 1.1): HistoryEntry[] {
  const random = new Random(1).fork(JSON.stringify(changes));
  return Array.from({ length: 20 }, (_, i) => {
    const ns = (i < 10 ? 2 : 2 * step) * (1 + 0.01 * (random.float() - 0.5));
    return historyEntry({
      run: `r${i}`,
      createdAt: day(i + 1),
      build: `b${i}`,
      nsPerOp: { estimate: ns, low: ns, high: ns },
      ...changes,
    });
  });
}

describe('historySeries', () => {
  test('finds the change, and begins its window there', () => {
    const [series, ...others] = historySeries(days());
    expect(others).toEqual([]);
    expect(series!.changes).toMatchObject([{ index: 10, createdAt: day(11) }]);
    expect(series!.changes[0]!.ratio).toBeCloseTo(1.1, 1);
    expect(series!.window).toMatchObject({ since: day(11), runCount: 10 });
    expect(series!.window.nsPerOp).toBeCloseTo(2.2, 1);
  });

  test('orders points by when they were measured, not by when they were added', () => {
    const shuffled = new Random(2).shuffle(days());
    expect(historySeries(shuffled)).toEqual(historySeries(days()));
  });

  test('has no change where there was none', () => {
    const [series] = historySeries(days({}, 1));
    expect(series!.changes).toEqual([]);
    expect(series!.window).toMatchObject({ since: day(1), runCount: 20 });
  });

  test('keeps machines, devices, arms and lines of Node apart, and builds together', () => {
    const list = [
      ...days(),
      ...days({ conditions: { cpuModel: 'Other CPU', policy: 'strict' } }),
      ...days({ conditions: { cpuModel: 'Example CPU', policy: 'core' } }),
      ...days({ implementation: 'ts' }),
      ...days({ runtime: 'node 24.1.0' }),
    ];
    expect(historySeries(list).map(({ points }) => points.length)).toEqual([20, 20, 20, 20, 20]);
    const patched = days().map((entry, i) => ({ ...entry, runtime: `node 26.${i}.0` }));
    expect(historySeries(patched)).toHaveLength(1);
  });
});

describe('text', () => {
  const series = historySeries([
    ...days(),
    ...days({ implementation: 'ts' }, 0.8),
    ...days({ workload: '\x1b[31mred', conditions: { cpuModel: 'Other\x07 CPU', coreCount: 2 } }),
  ]);
  const options = { color: false, width: 100 };

  test('is one line a series, under the machine and device that it is of', () => {
    const lines = renderHistory(series, options).split('\n');
    expect(lines[0]).toBe('Example CPU, strict');
    expect(lines[2]).toMatch(
      /^ {2}config-read\/batch 4 B, header +wasm +20 +2\.\d\d ns +2026-11-11 +1\.\d{3}× slower$/,
    );
    expect(lines[3]).toMatch(
      /^ {2}config-read\/batch 4 B, header +ts +20 +1\.\d\d ns +2026-11-11 +1\.\d{3}× faster$/,
    );
    expect(lines[5]).toBe('Other CPU, 2 cores');
    expect(lines.join('')).not.toContain('\x1b');
  });

  test('shows every run, and each change before the run that it begins with', () => {
    const lines = renderSeries(series.slice(0, 1), options).split('\n');
    expect(lines[1]).toBe('config-read/batch 4 B, header wasm, node 26');
    expect(lines).toHaveLength(24);
    const change = lines.findIndex((line) => line.includes('from here on'));
    expect(lines[change]).toMatch(/^ {2}-- 1\.\d{3}× slower from here on$/);
    expect(lines[change + 1]).toMatch(/^ {2}2026-11-11 10:00 +2\.\d\d ns +±0\.0% +8 forks +b10$/);
  });
});
