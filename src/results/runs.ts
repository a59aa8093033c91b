/** Which runs a document holds, also where it does not say so itself. */
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { Run, SamplesDocument } from './samples.ts';

const DERIVED_ID_LENGTH = 12;

/** The runs of a document. One without `runs` is one run, with an id derived from what is said of it as a whole. */
export function runsOf(samples: SamplesDocument): Run[] {
  if (samples.runs) return samples.runs;
  const { createdAt, settings, fingerprint } = samples;
  return [{ id: derivedId({ createdAt, settings, fingerprint }), createdAt, settings, fingerprint }];
}

/**
 * Not of the series: a file that was saved half-way, and the same file when the run had ended, are one run, whose
 * rounds must not count twice.
 */
function derivedId(head: Omit<Run, 'id'>): string {
  return createHash('sha256').update(canonicalJson(head)).digest('hex').slice(0, DERIVED_ID_LENGTH);
}
