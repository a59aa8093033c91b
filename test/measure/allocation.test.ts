import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROBE = fileURLToPath(new URL('./allocation-probe.ts', import.meta.url));
/** What the heap statistics take for themselves; an object for each operation would be 3 MB and more. */
const SLACK_BYTES = 64 * 1024;

test('a timed window allocates nothing, whatever is timed in it', () => {
  const flags = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'];
  const printed = execFileSync(process.execPath, [...flags, PROBE], { encoding: 'utf8' });
  const { windows, allocatingBytes } = JSON.parse(printed) as {
    windows: { name: string; bytes: number }[];
    allocatingBytes: number;
  };
  expect(windows.length).toBeGreaterThan(20);
  expect(windows.filter(({ bytes }) => bytes > SLACK_BYTES)).toEqual([]);
  expect(allocatingBytes).toBeGreaterThan(10 * SLACK_BYTES);
});
