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

export default defineConfig({
  plugins: [ownSource],
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    reporters: ['default'],
  },
});
