/** `barometer profile`, as a user starts it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { SpeedscopeFile } from '../../src/profile/speedscope.ts';
import { type ProfileDocument, parseProfile } from '../../src/results/profile.ts';
import { NATIVE_REASON } from '../implementations.ts';
import { barometer, finish, start, temporaryFolder } from './barometer.ts';

/** Where only what is there counts. */
const SHORT = '300ms';
/** Where shares count: on a busy machine, a short one may see little of the arm. */
const LONG = '2s';

const profile = (...args: string[]) =>
  barometer(['profile', ...args, ...(args.includes('--time') ? [] : ['--time', SHORT])]);

async function report(...args: string[]): Promise<ProfileDocument> {
  const { exitCode, stdout, stderr } = await profile(...args, '--json');
  expect([exitCode, stderr]).toEqual([0, '']);
  return parseProfile(JSON.parse(stdout), 'standard output');
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe('profile', () => {
  const HOTTEST: readonly (readonly [string, string, string, string])[] = [
    ['wasm', 'fast', 'assembly/access-batch.ts', 'decode'],
    ['ts', 'reads32', 'src/device/ts/config-runs.ts', 'decode'],
    ['native', '(native call)', '', 'native'],
  ];
  const here = HOTTEST.filter(([implementation]) => NATIVE_REASON === null || implementation !== 'native');

  test.each(here)(
    'of %s: most of a batch is in %s, and shares add up',
    async (implementation, name, file, share) => {
      const found = await report('config-read/batch', '--impl', implementation, '--time', LONG);
      expect(found).toMatchObject({
        schema: 'barometer/profile/1',
        implementation,
        settings: { device: 'gh200-120gb', policy: 'nvgrace' },
        variants: 9,
        interrupted: false,
      });
      // A host that stops everything for a while leaves gaps, which are no function of the arm.
      const [hottest] = found.functions.filter((one) => one.share !== 'other');
      expect(hottest).toMatchObject({ name, file, share });
      expect(sum(Object.values(found.shares).map(({ share: one }) => one))).toBeCloseTo(1, 9);
      expect(sum(found.functions.map(({ selfShare }) => selfShare))).toBeCloseTo(1, 9);
      expect(found.shares[hottest!.share].share).toBeGreaterThan(found.shares.harness.share / 2);
      expect(found.parts.map(({ part, stack }) => [part, stack !== null])).toEqual(
        ['harness', 'boundary', 'copy', 'decode'].map((part) => [part, true]),
      );
    },
  );

  test('prints shares and functions, and saves the stacks in both forms', async () => {
    using folder = temporaryFolder();
    const [scope, svg] = [join(folder.path, 'deep/stacks.json'), join(folder.path, 'flames.svg')];
    const args = [
      'region-*',
      '--filter',
      '^region-copy .*"sizeBytes":4096,',
      '--speedscope',
      scope,
      '--svg',
      svg,
    ];
    const { exitCode, stdout, stderr } = await profile(...args);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^region-copy \{"sizeBytes":4096,.* on wasm, the first of \d+ variants/);
    expect(stdout).toMatch(/^ *\d.*% {2}copy /m);
    expect(stdout).toMatch(/^ *\d.*% {2}copyBytes +assembly\/copy\.ts +copy +turbofan +[\d,]+ B$/m);
    const { profiles, shared, exporter } = JSON.parse(readFileSync(scope, 'utf8')) as SpeedscopeFile;
    expect(exporter).toMatch(/^barometer \d/);
    expect(profiles[0]!.samples).toHaveLength(profiles[0]!.weights.length);
    expect(shared.frames).toContainEqual({ name: 'copyBytes', file: 'assembly/copy.ts' });
    expect(readFileSync(svg, 'utf8')).toMatch(
      /^<svg [\s\S]*<title>copyBytes, assembly\/copy\.ts: [\s\S]*<\/svg>\n$/,
    );
  });

  test('--json holds all that a page needs', async () => {
    using folder = temporaryFolder();
    const [json, page] = [join(folder.path, 'profile.json'), join(folder.path, 'page.html')];
    writeFileSync(json, JSON.stringify(await report('config-read/call')));
    expect(await barometer(['report', json, '--html', page])).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
    expect(readFileSync(page, 'utf8')).toMatch(
      /<h2>Profile: \d+% of config-read\/call on wasm in [\s\S]*<svg class="flame"/,
    );
  });

  test('an error where a file cannot be written, after what was found', async () => {
    using folder = temporaryFolder();
    const taken = join(folder.path, 'taken');
    writeFileSync(taken, '');
    const { exitCode, stdout, stderr } = await profile('noop/batch', '--svg', join(taken, 'flames.svg'));
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^noop\/batch /);
    expect(stderr).toMatch(/^barometer: --svg .*taken\/flames\.svg: cannot be written: /);
  });

  test('an error where the device cannot serve the workload', async () => {
    const { exitCode, stdout, stderr } = await profile('guest-boot', '--device', 'generic-type0');
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^barometer: guest-boot on wasm: /);
  });

  test.runIf(existsSync('/proc/self/task'))('Ctrl-C keeps what was seen, and leaves no process', async () => {
    const child = start(['profile', 'config-read/batch', '--time', '60s']);
    const ended = finish(child);
    const profiled = await untilProfiled(child.pid!);
    child.kill('SIGINT');
    const { exitCode, stdout } = await ended;
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/ of passes(, of which no sample saw [\d.]+%)?, cut short; turbofan$/m);
    expect(existsSync(`/proc/${profiled}`)).toBe(false);
  });
});

test.runIf(existsSync('/proc/self/task'))(
  'a second Ctrl-C ends it at once, and leaves no folder',
  async () => {
    using folder = temporaryFolder();
    const child = start(['profile', 'config-read/batch', '--time', '60s'], {
      env: { TMPDIR: folder.path },
    });
    const ended = finish(child);
    await untilProfiled(child.pid!);
    expect(readdirSync(folder.path).some((name) => name.startsWith('barometer-profile-'))).toBe(true);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect((await ended).exitCode).toBe(130);
    expect(readdirSync(folder.path)).toEqual([]);
  },
);

/** The process below `pid` that V8's profiler has a thread in, once there is one. */
async function untilProfiled(pid: number): Promise<number> {
  for await (const _ of setInterval(5)) {
    const found = descendants(pid).find((child) =>
      threadNames(child).some((name) => name.includes('ProfEvntProc')),
    );
    if (found !== undefined) return found;
  }
  throw new Error('the interval has ended');
}

function descendants(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readOr(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...(existsSync(`/proc/${child}`) ? descendants(child) : [])]);
}

function threadNames(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => readOr(`/proc/${pid}/task/${thread}/comm`));
  } catch {
    return []; // it has ended
  }
}

function readOr(path: string, otherwise = ''): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return otherwise;
  }
}
