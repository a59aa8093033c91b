/** `barometer coherence predict`: what the model gives for a profile, latencies with their parts. */
import { type PredictReport, predictReport, predictText } from '../coherence/predict/report.ts';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { EXIT, UsageError } from '../errors.ts';
import { jsonText } from '../report/json-text.ts';
import { type ModelFlags, modelNote, predictions } from './coherence-model.ts';
import { type PatternFlags, predictPatterns } from './coherence-patterns.ts';
import { predictTrace, type TraceFlags } from './coherence-trace.ts';

const SHOWN = /^(chase|pingpong|read|write|one-thread-|one-block-|copy)\b/;

export interface PredictFlags extends PatternFlags, TraceFlags {
  readonly trace?: string;
}

const OF_PATTERNS = ['agents', 'footprint', 'filter'] as const;
const OF_TRACES = ['device', 'of'] as const;

/** Returns the exit code. @throws UsageError */
export async function coherencePredict(patterns: readonly string[], flags: PredictFlags): Promise<number> {
  const { trace } = flags;
  if (trace !== undefined) {
    if (patterns.length > 0)
      throw new UsageError(
        `--trace ${trace} and patterns (${patterns.join(' ')}) were both given; name one of them`,
      );
    refuse(
      flags,
      OF_PATTERNS,
      "patterns: name one in place of --trace, as agents/chase, or 'agents/*' for all",
    );
    return predictTrace(trace, flags);
  }
  refuse(flags, OF_TRACES, 'traces: name one by --trace LOG');
  if (patterns.length > 0) return predictPatterns(patterns, flags);
  refuse(flags, ['placement', ...OF_PATTERNS], "patterns: name one, as agents/chase, or 'agents/*' for all");
  return predictQuantities(flags);
}

/** Options that would do nothing. */
function refuse(flags: PredictFlags, names: readonly (keyof PredictFlags)[], where: string): void {
  const given = names.find((name) => flags[name] !== undefined);
  if (given !== undefined) throw new UsageError(`--${given} is an option of ${where}`);
}

async function predictQuantities(flags: ModelFlags): Promise<number> {
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
