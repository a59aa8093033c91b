/** `barometer coherence explain`: the messages of one access, and what its latency is the sum of. */
import { parseAccess } from '../coherence/explain/access.ts';
import { explain } from '../coherence/explain/explain.ts';
import { explanationReport } from '../coherence/explain/report.ts';
import { explanationText } from '../coherence/explain/text.ts';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { tsCore } from '../coherence/simulate/ts-core.ts';
import { jsonText } from '../report/json-text.ts';
import { sequenceDiagram } from '../report/sequence-diagram.ts';
import { diagramOf } from './coherence-diagram.ts';
import { modelNote } from './coherence-model.ts';
import { expectFile, saveOutput } from './save-output.ts';
import { savedLine } from './saved-lines.ts';

export interface ExplainFlags {
  readonly profile: string;
  readonly line: string;
  readonly json?: boolean;
  readonly svg?: string;
}

/** @param words of the access @throws UsageError */
export function coherenceExplain(words: readonly string[], flags: ExplainFlags): void {
  if (flags.svg !== undefined) expectFile('--svg', flags.svg);
  const access = parseAccess(words, flags.line);
  const profile = openCoherenceProfile(flags.profile);
  const explanation = explain(access, profile.values, tsCore());
  const report = explanationReport(profile.name, explanation);
  const model = modelNote(profile);
  const document = { schema: 'barometer/coherence-explanation/1', model, ...report };
  // Printed first: where a file cannot be written, this is not lost.
  process.stdout.write(flags.json ? jsonText(document) : `${explanationText(report)}\n${model}\n`);
  if (flags.svg === undefined) return;
  saveOutput('--svg', flags.svg, sequenceDiagram(diagramOf(explanation, profile.name, model)));
  if (!flags.json) process.stdout.write(savedLine(flags.svg));
}
