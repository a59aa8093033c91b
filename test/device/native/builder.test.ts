/** What a machine lacks is told, and nothing but a sound addon is ever loaded. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { addonName, type BuilderOptions, buildNative } from '../../../src/device/native/builder.ts';
import { type Compiler, findCompiler } from '../../../src/device/native/compiler.ts';
import { NATIVE_BUILDS } from '../../../src/device/native/native-build.ts';
import { findSources, sourcesIn } from '../../../src/device/native/sources.ts';
import { NATIVE_NOTE, NATIVE_REASON } from '../../implementations.ts';

const root = mkdtempSync(join(tmpdir(), 'barometer-native-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let made = 0;
function folder(): string {
  const path = join(root, `${made++}`);
  mkdirSync(path);
  return path;
}

const sources = findSources()!;

/** The environment of this process with a cache, and a place for temporary files, of its own. */
function options(changes: NodeJS.ProcessEnv = {}): BuilderOptions {
  return { env: { ...process.env, BAROMETER_CACHE: folder(), ...changes }, sources };
}

function script(text: string): string {
  const path = join(folder(), 'cc');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

function reasonOf(native: ReturnType<typeof buildNative>): string {
  if (native.available) throw new Error(`available: ${native.path}`);
  return native.reason;
}

/** The one entry of a cache. */
function entry(cache: string): { folder: string; addon: string; digest: string } {
  const names = readdirSync(cache);
  expect(names).toHaveLength(1);
  const place = join(cache, names[0]!);
  return { folder: place, addon: join(place, 'addon.node'), digest: join(place, 'addon.sha256') };
}

describe('a machine without a compiler', () => {
  test('says which names were tried', () => {
    const { env } = options({ CC: '', PATH: folder() });
    expect(reasonOf(buildNative('O3', { env, sources }))).toBe(
      'no C compiler found (cc, gcc, clang): install gcc, or set CC',
    );
  });

  test.each(['nonsense-compiler', '/nowhere/cc -m64', 'false'])('says that CC %s does not run', (CC) => {
    expect(reasonOf(buildNative('O3', options({ CC })))).toBe(
      `CC is ${JSON.stringify(CC)}, which does not run: set it to a C compiler, or unset it`,
    );
  });

  test('that lacks the sources says so', () => {
    expect(reasonOf(buildNative('O3', { ...options(), sources: null }))).toMatch(/sources .* are missing/);
  });
});

describe('a compiler that fails', () => {
  const failing = (says: string) => script(`[ "$1" = --version ] && echo 'fake 1.0' && exit 0\n${says}`);

  test('is quoted with its first line of error, and leaves nothing behind', () => {
    const CC = failing(
      "echo 'In file included from a.c:' >&2; echo 'a.c:1: error: no such thing' >&2; exit 1",
    );
    const { env } = options({ CC });
    expect(reasonOf(buildNative('O3', { env, sources }))).toBe(`${CC} failed: a.c:1: error: no such thing`);
    expect(readdirSync(env.BAROMETER_CACHE!)).toEqual([]);
  });

  test('without a word is quoted with its exit status', () => {
    const CC = failing('exit 7');
    expect(reasonOf(buildNative('O3', options({ CC })))).toBe(`${CC} failed: exit status 7`);
  });

  test('that says it succeeded and wrote nothing is no addon', () => {
    const CC = failing('exit 0');
    expect(reasonOf(buildNative('O3', options({ CC })))).toMatch(/ENOENT.*addon\.node/);
  });

  test('that writes something else gives an addon that does not load, and no entry that stays', () => {
    const CC = failing('while [ "$1" != -o ]; do shift; done; echo rubbish > "$2"');
    const { env } = options({ CC });
    expect(reasonOf(buildNative('O3', { env, sources }))).toMatch(/^the compiled addon does not load: /);
    expect(readdirSync(env.BAROMETER_CACHE!)).toEqual([]);
  });
});

describe.skipIf(NATIVE_REASON !== null)(`a cache${NATIVE_NOTE}`, () => {
  /** A cache with the reference build in it. */
  const prepared = NATIVE_REASON === null ? options() : null;
  if (prepared) buildNative('O3', prepared);

  function copied(): BuilderOptions {
    const cache = folder();
    cpSync(prepared!.env.BAROMETER_CACHE!, cache, { recursive: true });
    return { env: { ...prepared!.env, BAROMETER_CACHE: cache }, sources };
  }

  test('is used again, not built again', () => {
    const { env } = copied();
    const { addon } = entry(env.BAROMETER_CACHE!);
    const before = statSync(addon).ino;
    expect(buildNative('O3', { env, sources }).available).toBe(true);
    expect(statSync(addon).ino).toBe(before);
  });

  test.each([
    ['cut short', ({ addon }: ReturnType<typeof entry>) => truncateSync(addon, 1000)],
    ['empty', ({ addon }: ReturnType<typeof entry>) => truncateSync(addon, 0)],
    ['with another digest', ({ digest }: ReturnType<typeof entry>) => writeFileSync(digest, 'a'.repeat(64))],
    ['without a digest', ({ digest }: ReturnType<typeof entry>) => rmSync(digest)],
    ['without an addon', ({ addon }: ReturnType<typeof entry>) => rmSync(addon)],
    ['of other content', ({ addon }: ReturnType<typeof entry>) => writeFileSync(addon, 'rubbish')],
  ])('entry %s is built anew', (_, damage) => {
    const { env } = copied();
    const cache = env.BAROMETER_CACHE!;
    const sound = readFileSync(entry(cache).addon);
    damage(entry(cache));
    expect(buildNative('O3', { env, sources })).toMatchObject({ available: true, path: entry(cache).addon });
    expect(readFileSync(entry(cache).addon).equals(sound)).toBe(true);
  });

  test('entry that is whole and is no addon of this ABI is built anew', () => {
    const { env } = copied();
    const { addon, digest } = entry(env.BAROMETER_CACHE!);
    writeFileSync(addon, 'an addon for another machine');
    const sha256 = spawnSync('sha256sum', [addon], { encoding: 'utf8' }).stdout.split(' ')[0]!;
    writeFileSync(digest, sha256);
    expect(buildNative('O3', { env, sources }).available).toBe(true);
    expect(readFileSync(digest, 'utf8')).not.toBe(sha256);
  });

  test('that others can write is not believed', () => {
    const { env } = copied();
    const open = env.BAROMETER_CACHE!;
    chmodSync(open, 0o777);
    const native = buildNative('O3', { env: { ...env, TMPDIR: folder() }, sources });
    expect(native).toMatchObject({ available: true });
    expect(native.available && native.path).not.toContain(open);
  });

  test('that cannot be is replaced by one among the temporary files', () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    const { env } = options({ BAROMETER_CACHE: file });
    expect(buildNative('O3', { env, sources })).toMatchObject({
      available: true,
      path: expect.stringContaining(join(tmpdir(), `barometer-${userInfo().uid}`)),
    });
  });

  test('of neither kind is a reason', () => {
    const nowhere = join(folder(), 'file');
    writeFileSync(nowhere, '');
    const source = `
      import { buildNative } from ${JSON.stringify(builderUrl)};
      import { findSources } from ${JSON.stringify(sourcesUrl)};
      console.log(JSON.stringify(buildNative('O3', { env: process.env, sources: findSources() })));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
      encoding: 'utf8',
      env: { ...process.env, BAROMETER_CACHE: nowhere, TMPDIR: nowhere },
    });
    const { reason } = JSON.parse(stdout);
    expect(reason).toContain(`cannot keep it in ${nowhere}: `);
    expect(reason).toMatch(/: set BAROMETER_CACHE to a folder that can be written$/);
  });

  test('that two processes fill at once has one sound entry, which both load', async () => {
    const { env } = options();
    const source = `
      import { buildNative } from ${JSON.stringify(builderUrl)};
      import { findSources } from ${JSON.stringify(sourcesUrl)};
      const native = buildNative('O3', { env: process.env, sources: findSources() });
      console.log(native.available ? Object.keys(native.addon).join() : native.reason);`;
    const outputs = await Promise.all(
      [1, 2].map(async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', source], { env });
        return (await child.stdout.setEncoding('utf8').toArray()).join('');
      }),
    );
    expect(outputs).toEqual(['open,attach\n', 'open,attach\n']);
    entry(env.BAROMETER_CACHE!);
  });

  test('is found through CC with arguments, by way of a link', () => {
    const bin = folder();
    const { stdout } = spawnSync('sh', ['-c', 'command -v cc || command -v gcc || command -v clang'], {
      encoding: 'utf8',
    });
    symlinkSync(stdout.trim(), join(bin, 'my-cc'));
    const PATH = [bin, process.env.PATH].join(delimiter);
    expect(buildNative('O3', options({ CC: ' my-cc  -O1 ', PATH }))).toMatchObject({ available: true });
  });

  test('every build loads, and says its flags', () => {
    for (const build of NATIVE_BUILDS) {
      const native = buildNative(build, { env: prepared!.env, sources });
      expect(native).toMatchObject({ available: true, compiler: expect.stringContaining('-O3') });
    }
  });
});

const builderUrl = new URL('../../../src/device/native/builder.ts', import.meta.url).href;
const sourcesUrl = new URL('../../../src/device/native/sources.ts', import.meta.url).href;

describe('the name of an addon', () => {
  const compiler: Compiler = { command: ['cc'], version: 'cc 1.0' };
  const name = (changes: Partial<Compiler> = {}, layout = sources.layoutHeader, place = sources.folder) =>
    addonName('O3', sourcesIn(place, sources.napiFolder, layout), { ...compiler, ...changes });

  test('is the same each time', () => {
    expect(name()).toBe(name());
    expect(name()).toMatch(new RegExp(`^native-O3-${process.arch}-[0-9a-f]{16}$`));
  });

  test('changes with every source and header, the layout, the compiler and the flags', () => {
    const copy = folder();
    cpSync(sources.folder, copy, { recursive: true });
    const names = new Set([name(), name({ version: 'cc 2.0' }), name({ command: ['cc', '-m64'] })]);
    expect(name({}, sources.layoutHeader, copy)).toBe(name());
    names.add(name({}, `${sources.layoutHeader}#define MORE 1\n`));
    names.add(addonName('march-native', sources, compiler));
    for (const file of ['access-batch.c', 'bytes.h', 'policy/core.c']) {
      writeFileSync(join(copy, file), `${readFileSync(join(copy, file), 'utf8')}\n`);
      names.add(name({}, sources.layoutHeader, copy));
    }
    expect(names.size).toBe(8);
  });
});

test('the layout for C has every constant of the layout, with its value', () => {
  const text = readFileSync(
    join(dirname(fileURLToPath(import.meta.url)), '../../../assembly/layout.ts'),
    'utf8',
  );
  const constants = [...text.matchAll(/^export const (\w+) = (\d+);$/gm)];
  expect(constants.length).toBeGreaterThan(70);
  for (const [, constant, value] of constants) {
    expect(sources.layoutHeader).toContain(`\n#define ${constant} ${value}\n`);
  }
});

test('the one translation unit includes every file', () => {
  const names = readdirSync(sources.folder, { recursive: true, encoding: 'utf8' });
  const units = names.filter((name) => name.endsWith('.c') && name !== 'unit.c');
  const included = [...readFileSync(sources.unit, 'utf8').matchAll(/^#include "(.*)"$/gm)].map(
    ([, name]) => name,
  );
  expect(included.sort()).toEqual(units.sort());
});

test('a search without an environment finds no compiler, and does not throw', () => {
  expect(findCompiler({ PATH: '' })).toEqual({ reason: expect.stringMatching(/^no C compiler found/) });
});
