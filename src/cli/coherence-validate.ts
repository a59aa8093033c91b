/** `barometer coherence validate`: the model against every published figure. */
import { figuresOf } from '../coherence/predict/predict.ts';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { validationJson } from '../coherence/validate/json.ts';
import { knownReasons, type Reason } from '../coherence/validate/reasons.ts';
import { validate } from '../coherence/validate/table.ts';
import { validationText } from '../coherence/validate/text.ts';
import { EXIT } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { wrap } from '../report/plain-text.ts';
import { type ModelFlags, modelNote, predictions, REFERENCE_PROFILE } from './coherence-model.ts';

const WIDTH = 110;

/** Returns the exit code. A bound that is missed is a finding of the table, not a failure. @throws UsageError */
export async function coherenceValidate(flags: ModelFlags): Promise<number> {
  const profile = openCoherenceProfile(flags.profile);
  const predict = await predictions(profile, flags);
  if (predict === null) return EXIT.interrupted;
  const table = validate(profile.name, figuresOf(predict));
  const reasons = flags.profile === REFERENCE_PROFILE ? knownReasons(table) : [];
  const document = {
    schema: 'barometer/coherence-validation/1',
    model: modelNote(profile),
    ...validationJson(table),
    reasons,
  };
  const text = [validationText(table), ...reasons.map(reasonText), `${modelNote(profile)}\n`].join('\n');
  process.stdout.write(flags.json ? jsonText(document) : text);
  return EXIT.ok;
}

function reasonText({ misses, why }: Reason): string {
  return `${wrap(`Missed: ${misses.join(', ')}: ${why}`, WIDTH).join('\n')}\n`;
}
