/** `npm run selftest -- gate`: the recipe for CI, on a head that is slower and on heads that are the same. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { BarometerError, EXIT } from '../errors.ts';
import { makeSlowedBuild } from './slowed-build.ts';

/** From dist/src/cli/. */
const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));
const SCRIPT = join(CHECKOUT, '.github/actions/ab/ab.sh');
const ENTRY = join(CHECKOUT, 'dist/src/cli/barometer.cjs');

/** Thousandths of each batch that come near to 5 % here. */
const PERMILLE = 45;
const IDENTICAL_RUNS = 50;
/** Workloads whose answers stay the same where a batch repeats its first accesses; those of a sizing do not. */
export const WORKLOADS = ['config-read/batch', 'config-write/batch'];
const SLOWED = 'config-read';

/** Returns the exit code: 3 where the slower head passes or is not named, or one of the same heads fails. */
export async function gateExperiment(): Promise<number> {
  if (!existsSync(SCRIPT)) throw new BarometerError(`${SCRIPT} is missing: expected a checkout`);
  const folder = resolve('results/gate');
  makeSlowedBuild(join(folder, 'slower'), PERMILLE);
  makeSlowedBuild(join(folder, 'same'), 0);
  const slower = await recipe(folder, 'slower');
  const isFound = slower.exitCode === EXIT.regression && slower.errors.some((line) => line.includes(SLOWED));
  process.stdout.write(
    `slower head: exit code ${slower.exitCode}\n${slower.errors.map((line) => `  ${line}\n`).join('')}`,
  );
  let passed = 0;
  for (let i = 1; i <= IDENTICAL_RUNS; i++) {
    const { exitCode, seconds, errors } = await recipe(folder, 'same');
    if (exitCode === EXIT.ok) passed++;
    const found = errors.map((line) => ` ${line}`).join('');
    process.stdout.write(`identical head ${i}: exit code ${exitCode}, ${seconds.toFixed(0)} s${found}\n`);
  }
  process.stdout.write(`${passed} of ${IDENTICAL_RUNS} identical heads pass\n`);
  return isFound && passed === IDENTICAL_RUNS ? EXIT.ok : EXIT.regression;
}

async function recipe(folder: string, head: string) {
  const summary = join(folder, 'summary.md');
  rmSync(summary, { force: true });
  const start = performance.now();
  const child = spawn('bash', [SCRIPT], {
    env: {
      PATH: process.env.PATH,
      // As a runner that nobody has calibrated.
      BAROMETER_CACHE: join(folder, 'cache'),
      BASE: CHECKOUT,
      HEAD: join(folder, head),
      BAROMETER: `${process.execPath} ${ENTRY}`,
      WORKLOADS: WORKLOADS.join('\n'),
      SAMPLES: join(folder, 'ab.json'),
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: join(folder, 'output'),
      GITHUB_ACTIONS: 'true',
      CI: 'true',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise<number | null>((settle) => child.on('close', settle));
  const [stdout, exitCode] = await Promise.all([text(child.stdout), closed]);
  if (!existsSync(summary) || !readFileSync(summary, 'utf8').startsWith('## barometer')) {
    throw new BarometerError(`the recipe wrote no summary (exit code ${exitCode})`);
  }
  const errors = stdout.split('\n').filter((line) => line.startsWith('::error'));
  return { exitCode, errors, seconds: (performance.now() - start) / 1000 };
}
