/** `barometer coherence validate`: the model against every published figure. */
import { figuresOf } from '../coherence/predict/predict.ts';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { validationJson } from '../coherence/validate/json.ts';
import { validate } from '../coherence/validate/table.ts';
import { validationText } from '../coherence/validate/text.ts';
import { EXIT } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { type ModelFlags, modelNote, predictions } from './coherence-model.ts';

/** Returns the exit code. A bound that is missed is a finding of the table, not a failure. @throws UsageError */
export async function coherenceValidate(flags: ModelFlags): Promise<number> {
  const profile = openCoherenceProfile(flags.profile);
  const predict = await predictions(profile, flags);
  if (predict === null) return EXIT.interrupted;
  const table = validate(profile.name, figuresOf(predict));
  const document = {
    schema: 'barometer/coherence-validation/1',
    model: modelNote(profile),
    ...validationJson(table),
  };
  process.stdout.write(flags.json ? jsonText(document) : `${validationText(table)}\n${modelNote(profile)}\n`);
  return EXIT.ok;
}
