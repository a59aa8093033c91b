import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROBE = fileURLToPath(new URL('./allocation-probe.ts', import.meta.url));

test('a million records allocate nothing', () => {
  const flags = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256'];
  const printed = execFileSync(process.execPath, [...flags, PROBE], { encoding: 'utf8' });
  const { recordBytes, allocatingBytes, count, overflowCount } = JSON.parse(printed) as Record<
    string,
    number
  >;
  expect(count).toBe(12e6);
  expect(overflowCount).toBeGreaterThan(100_000);
  // The heap statistics themselves take a few kilobytes; an object for each record would take 16 MB.
  expect(recordBytes).toBeLessThan(64 * 1024);
  expect(allocatingBytes).toBeGreaterThan(8e6);
});
