/** `barometer coherence predict`: what the model gives for a profile, latencies with their parts. */
import { type PredictReport, predictReport, predictText } from '../coherence/predict/report.ts';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { EXIT } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { type ModelFlags, modelNote, predictions } from './coherence-model.ts';

const SHOWN = /^(chase|pingpong|read|write|one-thread-|one-block-|copy)\b/;

/** Returns the exit code. @throws UsageError */
export async function coherencePredict(flags: ModelFlags): Promise<number> {
  const profile = openCoherenceProfile(flags.profile);
  const predict = await predictions(profile, flags, (id) => isShown(id));
  if (predict === null) return EXIT.interrupted;
  const report: PredictReport = predictReport(profile.name, (id) => (isShown(id) ? predict(id) : null));
  const document = { schema: 'barometer/coherence-prediction/1', model: modelNote(profile), ...report };
  process.stdout.write(flags.json ? jsonText(document) : `${predictText(report)}\n${modelNote(profile)}\n`);
  return EXIT.ok;
}

function isShown(id: string): boolean {
  return SHOWN.test(id);
}
