/** Run by the build, as a script: `dist/API.md`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiPage, extractApi } from './api.ts';

const folder = mkdtempSync(join(tmpdir(), 'barometer-api-'));
try {
  const api = extractApi(folder);
  if (api.faults.length > 0) throw new Error(api.faults.join('\n'));
  const page = apiPage(api);
  writeFileSync(fileURLToPath(new URL('../../API.md', import.meta.url)), page);
} finally {
  rmSync(folder, { recursive: true });
}
