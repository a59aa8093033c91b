import { spawnSync } from 'node:child_process';
import { UsageError } from '../errors.ts';
import type { Runtime } from '../run/measure-fork.ts';

/** Time in which a Node binary says its version. */
const ANSWER_MS = 10_000;
const VERSION = /^v(\d+)\.(\d+)\.\d+\S*$/;
const OLDEST_MAJOR = 22;
/** Oldest minor version by major version, where it is not 0; as in barometer.cjs. */
const OLDEST_MINOR: Readonly<Record<number, number>> = { 22: 15, 23: 5 };

/**
 * Node binaries by their paths, with commas between; the one that runs barometer unless given. Two of one version are
 * told apart by their paths.
 * @throws UsageError for what is no Node, or too old a one
 */
export function parseRuntimes(list: string | undefined): Runtime[] {
  if (list === undefined) return [{ path: process.execPath, label: `node ${process.versions.node}` }];
  const found = [...new Set(list.split(',').map((path) => path.trim()))].map((path) => {
    return { path, version: askVersion(path) };
  });
  return found.map(({ path, version }) => {
    const isOnly = found.filter((other) => other.version === version).length === 1;
    return { path, label: isOnly ? `node ${version}` : `node ${version} (${path})` };
  });
}

function askVersion(path: string): string {
  const expected = 'expected paths of Node binaries with commas between, such as /usr/bin/node';
  if (path === '') throw new UsageError(`--runtime "": ${expected}`);
  const { stdout, error } = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: ANSWER_MS });
  const match = VERSION.exec(stdout?.trim() ?? '');
  if (!match) {
    const found = error ? error.message : `it answered ${JSON.stringify(stdout.slice(0, 80))} to --version`;
    throw new UsageError(`--runtime ${JSON.stringify(path)}: ${found}; ${expected}`);
  }
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major < OLDEST_MAJOR || minor < (OLDEST_MINOR[major] ?? 0)) {
    throw new UsageError(
      `--runtime ${JSON.stringify(path)}: it is Node ${match[0]}; expected 22.15 or newer (of Node 23: 23.5)`,
    );
  }
  return match[0].slice(1);
}
