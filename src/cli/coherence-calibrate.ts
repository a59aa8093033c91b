/** `barometer coherence calibrate`: fits a profile to the published figures of the calibration set. */
import { type Fit, fitProfile } from '../coherence/calibrate/fit.ts';
import { FITTED } from '../coherence/calibrate/fitted.ts';
import { fitText } from '../coherence/calibrate/text.ts';
import type { CoherenceProfile } from '../coherence/profiles/profile.ts';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { SPLIT } from '../coherence/validate/split.ts';
import { SPLIT_SHA256 } from '../coherence/validate/split-hash.ts';
import { EXIT } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { parseCount } from '../units.ts';
import { type ModelFlags, modelNote } from './coherence-model.ts';
import { watched } from './coherence-watch.ts';
import { expectFile, saveOutput } from './save-output.ts';
import { savedLine } from './saved-lines.ts';

const MAX_SEED = 2 ** 32;
/** Beside the profile's own values: whether there is a better minimum than the one near these. */
const RANDOM_STARTS = 1;

export interface CalibrateFlags extends ModelFlags {
  readonly seed: string;
  readonly out?: string;
}

/** Returns the exit code. @throws UsageError */
export async function coherenceCalibrate(flags: CalibrateFlags): Promise<number> {
  if (flags.out !== undefined) expectFile('--out', flags.out);
  const seed = parseCount(flags.seed, '--seed', { min: 1, max: MAX_SEED });
  const profile = openCoherenceProfile(flags.profile);
  const fit = await watched(flags.quiet, (predict, say) =>
    fitProfile({
      profile,
      name: profile.name,
      parameters: FITTED.map(({ parameter }) => parameter),
      cells: SPLIT.calibration,
      predict,
      seed,
      randomStarts: RANDOM_STARTS,
      progress: (evaluations, cost) => say(`${evaluations} evaluations, least cost ${cost.toExponential(2)}`),
    }),
  );
  if (fit === null) return EXIT.interrupted;
  const output = outputOf(fit, profile, { seed, flags });
  if (flags.out !== undefined) save(flags.out, fit, flags.json ? output : fit.text);
  process.stdout.write(output);
  return EXIT.ok;
}

/** @param instead what is printed where the file cannot be written: a fit takes minutes */
function save(path: string, { text }: Fit, instead: string): void {
  try {
    saveOutput('--out', path, text);
  } catch (error) {
    process.stdout.write(instead);
    throw error;
  }
}

/** The profile, unless that is in a file: then what became of the figures. */
function outputOf(
  fit: Fit,
  from: CoherenceProfile,
  { seed, flags }: { readonly seed: number; readonly flags: CalibrateFlags },
): string {
  if (flags.json) return jsonText(documentOf(fit, from, seed));
  if (flags.out === undefined) return fit.text;
  return `${fitText(fit, from)}\n${modelNote(fit.profile)}\n${savedLine(flags.out)}`;
}

function documentOf(fit: Fit, from: CoherenceProfile, seed: number) {
  const { errors, costBefore, cost, evaluations, idle, text } = fit;
  return {
    schema: 'barometer/coherence-calibration/1',
    model: modelNote(fit.profile),
    profile: from.name,
    split: SPLIT_SHA256,
    seed,
    evaluations,
    costBefore,
    cost,
    errors: errors.map((row) => ({ evidence: 'modelled', against: 'published', ...row })),
    idle,
    text,
  };
}
