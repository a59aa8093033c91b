/** What the commands of the modelled mode have in common. */
import { setImmediate } from 'node:timers/promises';
import { CELLS } from '../coherence/predict/cells.ts';
import { type Prediction, predictor } from '../coherence/predict/predict.ts';
import { PARAMETERS } from '../coherence/profiles/parameters.ts';
import type { CoherenceProfile } from '../coherence/profiles/profile.ts';
import { openCoherenceProfile } from '../coherence/profiles/profiles.ts';
import { wasmCoreInTurn } from '../coherence/simulate/wasm-core.ts';
import { listenForInterrupts } from './measured-run.ts';
import { ProgressLine } from './progress.ts';

export const REFERENCE_PROFILE = 'gh200-120gb';
const PROTOCOL_NOTE = 'Model: directory protocol with CHI-style messages';

/** What the model is, and what the figures of `profile` come from. */
export function modelNote({ values, provenance }: Pick<CoherenceProfile, 'values' | 'provenance'>): string {
  const reference = openCoherenceProfile(REFERENCE_PROFILE).values;
  const isReference = PARAMETERS.every(({ name }) => values[name] === reference[name]);
  const isCalibrated = Object.values(provenance).some((one) => one.class === 'calibrated');
  const others = isCalibrated
    ? 'with parameters of which its profile calls some calibrated'
    : 'with parameters that are not calibrated to any machine';
  const origin = isReference ? 'calibrated to published GH200 latencies' : others;
  return `${PROTOCOL_NOTE}, ${origin}. No figure here was measured.`;
}

export interface ModelFlags {
  readonly profile: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Figures of quantities by their ids: all that the model has unless told. Null where it was interrupted. */
export async function predictions(
  { values }: CoherenceProfile,
  flags: ModelFlags,
  wanted: (id: string) => boolean = () => true,
): Promise<((id: string) => Prediction | null) | null> {
  const predict = predictor(values, wasmCoreInTurn());
  const progress = new ProgressLine(process.stderr, flags.quiet ?? false);
  const interrupt = listenForInterrupts();
  const ids = CELLS.map(({ id }) => id).filter(wanted);
  try {
    for (const [i, id] of ids.entries()) {
      progress.say(`${i + 1} of ${ids.length}  ${id}`);
      await setImmediate();
      if (interrupt.signal.aborted) return null;
      predict(id);
    }
    return predict;
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}
