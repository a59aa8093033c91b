import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { coherenceSweep } from '../../src/cli/coherence-sweep.ts';
import { temporaryFolder } from '../e2e/barometer.ts';

const FLAGS = { profile: 'gh200-120gb', quiet: true };

let printed: string;
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

test('a sweep says where its drawing is, for people alone', async () => {
  using folder = temporaryFolder();
  const svg = join(folder.path, 'sweep.svg');
  const swept = ['link-propagation', ['chase.grace.l1'], { ...FLAGS, values: '100ns', svg }] as const;
  await coherenceSweep(...swept);
  expect(printed.endsWith(`measured.\nsaved     ${svg}\n`)).toBe(true);
  expect(existsSync(svg)).toBe(true);
  printed = '';
  await coherenceSweep(swept[0], swept[1], { ...swept[2], csv: true });
  expect(printed).toMatch(/^evidence,/);
  expect(printed).not.toContain('saved');
});
