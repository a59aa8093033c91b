import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SamplesDocument } from '../../src/results/samples.ts';
import { loadSamples } from '../../src/results/store.ts';
import { finish, start, temporaryFolder } from './barometer.ts';

const forksIn = ({ series }: SamplesDocument) => new Set(series.map(({ fork }) => fork)).size;

/** `npm run selftest -- kill` does the same at random moments. */
test.each([1, 2, 4])(
  'a run killed when %i forks are saved leaves a whole file with all of them',
  async (saved) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'a.json');
    const child = start(['run', '--suite', 'smoke', '--budget', '1ms', '--out', path]);
    let seen = 0;
    const watcher = watch(folder.path, () => {
      // Whole at any moment, or this throws.
      if (existsSync(path)) seen = forksIn(loadSamples(path));
      if (seen >= saved) child.kill('SIGKILL');
    });
    const { exitCode } = await finish(child);
    watcher.close();
    expect(exitCode).toBeNull();
    expect(seen).toBeGreaterThanOrEqual(saved);
    expect(forksIn(loadSamples(path))).toBeGreaterThanOrEqual(seen);
  },
);
