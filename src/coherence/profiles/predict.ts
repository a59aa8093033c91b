/** How figures are asked of a model, whatever it is. */
import type { CoherenceProfile } from './profile.ts';

/**
 * What a model with a profile gives for quantities, in their order: above zero, in the unit of the published cell of that
 * id (nanoseconds or 10^9 bytes a second); null where it has no such figure. It takes minutes of many questions, and
 * whoever asks them shows how far it is, and stops it by a rejection.
 */
export type ProfilePredict = (
  profile: CoherenceProfile,
  quantities: readonly string[],
) => Promise<readonly (number | null)[]>;
