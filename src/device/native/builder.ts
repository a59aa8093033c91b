/** Compiles the C core with the machine's own compiler, once, and loads it. What a machine lacks is told, never thrown. */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { timeStart } from '../start-times.ts';
import type { Addon } from './addon.ts';
import {
  cacheFolders,
  discard,
  findAddon,
  prepareFolder,
  publish,
  stagedAddon,
  stagingFolder,
} from './cache.ts';
import { type Compiler, compile, findCompiler } from './compiler.ts';
import { FLAGS, type NativeBuild } from './native-build.ts';
import { findSources, type Sources } from './sources.ts';

export interface BuiltAddon {
  readonly available: true;
  readonly addon: Addon;
  readonly path: string;
  /** The compiler and its flags, for the record. */
  readonly compiler: string;
}

/** The addon, or what was tried and what to do. */
export type Native = BuiltAddon | { readonly available: false; readonly reason: string };

export interface BuilderOptions {
  /** `CC`, `BAROMETER_CACHE`, `XDG_CACHE_HOME` and the path are asked of it. */
  readonly env: NodeJS.ProcessEnv;
  readonly sources: Sources | null;
}

const loaded = new Map<NativeBuild, Native>();

/** The addon of this process, compiled or taken from the cache at the first call. */
export function loadNative(build: NativeBuild): Native {
  const known = loaded.get(build) ?? buildNative(build, { env: process.env, sources: findSources() });
  loaded.set(build, known);
  return known;
}

/** As `loadNative`, and asks anew each time. */
export function buildNative(build: NativeBuild, { env, sources }: BuilderOptions): Native {
  if (sources === null)
    return unavailable('its C sources or the package node-api-headers are missing: npm ci');
  const compiler = findCompiler(env);
  if ('reason' in compiler) return unavailable(compiler.reason);
  const name = addonName(build, sources, compiler);
  const failures: string[] = [];
  for (const folder of cacheFolders(env)) {
    const result = tryFolder(folder, name, {
      build: () => buildInto(folder, name, { build, sources, compiler, env }),
      load: build === 'unchecked' ? load : (path) => timeStart('native', 'compile', () => load(path)),
    });
    if (typeof result !== 'string') {
      return { available: true, ...result, compiler: `${compiler.version} ${FLAGS[build].join(' ')}` };
    }
    failures.push(result);
    // Another folder helps against a folder that cannot be used, and against nothing else.
    if (!result.startsWith(CANNOT_USE)) return unavailable(result);
  }
  return unavailable(`${failures.join('; ')}: set BAROMETER_CACHE to a folder that can be written`);
}

const CANNOT_USE = 'cannot keep it in ';

function cannotUse(folder: string, error: unknown): string {
  return `${CANNOT_USE}${folder}: ${(error as Error).message}`;
}

function unavailable(reason: string): Native {
  return { available: false, reason };
}

/** Loads the addon from `folder`, building it where it is not there; a damaged one is built once more. */
function tryFolder(
  folder: string,
  name: string,
  { build, load }: { build: () => string | null; load: (path: string) => Addon },
): { addon: Addon; path: string } | string {
  try {
    prepareFolder(folder);
  } catch (error) {
    return cannotUse(folder, error);
  }
  let failure = 'the cache lost it';
  for (let attempt = 0; attempt < 2; attempt++) {
    const built = findAddon(folder, name) === null ? build() : null;
    if (built !== null) return built;
    const path = findAddon(folder, name);
    if (path === null) continue;
    try {
      return { addon: load(path), path };
    } catch (error) {
      failure = (error as Error).message;
      discard(folder, name);
    }
  }
  return `the compiled addon does not load: ${failure}`;
}

function load(path: string): Addon {
  return createRequire(import.meta.url)(path) as Addon;
}

interface Job extends BuilderOptions {
  readonly build: NativeBuild;
  readonly sources: Sources;
  readonly compiler: Compiler;
}

/** Compiles into the cache; null, or why not. */
function buildInto(folder: string, name: string, { build, sources, compiler, env }: Job): string | null {
  let staging: string | undefined;
  try {
    staging = stagingFolder(folder);
    const headers = join(staging, 'include');
    mkdirSync(headers);
    writeFileSync(join(headers, 'layout.h'), sources.layoutHeader);
    const includes = [sources.folder, headers, sources.napiFolder].flatMap((path) => ['-I', path]);
    const args = [...FLAGS[build], ...includes, sources.unit, '-o', stagedAddon(staging)];
    const failure = compile(compiler, args, env);
    if (failure === null) publish(staging, folder, name);
    return failure;
  } catch (error) {
    return cannotUse(folder, error);
  } finally {
    if (staging !== undefined) rmSync(staging, { recursive: true, force: true });
  }
}

/** Names everything that decides what the addon is, so that no other one is ever taken for it. */
export function addonName(build: NativeBuild, sources: Sources, compiler: Compiler): string {
  const identity = [
    sources.digest,
    ...FLAGS[build],
    ...compiler.command,
    compiler.version,
    process.versions.modules,
    process.versions.napi,
    platform(),
    // What -march=native gives depends on the processor, and a home folder can be shared between machines.
    build === 'march-native' ? (cpus()[0]?.model ?? '') : '',
  ];
  const digest = createHash('sha256').update(identity.join('\0')).digest('hex').slice(0, 16);
  return `native-${build}-${arch()}-${digest}`;
}
