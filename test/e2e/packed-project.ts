/** An empty project with what `npm pack` gives, and nothing else. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export const INSTALL_MS = 180_000;

export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PackedProject {
  readonly folder: string;
  readonly tarball: string;
  /** Paths in the tarball. */
  readonly files: readonly string[];
  /** Runs a command in the project's folder. */
  readonly ended: (command: string, args: readonly string[]) => Promise<Ended>;
  readonly remove: () => void;
}

/** @param packages others to install, as npm takes them; install scripts run only for the package `node` */
export async function packedProject(...packages: string[]): Promise<PackedProject> {
  const folder = mkdtempSync(join(tmpdir(), 'barometer-package-'));
  try {
    return await installed(folder, packages);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function installed(folder: string, packages: readonly string[]): Promise<PackedProject> {
  const run = (command: string, args: readonly string[], cwd: string): Promise<Ended> =>
    new Promise((resolve) => {
      const env = { ...process.env, CI: 'true', BAROMETER_CACHE: join(folder, 'cache') };
      execFile(command, [...args], { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
        resolve({ exitCode: error ? Number(error.code ?? 1) : 0, stdout, stderr });
      });
    });
  // dist/ is built, and `prepare` would build it again under the tests that read it.
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const packed = await run('npm', pack, ROOT);
  expect(packed.exitCode, packed.stderr).toBe(0);
  const described = JSON.parse(packed.stdout) as unknown;
  const [report] = (Array.isArray(described) ? described : Object.values(described as object)) as [
    { filename: string; files: { path: string }[] },
  ];
  const tarball = join(folder, report.filename);
  const project = { name: 'empty', private: true, type: 'module', allowScripts: { node: true } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(project));
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball, ...packages];
  const { exitCode, stderr } = await run('npm', install, folder);
  expect(exitCode, stderr).toBe(0);
  return {
    folder,
    tarball,
    files: report.files.map(({ path }) => path),
    ended: (command, args) => run(command, args, folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
