import { existsSync, readFileSync } from 'node:fs';

// From dist/src/cli/ and from src/cli/.
const CANDIDATES = ['../../../package.json', '../../package.json'];

interface Manifest {
  readonly version?: string;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The version in package.json. */
export function version(): string {
  return manifest().version ?? 'unknown';
}

/** The Node that a checkout measures with, or null where package.json does not say. */
export function pinnedNodeVersion(): string | null {
  return manifest().devDependencies?.node ?? null;
}

function manifest(): Manifest {
  const url = CANDIDATES.map((path) => new URL(path, import.meta.url)).find((candidate) =>
    existsSync(candidate),
  );
  return url ? (JSON.parse(readFileSync(url, 'utf8')) as Manifest) : {};
}
