/** Asking the model about many profiles, with a progress line, until Ctrl-C. */
import { setImmediate } from 'node:timers/promises';
import { rememberedPredict } from '../coherence/predict/remembered.ts';
import type { ProfilePredict } from '../coherence/profiles/predict.ts';
import { wasmCoreInTurn } from '../coherence/simulate/wasm-core.ts';
import { listenForInterrupts } from './measured-run.ts';
import { ProgressLine } from './progress.ts';

/** What is asking, and how it says how far it is: shown beside the figure that is simulated. */
export type Asking<T> = (predict: ProfilePredict, say: (state: string) => void) => Promise<T>;

/** Null where it was interrupted. */
export async function watched<T>(quiet: boolean | undefined, ask: Asking<T>): Promise<T | null> {
  const progress = new ProgressLine(process.stderr, quiet ?? false);
  const interrupt = listenForInterrupts();
  let state = '';
  const predict = rememberedPredict(wasmCoreInTurn(), async (quantity) => {
    progress.say(state === '' ? quantity : `${state}  ${quantity}`);
    await setImmediate();
    interrupt.signal.throwIfAborted();
  });
  try {
    return await ask(predict, (text) => {
      state = text;
    });
  } catch (error) {
    if (interrupt.signal.aborted) return null;
    throw error;
  } finally {
    progress.clear();
    interrupt.dispose();
  }
}

/** Asks for one figure after the other, and says how many of `total` there were. */
export function counted(
  predict: ProfilePredict,
  total: number,
  say: (state: string) => void,
): ProfilePredict {
  let count = 0;
  return async (profile, quantities) => {
    const figures: (number | null)[] = [];
    for (const quantity of quantities) {
      say(`${++count} of ${total}`);
      figures.push(...(await predict(profile, [quantity])));
    }
    return figures;
  };
}
