import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layoutHeader } from './layout-header.ts';

// From dist/src/device/native/ the sources lie in src/ four folders up; from src/device/native/ they are here.
const CANDIDATES = ['../../../../src/device/native/', './'];

const UNIT = 'unit.c';

/** What is compiled: a folder of C sources, their own and Node's headers. */
export interface Sources {
  readonly folder: string;
  /** Path of the translation unit, which includes all other files. */
  readonly unit: string;
  readonly napiFolder: string;
  readonly layoutHeader: string;
  /** SHA-256 over names and contents of everything that is compiled. */
  readonly digest: string;
}

/** The C sources of this checkout or package; null where they, or Node's headers, are missing. */
export function findSources(): Sources | null {
  const folders = CANDIDATES.map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const folder = folders.find((path) => existsSync(join(path, UNIT)));
  const napiFolder = findNapiHeaders();
  return folder !== undefined && napiFolder !== null ? sourcesIn(folder, napiFolder, layoutHeader()) : null;
}

export function sourcesIn(folder: string, napiFolder: string, layout: string): Sources {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.[ch]$/.test(name),
  );
  const hash = createHash('sha256').update(layout);
  for (const name of files.sort()) hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)));
  for (const name of readdirSync(napiFolder).sort())
    hash.update(`\0${name}\0`).update(readFileSync(join(napiFolder, name)));
  return { folder, unit: join(folder, UNIT), napiFolder, layoutHeader: layout, digest: hash.digest('hex') };
}

function findNapiHeaders(): string | null {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('node-api-headers')), 'include');
  } catch {
    return null; // the package is not installed
  }
}
