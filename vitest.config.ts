import { defineConfig, type Plugin } from 'vitest/config';
import { ownedUrl } from './src/measure/own-source.ts';

/** Vitest loads modules itself, past the hooks of Node; this is the hook of src/measure/own-source.ts for it. */
const ownSource: Plugin = {
  name: 'own-source',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    if (!importer?.includes('?arm=')) return null;
    const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
    return resolved && { ...resolved, id: ownedUrl(resolved.id, importer) };
  },
};

/** Tests that measure, keep time, or have processes and threads of their own: each has the machine for itself. */
const ALONE = [
  'test/agent/**',
  'test/gate/**',
  'test/library/**',
  'test/measure/**',
  'test/profile/**',
  'test/run/**',
  'test/doctor/**',
  ...[
    'agents',
    'agents-planted',
    'calibrate',
    'guest',
    'kill',
    'litmus',
    'profile',
    'qtest',
    'run',
    'selftest',
    'serve',
    'served',
    'shards',
  ].map((name) => `test/e2e/${name}.test.ts`),
];
const TESTS = 'test/**/*.test.ts';

export default defineConfig({
  plugins: [ownSource],
  test: {
    testTimeout: 60_000,
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: [TESTS],
          exclude: ALONE,
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE.map(testsIn), maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});

function testsIn(place: string): string {
  return place.replace(/\*\*$/, '**/*.test.ts');
}
