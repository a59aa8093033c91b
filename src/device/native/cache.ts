/** Compiled addons on disk: one folder each, with the addon and its SHA-256, put in place in one step. */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

const ADDON = 'addon.node';
const DIGEST = 'addon.sha256';
const PRIVATE = 0o700;
const WRITABLE_BY_OTHERS = 0o022;
const ROOT = 0;

/** Folders that may hold the cache, the preferred one first. */
export function cacheFolders(env: NodeJS.ProcessEnv): readonly string[] {
  const preferred = env.BAROMETER_CACHE || userCache(env);
  const temporary = join(tmpdir(), `barometer-${process.getuid?.() ?? 'user'}`);
  return preferred === null ? [temporary] : [preferred, temporary];
}

function userCache(env: NodeJS.ProcessEnv): string | null {
  // The XDG specification says to ignore a relative path.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, 'barometer');
  try {
    return join(homedir(), '.cache', 'barometer');
  } catch {
    return null; // a user without a home, as in some containers
  }
}

/**
 * Creates `cacheFolder` where it is missing.
 * @throws as node:fs where it cannot be made; Error where others can write it, who could have what they like loaded
 */
export function prepareFolder(cacheFolder: string): void {
  if (!existsSync(cacheFolder)) mkdirSync(cacheFolder, { recursive: true, mode: PRIVATE });
  const { uid, mode } = statSync(cacheFolder);
  const ownUid = process.getuid?.() ?? uid;
  if (uid !== ownUid && uid !== ROOT) throw new Error('it belongs to another user');
  if (mode & WRITABLE_BY_OTHERS) throw new Error('other users can write it too');
}

/** A new folder to build in, on the same file system as its later place. */
export function stagingFolder(cacheFolder: string): string {
  return mkdtempSync(join(cacheFolder, '.building-'));
}

/** Path of the addon that is to be built into a staging folder. */
export function stagedAddon(staging: string): string {
  return join(staging, ADDON);
}

/** Puts a staged addon in place under `name`. Where another process was faster, its addon stays if it is sound. */
export function publish(staging: string, cacheFolder: string, name: string): void {
  writeFileSync(join(staging, DIGEST), digestOf(stagedAddon(staging)));
  const place = join(cacheFolder, name);
  if (findAddon(cacheFolder, name) !== null) {
    rmSync(staging, { recursive: true });
    return;
  }
  // A folder can take the place of an empty one only, so a damaged entry is moved out of the way first.
  rmSync(place, { recursive: true, force: true });
  try {
    renameSync(staging, place);
  } catch (error) {
    rmSync(staging, { recursive: true });
    if (findAddon(cacheFolder, name) === null) throw error;
  }
}

/** Path of the addon `name`, null unless it is there as a whole: a damaged file must never be loaded. */
export function findAddon(cacheFolder: string, name: string): string | null {
  const path = join(cacheFolder, name, ADDON);
  try {
    return readFileSync(join(cacheFolder, name, DIGEST), 'utf8') === digestOf(path) ? path : null;
  } catch {
    return null;
  }
}

/** Forgets an addon that did not load. */
export function discard(cacheFolder: string, name: string): void {
  rmSync(join(cacheFolder, name), { recursive: true, force: true });
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
