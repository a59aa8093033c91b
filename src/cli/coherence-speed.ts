/** `npm run selftest -- coherence`: how many accesses a second the simulator of the modelled mode does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { MIXES } from '../coherence/speed/mixes.ts';
import { buildQueueLoop } from '../coherence/speed/queue-loop.ts';
import { isKept, type Round, runRound, speedOf } from '../coherence/speed/speeds.ts';
import { speedsText } from '../coherence/speed/text.ts';
import { EXIT } from '../errors.ts';
import { cpuClock } from '../profile/profiling-cost.ts';
import { REFERENCE_PROFILE } from './coherence-model.ts';
import { listenForInterrupts } from './measured-run.ts';
import { ProgressLine } from './progress.ts';

const ROUNDS = 5;

/** Returns the exit code: 3 unless the mixes that a speed is promised of reach it. */
export async function coherenceSpeed(): Promise<number> {
  const { values } = openCoherenceProfile(REFERENCE_PROFILE);
  const folder = mkdtempSync(join(tmpdir(), 'barometer-'));
  const progress = new ProgressLine(process.stderr, false);
  const interrupt = listenForInterrupts();
  const usage = cpuClock();
  const nowNs = () => {
    const { user, system } = usage();
    return 1000 * (user + system);
  };
  const rounds = MIXES.map((): Round[] => []);
  try {
    const loop = buildQueueLoop(folder);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, mix] of MIXES.entries()) {
        progress.say(`round ${round + 1} of ${ROUNDS}  ${mix.name}`);
        await setImmediate();
        if (interrupt.signal.aborted) return EXIT.interrupted;
        rounds[i]!.push(runRound(mix, { values, loop, nowNs }));
      }
    }
  } finally {
    progress.clear();
    interrupt.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
  const speeds = MIXES.map((mix, i) => speedOf(mix, rounds[i]!));
  process.stdout.write(speedsText(speeds));
  return speeds.every(isKept) ? EXIT.ok : EXIT.regression;
}
