import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProgressLine } from '../../src/cli/progress.ts';
import type { Progress } from '../../src/run/run-workloads.ts';

const CLEAR_LINE = '\r\x1b[2K';
const state: Progress = {
  workload: 'config-read/batch',
  implementation: 'ts',
  phase: 'rounds',
  pass: 0,
  passCount: 12,
  leftMs: 1500,
};

/** A terminal, or a file, that remembers what was written. */
function terminal(changes: { isTTY?: boolean; columns?: number } = {}) {
  const stream = new PassThrough();
  const written: string[] = [];
  stream.on('data', (chunk) => written.push(String(chunk)));
  return { stream: Object.assign(stream, { isTTY: true, columns: 80, ...changes }) as never, written };
}

beforeEach(() => {
  vi.stubEnv('CI', '');
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

describe('ProgressLine', () => {
  test('says workload, implementation, phase and time left, in place of what it said before', () => {
    const { stream, written } = terminal();
    new ProgressLine(stream, false).update(state);
    expect(written.join('')).toBe(
      `${CLEAR_LINE}fork 1 of at most 12  config-read/batch  ts  rounds  2 s left`,
    );
  });

  test('is written ten times a second at most', () => {
    const { stream, written } = terminal();
    const line = new ProgressLine(stream, false);
    for (let ms = 0; ms < 1000; ms++) {
      line.update(state);
      vi.advanceTimersByTime(1);
    }
    expect(written.length).toBeLessThanOrEqual(10);
    expect(written.length).toBeGreaterThan(5);
  });

  test('never wraps: it is cut below the width of the terminal', () => {
    const { stream, written } = terminal({ columns: 20 });
    new ProgressLine(stream, false).update(state);
    expect(written.join('').replace(CLEAR_LINE, '')).toHaveLength(19);
  });

  test('is cleared once', () => {
    const { stream, written } = terminal();
    const line = new ProgressLine(stream, false);
    line.clear();
    expect(written).toEqual([]);
    line.update(state);
    line.clear();
    line.clear();
    expect(written.slice(1)).toEqual([CLEAR_LINE]);
  });

  test.each([
    ['into a file', { isTTY: false }, false, ''],
    ['when quiet', {}, true, ''],
    ['in CI', {}, false, 'true'],
  ])('is silent %s', (_, changes, quiet, ci) => {
    vi.stubEnv('CI', ci);
    const { stream, written } = terminal(changes);
    const line = new ProgressLine(stream, quiet);
    line.update(state);
    line.clear();
    expect(written).toEqual([]);
  });
});
