/** `barometer coherence profile`: a built-in profile as the text that one's own begins from. */
import { COHERENCE_PROFILE_NAMES, coherenceProfileText } from '../coherence/profiles/profiles.ts';
import { UsageError } from '../errors.ts';

/** @throws UsageError for a name that is none */
export function coherenceProfile(name: string): string {
  const text = coherenceProfileText(name);
  if (text !== undefined) return text;
  throw new UsageError(
    `${JSON.stringify(name)} is no built-in coherence profile; expected ${COHERENCE_PROFILE_NAMES.join(' or ')}`,
  );
}
