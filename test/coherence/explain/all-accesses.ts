/** Every access that can be explained with a profile. */
import {
  EXPLAINED_OPERATIONS,
  type ExplainedAccess,
  LINES,
  parseAccess,
  requirePossible,
} from '../../../src/coherence/explain/access.ts';
import type { ParameterValues } from '../../../src/coherence/profiles/parameters.ts';

export function allAccesses(values: ParameterValues): ExplainedAccess[] {
  const words = ['grace', 'hopper'].flatMap((side) =>
    Object.keys(EXPLAINED_OPERATIONS).flatMap((operation) =>
      ['lpddr', 'hbm'].map((memory) => `${side} ${operation} ${memory}`),
    ),
  );
  return words.flatMap((access) =>
    Object.keys(LINES).flatMap((line) => {
      try {
        const parsed = parseAccess([access], line);
        requirePossible(parsed, values);
        return [parsed];
      } catch {
        return [];
      }
    }),
  );
}
