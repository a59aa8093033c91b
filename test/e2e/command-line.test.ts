import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { POLICIES } from '../../src/types.ts';
import { NATIVE_REASON } from '../implementations.ts';
import { barometer, ENTRY, finish, start, temporaryFolder } from './barometer.ts';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const COMMANDS = [
  'run',
  'ab',
  'profile',
  'calibrate',
  'list',
  'inspect',
  'size',
  'conform',
  'coherence',
  'compare',
  'merge',
  'history',
  'doctor',
];

const LIBRARY = new URL('../index.js', pathToFileURL(ENTRY)).href;

describe('help', () => {
  test('names every command', async () => {
    const { exitCode, stdout, stderr } = await barometer(['--help']);
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const command of COMMANDS) expect(stdout).toContain(`\n  ${command} `);
  });

  test.each(COMMANDS)('of %s has an example that begins with it', async (command) => {
    const { exitCode, stdout } = await barometer([command, '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples?:\n  barometer ${command}`));
  });

  test('without a command is what is printed, as an error', async () => {
    const { exitCode, stdout, stderr } = await barometer([]);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('Usage: barometer');
  });
});

test('--version is that of the package', async () => {
  expect(await barometer(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
});

describe('bad input: exit code 2, one message, nothing measured', () => {
  test.each([
    [['rum'], /unknown command 'rum'\n\(Did you mean run\?\)/],
    [['run', '--nope'], /unknown option '--nope'/],
    [['inspect'], /missing required argument 'device'/],
    [['run', 'config-reed/batch'], /no workload "config-reed\/batch"; did you mean "config-read\/batch"\?/],
    [['run', ''], /no workload ""\./],
    [['run', '--suite', 'smok'], /no suite "smok"; did you mean "smoke"\? Suites are default, full, smoke/],
    [['run', '--impl', 'rust'], /--impl "rust": expected wasm, ts, native, noop/],
    [['run', '--native-build', 'O9'], /--native-build "O9": expected O3, march-native/],
    [['run', '--impl', 'wasm,,ts'], /--impl "": expected wasm, ts, native, noop/],
    [
      ['run', '--device', 'gh200-120g'],
      /"gh200-120g" is neither a file nor a profile; did you mean gh200-120gb\?/,
    ],
    [['run', '--device', ''], /"" is neither a file nor a profile/],
    [['run', '--device', '/dev/zero'], /no regular file/],
    [['run', '--device', 'host:zz'], /"zz" after host: is no slot/],
    [['run', '--policy', 'lax'], /--policy "lax": expected strict, nvgrace, core/],
    [
      ['run', '--device', 'generic-type0', '--policy', 'nvgrace'],
      /has no GPU memory; give its size with --gpu-memory/,
    ],
    [['run', '--generation', '7'], /--generation "7": expected 6\.9, 6\.14, 7\.0/],
    [['run', '--budget', '5'], /--budget "5": expected a duration with its unit/],
    [['run', '--budget=-1s'], /--budget "-1s": expected a duration/],
    [['run', '--seed', '0'], /--seed "0": expected a whole number, 1 to/],
    [['run', '--seed', '9007199254740991'], /--seed "9007199254740991": expected a whole number/],
    [['run', '--filter', '('], /--filter "\(": expected a regular expression/],
    [['run', '--filter', 'zzz'], /--filter "zzz" leaves no workload/],
    [['run', '--gpu-memory', 'lots'], /--gpu-memory "lots": expected a size/],
    [['run', '--gpu-memory', '1GiB'], /nvgrace-gpu refuses 1073741824 bytes of GPU memory with EINVAL/],
    [['run', '--gpu-memory', '512MiB'], /nvgrace-gpu refuses 536870912 bytes of GPU memory with EOVERFLOW/],
    [['run', 'noop/call', '--suite', 'smoke'], /workloads \(noop\/call\) and --suite smoke were both given/],
    [['run', '--out', ''], /--out "": expected the name of a file/],
    [['size'], /missing required argument 'device'/],
    [['size', 'gh200-120g'], /did you mean gh200-120gb\?/],
    [['size', 'gh200-120gb', '--sizer', 'bios'], /--sizer "bios": expected linux, linux-older, freebsd/],
    [['size', 'gh200-120gb', '--policy', 'core,lax'], /--policy "lax": expected strict/],
    [
      ['size', 'gh200-120gb', '--physical-bars', '5:mem64p:128GiB'],
      /--physical-bars "5:mem64p:128GiB": index 5; expected 0 to 4 for a 64-bit BAR/,
    ],
    [['conform', '--impl', 'noop'], /noop answers nothing/],
    [['coherence', 'chek'], /unknown command 'chek'\n\(Did you mean check\?\)/],
    [['coherence', 'check', 'all'], /too many arguments/],
    [
      ['coherence', 'predict', '--profile', 'gh300'],
      /"gh300" is neither a coherence profile \(gh200-120gb, pcie-gen5-io-coherent\) nor a file/,
    ],
    [['coherence', 'validate', '--profile', ''], /"" is neither a coherence profile/],
    [['coherence', 'profile', 'gh300'], /"gh300" is no built-in coherence profile; expected gh200-120gb or/],
    [['doctor', 'clock'], /too many arguments/],
    [['merge'], /missing required argument 'results'/],
    [['merge', 'a.json'], /expected --out FILE, or --json to print them/],
    [['merge', 'a.json', '--out', ''], /--out "": expected the name of a file/],
    [['compare', 'a.json'], /missing required argument 'candidate'/],
    [['profile'], /missing required argument 'workload'/],
    [
      ['profile', 'config-reed/batch'],
      /no workload "config-reed\/batch"; did you mean "config-read\/batch"\?/,
    ],
    [['profile', 'config-*'], /"config-\*" names 4 workloads, and a profile is of one: config-read\/batch, /],
    [['profile', 'config-*', '--filter', 'read'], /"config-\*" names 2 workloads, and a profile is of one: /],
    [['profile', 'noop/call', '--impl', 'noop'], /--impl "noop": expected wasm, ts, native/],
    [['profile', 'noop/call', '--impl', 'wasm,ts'], /--impl "wasm,ts": expected wasm, ts, native/],
    [['profile', 'noop/call', '--time', '2'], /--time "2": expected a duration with its unit/],
    [['profile', 'noop/call', '--time', '61s'], /--time "61s": expected 100ms to 60s/],
    [['profile', 'noop/call', '--svg', ''], /--svg "": expected the name of a file/],
    [['profile', 'region-copy', '--filter', 'zzz'], /--filter "zzz" leaves no workload of 37/],
    [['profile', 'noop/call', '--device', 'gh200-120g'], /did you mean gh200-120gb\?/],
    [['calibrate', '--out', ''], /--out "": expected the name of a file/],
    [['calibrate', 'config-raed'], /no workload "config-raed"/],
    [['ab', '.', '.', '--fail-on', 'slower'], /--fail-on "slower": expected regression/],
    [['compare', 'a.json', 'b.json', '--fail-on', 'slower'], /--fail-on "slower": expected regression/],
    [['compare', 'a.json', 'b.json', '--margin', '1'], /--margin "1": expected a percentage/],
    [['history', 'forget'], /unknown command 'forget'/],
    [['history', 'add'], /missing required argument 'results'/],
    [['history', 'show'], /results\/history\.ndjson: there is no such file or folder/],
    [['conform', '--vectors', '/nowhere.json'], /\/nowhere\.json: cannot be read \(ENOENT\)/],
  ])('%j', async (args, message) => {
    using folder = temporaryFolder();
    const { exitCode, stdout, stderr } = await barometer(args, { cwd: folder.path });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^barometer: /);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('escape sequences in what is quoted reach no terminal', async () => {
    const red = '\x1b[31m\x1b]0;title\x07';
    for (const args of [
      ['run', red],
      ['run', `--${red}`],
      ['inspect', red],
      ['run', '--filter', `${red}(`],
      [red],
    ]) {
      const { exitCode, stderr } = await barometer(args);
      expect(exitCode, args.join(' ')).toBe(2);
      expect(stderr, args.join(' ')).not.toContain('\x1b');
    }
  });
});

describe('list', () => {
  test('--json is one document of all that can be named', async () => {
    const { exitCode, stdout, stderr } = await barometer(['list', '--json']);
    expect([exitCode, stderr]).toEqual([0, '']);
    const names = (list: { name: string }[]) => list.map(({ name }) => name);
    const document = JSON.parse(stdout);
    expect(names(document.workloads)).toContain('region-copy');
    expect(names(document.suites).sort()).toEqual(['default', 'full', 'smoke']);
    expect(names(document.devices)).toContain('gh200-120gb');
    expect(names(document.policies)).toEqual([...POLICIES]);
    expect(names(document.sizers)).toEqual(expect.arrayContaining(['linux', 'cloud-hypervisor', 'qemu']));
    expect(document.implementations).toMatchObject([
      { name: 'wasm', available: true, reason: null },
      { name: 'ts', available: true, reason: null },
      { name: 'native', available: NATIVE_REASON === null, reason: NATIVE_REASON },
      { name: 'noop', available: true, reason: null },
    ]);
  });

  test('in words has the same names', async () => {
    const { stdout } = await barometer(['list']);
    for (const name of ['config-read/batch', 'smoke', 'gh200-no-bar2', 'nvgrace', 'seabios', 'noop']) {
      expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    }
  });
});

describe('doctor', () => {
  test('--json is one document; whatever is found, it ends well', async () => {
    const { exitCode, stdout, stderr } = await barometer(['doctor', '--json'], {
      env: { CC: 'no-such-compiler', NODE_OPTIONS: '--jitless' },
    });
    expect([exitCode, stderr]).toEqual([0, '']);
    const { schema, checks } = JSON.parse(stdout);
    expect(schema).toBe('barometer/doctor/1');
    const byName = Object.fromEntries(checks.map((check: { name: string }) => [check.name, check]));
    expect(byName.compiler).toMatchObject({ status: 'warn', value: 'none (no-such-compiler)' });
    expect(byName.flags).toMatchObject({ status: 'bad', value: '--jitless', fix: 'unset NODE_OPTIONS' });
    expect(byName.clock.value).toMatch(/ a reading, steps of /);
  });

  test('in words has a line for each check, and a conclusion', async () => {
    const { exitCode, stdout, stderr } = await barometer(['doctor']);
    expect([exitCode, stderr]).toEqual([0, '']);
    for (const name of ['node', 'clock', 'cores', 'neighbours', 'hypervisor']) {
      expect(stdout).toMatch(new RegExp(`^(ok|warn|bad|unknown) +${name} `, 'm'));
    }
    expect(stdout).toMatch(/\n\n.+\n$/);
  });
});

describe('size', () => {
  test('prints the table that the golden file has', async () => {
    const { exitCode, stdout, stderr } = await barometer(['size', 'gh200-no-bar2']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(readFileSync(new URL('../golden/size-gh200-no-bar2.txt', import.meta.url), 'utf8'));
  });

  test('of a bridge in a raw file: the sizers of vfio-pci do not apply', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'bridge');
    const config = new Uint8Array(256);
    config.set([0x86, 0x80, 0x01, 0x00, 0x03], 0);
    config[0x0e] = 1;
    config.set([0x04, 0x00, 0x10, 0xfe], 0x10); // 64-bit, at 0xfe100000
    writeFileSync(path, config);
    const { exitCode, stdout } = await barometer(['size', path, '--json']);
    expect(exitCode).toBe(0);
    const [strict, ...others] = JSON.parse(stdout).policies;
    expect([strict.policy, others]).toEqual(['strict', []]);
    const bar = { barIdx: 0, kind: 'mem64', prefetchable: false, sizeBytes: String(2 ** 20) };
    expect(strict.expected).toEqual([{ ...bar, behind: 'physical' }]);
    for (const { sizer, applies, bars, wrong } of strict.sizers) {
      expect(wrong).toEqual([]);
      const isVfio = sizer === 'qemu' || sizer === 'cloud-hypervisor';
      expect([sizer, applies, bars]).toEqual([sizer, !isVfio, isVfio ? [] : [bar]]);
    }
    expect((await barometer(['size', path])).stdout).toMatch(/^strict {2}ok .* – +–$/m);
  });
});

describe('a machine without a C compiler', () => {
  const env = { CC: '/nowhere/cc' };
  const reason = 'CC is "/nowhere/cc", which does not run: set it to a C compiler, or unset it';

  test('is told of by list', async () => {
    const { exitCode, stdout } = await barometer(['list', '--json'], { env });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout).implementations).toContainEqual(
      expect.objectContaining({ name: 'native', available: false, reason }),
    );
    expect((await barometer(['list'], { env })).stdout).toContain(`not available: ${reason}`);
  });

  test('skips the whole suite on native, and no other', async () => {
    const { exitCode, stdout } = await barometer(['conform', '--json'], { env });
    expect(exitCode).toBe(0);
    const { implementations, skips } = JSON.parse(stdout);
    const { wasm, native } = implementations;
    expect(native).toEqual({ passed: 0, failed: 0, skipped: wasm.passed });
    expect(wasm.skipped).toBe(0);
    expect(new Set(skips.map((skip: { reason: string }) => skip.reason))).toEqual(
      new Set([`native is not available: ${reason}`]),
    );
  });

  test('is a clear error in the library', () => {
    const source = `
      import { openDevice } from ${JSON.stringify(LIBRARY)};
      try {
        openDevice('generic-type0', { implementation: 'native' });
      } catch (error) {
        console.log(error.name, error.message);
      }`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    expect(stdout).toBe(`UnavailableImplementation implementation native is not available: ${reason}\n`);
  });
});

describe('output that cannot be written', () => {
  /** Runs with the reader of standard output gone before the first byte. */
  async function withoutReader(args: readonly string[]) {
    const child = start(args);
    child.stdout!.destroy();
    const stderr = child.stderr!.setEncoding('utf8').toArray();
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    return { exitCode, stderr: (await stderr).join('') };
  }

  test.each([
    [['list']],
    [['--help']],
    [['inspect', 'gh200-120gb']],
    [['size', 'gh200-120gb']],
    [['conform', '--json', '--impl', 'ts']],
  ])('%j into a pipe that nobody reads ends in silence', async (args) => {
    expect(await withoutReader(args)).toEqual({ exitCode: 0, stderr: '' });
  });

  test('a run that nobody reads keeps its file', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'a.json');
    const outcome = await withoutReader(['run', 'noop/call', '--budget', '1ms', '--out', out]);
    expect(outcome).toEqual({ exitCode: 0, stderr: '' });
    expect(existsSync(out)).toBe(true);
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk (skipped without /dev/full) is named', async () => {
    const full = openSync('/dev/full', 'w');
    const outcome = await finish(start(['list'], { stdio: ['ignore', full, 'pipe'] }));
    closeSync(full);
    expect(outcome).toMatchObject({
      exitCode: 2,
      stderr: 'barometer: cannot write to standard output: ENOSPC\n',
    });
  });
});

test('nothing waits for standard input', async () => {
  const child = start(['list', '--json'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const { exitCode, stdout } = await finish(child);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toHaveProperty('workloads');
});

test('a dump whose text holds escape sequences prints none', async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, 'dump.txt');
  writeFileSync(path, `00:02.0 \x1b[31mVGA\x1b[0m\n00: 86 80 02 00\n`);
  const { stdout, stderr } = await barometer(['inspect', path]);
  expect(stdout + stderr).not.toContain('\x1b');
});
