/** Profiles by name, or from a file of the user. */
import { closeSync, openSync, readSync } from 'node:fs';
import { UsageError } from '../../errors.ts';
import { GH200_120GB } from './gh200-120gb.ts';
import { MAX_PROFILE_BYTES, parseCoherenceProfile } from './parse.ts';
import { PCIE_GEN5_IO_COHERENT } from './pcie-gen5-io-coherent.ts';
import type { CoherenceProfile } from './profile.ts';

/** Built-in profiles as the texts that a user can print, change and give back. */
const TEXTS: Readonly<Record<string, string>> = {
  'gh200-120gb': GH200_120GB,
  'pcie-gen5-io-coherent': PCIE_GEN5_IO_COHERENT,
};

export const COHERENCE_PROFILE_NAMES: readonly string[] = Object.keys(TEXTS);

/** The text of a built-in profile, comments included; undefined where none has the name. */
export function coherenceProfileText(name: string): string | undefined {
  return Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined;
}

/**
 * A built-in profile by its name, or the one in a file.
 * @throws UsageError where it is neither, or the file is no profile
 */
export function openCoherenceProfile(nameOrPath: string): CoherenceProfile {
  const text = coherenceProfileText(nameOrPath);
  return text === undefined
    ? parseCoherenceProfile(readText(nameOrPath), nameOrPath)
    : parseCoherenceProfile(text, `profile ${nameOrPath}`);
}

function readText(path: string): string {
  try {
    return readBeginning(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `${JSON.stringify(path)} is neither a coherence profile (${COHERENCE_PROFILE_NAMES.join(', ')}) nor a file ` +
        `that can be read: ${reason}`,
    );
  }
}

/** One byte more than a profile may have is enough to refuse the rest, endless devices included. */
function readBeginning(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(MAX_PROFILE_BYTES + 1);
    let length = 0;
    for (;;) {
      const count = readSync(file, bytes, length, bytes.length - length, null);
      length += count;
      if (count === 0 || length === bytes.length) break;
    }
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
