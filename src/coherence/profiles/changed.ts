/** A profile with other values. */
import { type ParameterName, type ParameterValues, parameterNamed } from './parameters.ts';
import type { CoherenceProfile } from './profile.ts';

/** The profile with `values` in place of its own; where they are from stays as it was. */
export function withValues(profile: CoherenceProfile, values: Partial<ParameterValues>): CoherenceProfile {
  return { ...profile, values: { ...profile.values, ...values } };
}

/** The whole number that a parameter can have nearest to `value`, in base units. */
export function nearestValue(name: ParameterName, value: number): number {
  const { min, max } = parameterNamed(name)!;
  return Math.min(Math.max(Math.round(value), min), max);
}
