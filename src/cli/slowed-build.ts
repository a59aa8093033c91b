/** A build of barometer with extra work in its core. It is made from a checkout and shipped with no package. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BarometerError } from '../errors.ts';

/** From dist/src/cli/. */
const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));
const COMPILER = 'node_modules/assemblyscript/bin/asc.js';

/**
 * A copy of this checkout's build in `folder`, whose core does `permille` thousandths of each batch twice; 0 is the same
 * build.
 * @throws BarometerError where this is no checkout, or the compiler fails
 */
export function makeSlowedBuild(folder: string, permille: number): void {
  const compiler = join(CHECKOUT, COMPILER);
  if (!existsSync(compiler) || !existsSync(join(CHECKOUT, 'assembly'))) {
    throw new BarometerError(
      `${CHECKOUT}: expected a checkout in which \`npm ci\` has run: ${COMPILER} is missing`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of ['dist', 'bench', 'package.json', 'src/device/native']) {
    cpSync(join(CHECKOUT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(realpathSync(join(CHECKOUT, 'node_modules')), join(folder, 'node_modules'));
  if (permille === 0) return;
  const core = join(folder, 'dist/barometer.wasm');
  const use = ['--use', 'abort=', '--use', `BAROMETER_REPEATED_PERMILLE=${permille}`];
  const args = ['assembly/index.ts', '--target', 'release', ...use, '--outFile', core];
  const text = ['--textFile', join(folder, 'dist/barometer.wat')];
  const { status, stderr } = spawnSync(process.execPath, [compiler, ...args, ...text], {
    cwd: CHECKOUT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new BarometerError(`the core with extra work did not compile: ${stderr.trim()}`);
}
