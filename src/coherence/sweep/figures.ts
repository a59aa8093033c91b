/** Figures of a sweep that names none. */
import { SPLIT } from '../validate/split.ts';

/**
 * Those that are fitted and those that are held out, without copies: these are reads and writes that figures of their own
 * stand for, and take longer to simulate than all the others together.
 */
export const USUAL_FIGURES: readonly string[] = [
  ...SPLIT.calibration,
  ...SPLIT['held out latency'],
  ...SPLIT['held out bandwidth'].filter((id) => !id.startsWith('copy.')),
];
