/** `npm run selftest -- kill`: a run that is killed at random moments, and what its file holds each time. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BarometerError, EXIT } from '../errors.ts';
import { Random } from '../random.ts';
import { parseSamples } from '../results/parse-samples.ts';

const ENTRY = fileURLToPath(new URL('./barometer.cjs', import.meta.url));
const KILLS = 10;
/** Of the run that is killed: most kills fall into it. */
const RUN_MS = 8000;

interface Killed {
  readonly afterMs: number;
  /** Saves that were seen before the kill. */
  readonly saves: number;
  /** Forks in the file; null where there is no file. */
  readonly forks: number | null;
  readonly isWhole: boolean;
  /** Whether the run had come to its end before. */
  readonly ended: boolean;
}

/**
 * Returns the exit code: 3 where a file was damaged, or lacks what had been saved.
 * @throws BarometerError where a run ended by itself with a failure, or none had saved a fork when it was killed:
 *   that proves nothing
 */
export async function killExperiment(seed: number): Promise<number> {
  const random = new Random(seed).fork('kill');
  let exitCode: number = EXIT.ok;
  let proofs = 0;
  for (let i = 0; i < KILLS; i++) {
    const { afterMs, saves, forks, isWhole, ended } = await killOnce(random.float() * RUN_MS);
    if (!isWhole) exitCode = EXIT.regression;
    if (!ended && forks !== null && forks > 0) proofs++;
    const found = forks === null ? 'no file yet' : `a whole file with ${forks} forks`;
    const verdict = isWhole ? found : 'DAMAGED, or without what had been saved';
    const how = ended ? 'ended before' : 'killed after';
    process.stdout.write(`${how} ${(afterMs / 1000).toFixed(2)} s, ${saves} saves seen: ${verdict}\n`);
  }
  if (proofs === 0)
    throw new BarometerError('no run had saved a fork when it was killed: try again on a quieter machine');
  return exitCode;
}

async function killOnce(afterMs: number): Promise<Killed> {
  const folder = mkdtempSync(join(tmpdir(), 'barometer-kill-'));
  const path = join(folder, 'samples.json');
  try {
    const args = ['run', '--suite', 'smoke', '--budget', `${RUN_MS}ms`, '--out', path];
    const child = spawn(process.execPath, [ENTRY, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    let saves = 0;
    let forksSeen = 0;
    const watcher = watch(folder, (_, name) => {
      if (name !== basename(path) || !existsSync(path)) return;
      saves++;
      forksSeen = Math.max(forksSeen, forksIn(path) ?? 0);
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    const exitCode = await closed;
    clearTimeout(timer);
    watcher.close();
    if (exitCode !== null && exitCode !== EXIT.ok) {
      throw new BarometerError(
        `a run that was to be killed ended by itself with exit code ${exitCode}: ${errors.trim().split('\n').at(-1)}`,
      );
    }
    const forks = existsSync(path) ? forksIn(path) : null;
    const isWhole = existsSync(path) ? forks !== null && forks >= forksSeen : saves === 0;
    return { afterMs, saves, forks, isWhole, ended: exitCode !== null };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Forks of a whole file; null where it is damaged. */
function forksIn(path: string): number | null {
  try {
    const { series } = parseSamples(JSON.parse(readFileSync(path, 'utf8')), path);
    return new Set(series.map(({ fork }) => fork)).size;
  } catch {
    return null;
  }
}
