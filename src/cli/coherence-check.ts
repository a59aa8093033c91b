/** `barometer coherence check`: whether the modelled protocol keeps what it promises. */
import { setImmediate } from 'node:timers/promises';
import { check, QUICK, WHOLE } from '../coherence/check/check.ts';
import { holds } from '../coherence/check/report.ts';
import { checkText } from '../coherence/check/text.ts';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { wasmCore } from '../coherence/simulate/wasm-core.ts';
import { EXIT } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { modelNote, REFERENCE_PROFILE } from './coherence-model.ts';
import { listenForInterrupts } from './measured-run.ts';
import { ProgressLine } from './progress.ts';

export interface CheckFlags {
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Returns the exit code: 5 where anything is violated, or a planted bug is not caught. */
export async function coherenceCheck(flags: CheckFlags): Promise<number> {
  const progress = new ProgressLine(process.stderr, flags.quiet ?? false);
  const interrupt = listenForInterrupts();
  const profile = openCoherenceProfile(REFERENCE_PROFILE);
  const step = async (what: string) => {
    progress.say(what);
    await setImmediate();
    return !interrupt.signal.aborted;
  };
  try {
    const report = await check(
      { ...(flags.quick ? QUICK : WHOLE), values: profile.values, makeCore: wasmCore },
      step,
    );
    progress.clear();
    const isWhole = !interrupt.signal.aborted;
    const document = {
      schema: 'barometer/coherence-check/1',
      model: modelNote(profile),
      quick: flags.quick ?? false,
      interrupted: !isWhole,
      ...report,
    };
    const so = isWhole ? '' : 'INTERRUPTED: what was looked at so far\n\n';
    process.stdout.write(
      flags.json ? jsonText(document) : `${so}${checkText(report)}\n${modelNote(profile)}\n`,
    );
    if (!holds(report)) return EXIT.wrongAnswer;
    return isWhole ? EXIT.ok : EXIT.interrupted;
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}
