import { existsSync, readFileSync } from 'node:fs';

// From dist/src/cli/ and from src/cli/.
const CANDIDATES = ['../../../package.json', '../../package.json'];

/** The version in package.json. */
export function version(): string {
  const url = CANDIDATES.map((path) => new URL(path, import.meta.url)).find((candidate) =>
    existsSync(candidate),
  );
  return url ? (JSON.parse(readFileSync(url, 'utf8')) as { version: string }).version : 'unknown';
}
