/** A real QEMU for tests: found, or fetched once. */
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { BarometerError } from '../../src/errors.ts';
import { type GuestFiles, guestFiles, ovmfFile } from '../../src/run/guest/guest-files.ts';

/** For `beforeAll`. */
export const FETCH_MS = 160_000;

export interface RealQemu {
  readonly files: GuestFiles;
  readonly env: Record<string, string>;
}

/** Or why there is none: a machine without a Debian mirror, or without a network, has no guest. @throws any other fault */
export async function realQemu(needs?: 'ovmf'): Promise<RealQemu | string> {
  const cache = process.env.BAROMETER_CACHE ?? join(homedir(), '.cache', 'barometer');
  mkdirSync(cache, { recursive: true });
  process.env.BAROMETER_CACHE = cache;
  const options = { progress: () => {}, signal: AbortSignal.timeout(FETCH_MS - 10_000) };
  try {
    const files = await guestFiles(options);
    if (needs === 'ovmf') await ovmfFile(options);
    return { files, env: { BAROMETER_CACHE: cache, HOME: homedir() } };
  } catch (error) {
    if (!(error instanceof BarometerError)) throw error;
    return error.message;
  }
}
