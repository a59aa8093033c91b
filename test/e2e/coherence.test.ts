/** `barometer coherence`, as a user starts it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { coherenceProfileText } from '../../src/coherence/profiles/profiles.ts';
import { PUBLISHED_CELLS } from '../../src/coherence/published/cells.ts';
import { barometer, finish, start, temporaryFolder } from './barometer.ts';

const coherence = (...args: string[]) => barometer(['coherence', ...args]);

/** A machine of few agents, which is simulated quickly. */
function smallProfile(folder: string): string {
  const path = join(folder, 'small.txt');
  const text = coherenceProfileText('gh200-120gb')!
    .replace(/^(cpu-cores +)72 /m, '$12 ')
    .replace(/^(gpu-sms +)132 /m, '$12 ')
    .replace(/^(gpu-outstanding-(?:reads|writes) +)1024 /gm, '$150 ')
    .replace('gh200-120gb', 'small');
  writeFileSync(path, text);
  return path;
}

/** Until it can be interrupted. Of the signals that it listens for, SIGHUP is the one that Node itself does not catch before. */
async function untilItListens(pid: number): Promise<void> {
  for await (const _ of setInterval(5)) {
    const [, caught] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
    if ((BigInt(`0x${caught}`) >> BigInt(constants.signals.SIGHUP - 1)) & 1n) return;
  }
}

describe('coherence validate', () => {
  test('has a row of either evidence for every published cell, whatever the profile', async () => {
    using folder = temporaryFolder();
    const profile = smallProfile(folder.path);
    const { exitCode, stdout, stderr } = await coherence('validate', '--profile', profile, '--json');
    expect([exitCode, stderr]).toEqual([0, '']);
    const { schema, profile: name, rows } = JSON.parse(stdout);
    expect([schema, name]).toEqual(['barometer/coherence-validation/1', 'small']);
    for (const evidence of ['published', 'modelled']) {
      const cells = rows.filter((row: { evidence: string }) => row.evidence === evidence);
      expect(cells).toHaveLength(PUBLISHED_CELLS.length);
    }
    const chase = rows.find(
      (row: { cell: string; evidence: string }) =>
        row.cell === 'chase.grace.lpddr' && row.evidence === 'modelled',
    );
    expect(chase.value).toBeCloseTo(170.227, 6);
  });
});

describe('coherence predict', () => {
  test('prints latencies with their parts, ping-pong one way and round trip, and what the model is', async () => {
    using folder = temporaryFolder();
    const { exitCode, stdout, stderr } = await coherence('predict', '--profile', smallProfile(folder.path));
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Profile small, modelled\.$/m);
    expect(stdout).toMatch(/^chase\.hopper\.hbm +344\.2 +145\.0 +199\.2$/m);
    expect(stdout).toMatch(/^pingpong\.lpddr\.grace +[\d.]+ \| [\d.]+ +[\d.]+ \| [\d.]+$/m);
    expect(stdout).toMatch(/\nModel: directory protocol with CHI-style messages, with parameters of which/);
  });

  test('names the line of a profile that is none', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'bad.txt');
    writeFileSync(path, 'barometer/coherence-profile/1 bad\n\ncpu-cores 0 count assumed nobody\n');
    const { exitCode, stdout, stderr } = await coherence('predict', '--profile', path);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`${path}:3: `);
  });

  test('Ctrl-C ends it', async () => {
    const child = start(['coherence', 'predict']);
    const finished = finish(child);
    await untilItListens(child.pid!);
    child.kill('SIGINT');
    expect(await finished).toEqual({ exitCode: 130, stdout: '', stderr: '' });
  });
});

describe('coherence explain', () => {
  test('prints one JSON document, and saves a diagram', async () => {
    using folder = temporaryFolder();
    const svg = join(folder.path, 'load.svg');
    const access = ['explain', 'grace', 'load', 'hbm', '--line', 'shared'];
    const { exitCode, stdout, stderr } = await coherence(...access, '--json', '--svg', svg);
    expect([exitCode, stderr]).toEqual([0, '']);
    const { schema, evidence, steps, latencyNs, partsNs, closedNs } = JSON.parse(stdout);
    expect([schema, evidence]).toEqual(['barometer/coherence-explanation/1', 'modelled']);
    expect(steps.map(({ name }: { name: string }) => name)).toEqual([
      'ReadShared',
      'hit in L2',
      'CompData_SC',
      'CompAck',
    ]);
    const parts = Object.values<number>(partsNs);
    expect(parts.reduce((sum, ns) => sum + ns, 0)).toBeCloseTo(latencyNs, 6);
    expect(closedNs.until).toBe(steps[3].endNs);
    expect(readFileSync(svg, 'utf8')).toContain('<title id="title">grace load hbm: ');
  });

  test('prints a line a step, and where the diagram is', async () => {
    using folder = temporaryFolder();
    const svg = join(folder.path, 'add.svg');
    const { exitCode, stdout } = await coherence('explain', 'hopper add hbm', '--svg', svg);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ +0\.000 +[\d.]+ {2}SM 0 +Atomic +HN-H +fabric [\d.]+ +SM 0 I -> I_A$/m);
    expect(stdout).toMatch(/\nModel: directory protocol with CHI-style messages.*\nsaved {5}.*add\.svg\n$/);
  });

  test.each([
    [
      ['grace', 'laod', 'hbm'],
      /^barometer: "laod" as what is done: expected load, store, stream or add, as in/,
    ],
    [
      ['grace load hbm', '--line', 'own', '--profile', 'pcie-gen5-io-coherent'],
      /--line own of hbm: cores have no/,
    ],
  ])('%j: what was expected', async (words, message) => {
    const { exitCode, stdout, stderr } = await coherence('explain', ...words);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('coherence sweep', () => {
  test('prints a row for each value and figure, and saves a drawing', async () => {
    using folder = temporaryFolder();
    const svg = join(folder.path, 'link.svg');
    const swept = [
      'sweep',
      'link-propagation',
      'chase.*.l1',
      'chase.grace.hbm',
      '--from',
      '100ns',
      '--to',
      '500ns',
    ];
    const { exitCode, stdout, stderr } = await coherence(...swept, '--points', '3', '--json', '--svg', svg);
    expect([exitCode, stderr]).toEqual([0, '']);
    const { schema, parameter, valueUnit, own, rows } = JSON.parse(stdout);
    expect([schema, parameter, valueUnit]).toEqual(['barometer/coherence-sweep/1', 'link-propagation', 'ps']);
    const values = [...new Set(rows.map((row: { value: number }) => row.value))];
    expect(values).toEqual([100_000, 223_600, own, 500_000].sort((a, b) => a - b));
    expect(rows).toHaveLength(3 * values.length);
    for (const { evidence, figure } of rows) {
      expect(evidence).toBe('modelled');
      expect(figure).toBeGreaterThan(0);
    }
    expect(readFileSync(svg, 'utf8')).toContain('chase.grace.hbm');
  });

  test('refuses a parameter that is none', async () => {
    const { exitCode, stdout, stderr } = await coherence('sweep', 'link-propagtion');
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('no parameter "link-propagtion"; did you mean "link-propagation"?');
  });
});

describe('coherence calibrate', () => {
  test('Ctrl-C ends it with nothing written', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'fitted.txt');
    const child = start(['coherence', 'calibrate', '--out', out]);
    const finished = finish(child);
    await untilItListens(child.pid!);
    child.kill('SIGINT');
    expect(await finished).toEqual({ exitCode: 130, stdout: '', stderr: '' });
    expect(existsSync(out)).toBe(false);
  });
});

describe('coherence predict, of patterns', () => {
  test('has rows under the names of the measured mode, for each placement and side', async () => {
    using folder = temporaryFolder();
    const args = ['ping-pong-*', '--profile', smallProfile(folder.path), '--placement', 'hbm', '--json'];
    const { exitCode, stdout, stderr } = await coherence('predict', ...args);
    expect([exitCode, stderr]).toEqual([0, '']);
    const { schema, latencies, patterns } = JSON.parse(stdout);
    expect([schema, latencies]).toEqual(['barometer/coherence-prediction/1', []]);
    const facts = patterns.map(
      ({
        evidence,
        name,
        params,
        available,
      }: {
        evidence: string;
        name: string;
        params: { sides: string };
        available: boolean;
      }) => [...[evidence, name, params.sides, available]],
    );
    expect(facts).toEqual([
      ...['grace', 'hopper', 'grace-hopper', 'hopper-grace'].map((sides) => [
        ...['modelled', 'agents/ping-pong-cas', sides, true],
      ]),
      ...['grace', 'hopper'].map((sides) => ['modelled', 'agents/ping-pong-add', sides, false]),
    ]);
    for (const { nsPerOp, oneWayNs } of patterns.slice(0, 4)) expect(2 * oneWayNs).toBe(nsPerOp);
  });

  test.each([
    [['agents/chas'], 'did you mean "agents/chase"?'],
    [['ring'], 'agents/ring: no agent of the model works for others'],
    [['--agents', '2'], '--agents is an option of patterns: name one, as agents/chase'],
    [['chase', '--of', 'x'], '--of is an option of traces'],
    [['chase', '--trace', 'x'], 'were both given; name one of them'],
  ])('%j is bad input', async (args, message) => {
    const { exitCode, stdout, stderr } = await coherence('predict', ...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });
});

describe('coherence predict --trace', () => {
  const LINES = [
    'vfio_pci_read_config  (0000:01:00.0, @0x0, len=0x4) 0x234210de',
    'vfio_region_write  (0000:01:00.0:region4+0x1000, 0x1122334455667788, 8)',
    'vfio_region_read  (0000:01:00.0:region4+0x103c, 8) = 0x0',
    '',
  ];

  test('says what a log costs, of which memory is placed where it is asked for', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'qemu.log');
    writeFileSync(path, LINES.join('\n'));
    const { exitCode, stdout, stderr } = await coherence(
      'predict',
      '--trace',
      path,
      '--placement',
      'lpddr',
      '--json',
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{
        schema: 'barometer/coherence-replay/1',
        evidence: 'modelled',
        placement: 'lpddr',
        interrupted: false,
      },
      ...{ device: '0000:01:00.0', lines: 3, reads: 1, writes: 1, bytes: 16 },
      // The read is in two lines, one of which is the one that was written.
      ...{ skipped: { config: 1 }, lineAccesses: 3, linesKnown: 2, hits: { l1: 1, l2: 0, home: 2 } },
      linkBytes: { fromCpu: 0, fromGpu: 0 },
    });
  });

  test('prints what it has up to a line that is none, and names it', async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'bad.log');
    writeFileSync(path, `${LINES.join('\n')}nonsense\n`);
    const { exitCode, stdout, stderr } = await coherence('predict', '--trace', path);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^accesses to lines {2}3; homes know of 2 lines$/m);
    expect(stderr).toContain(`${path}:4: "nonsense" was given; expected a line of QEMU's trace`);
  });

  test.each([
    [
      [],
      '0000:01:00.0',
      'of which accesses of "0000:01:00.0": 1 to configuration space; none to memory of the device; expected a log of some',
    ],
    [
      ['--of', 'x'],
      'x',
      'of which accesses of "x": none, of other devices: 1; expected --of as the log names',
    ],
  ])('%j: a log without an access to memory of %s', async (flags, _, message) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'qemu.log');
    writeFileSync(path, LINES[0]!);
    const { exitCode, stdout, stderr } = await coherence('predict', '--trace', path, ...flags);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`barometer: ${path}: 1 lines, ${message}`);
  });

  test('of standard input ends by Ctrl-C with what it has', async () => {
    const child = start(['coherence', 'predict', '--trace', '-', '--json'], { stdio: 'pipe' });
    const finished = finish(child);
    child.stdin!.write(LINES.join('\n'));
    await untilItListens(child.pid!);
    child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await finished;
    expect([exitCode, stderr]).toEqual([130, '']);
    if (stdout !== '') expect(JSON.parse(stdout).interrupted).toBe(true);
  });
});

describe('coherence check', () => {
  test('Ctrl-C ends it with what it has', async () => {
    const child = start(['coherence', 'check', '--json']);
    const finished = finish(child);
    await untilItListens(child.pid!);
    child.kill('SIGINT');
    const { exitCode, stdout } = await finished;
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'barometer/coherence-check/1', interrupted: true });
  });

  test('--quick finds nothing wrong, and catches what was planted', async () => {
    const { exitCode, stdout, stderr } = await coherence('check', '--quick');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('310,850 states and 1,326,692 steps, 0 violations\n');
    expect(stdout).toContain('20 of 20 caught\n');
    expect(stdout).toMatch(/trace [0-9a-f]{8}, the same again, latencies are the sums of their parts/);
    expect(stdout).toMatch(/^atomics at home +6,000 +[\d,]+ +[\d,]+ +0 +[0-9a-f]{8} +the same unwatched$/m);
    expect(stdout).toMatch(/^core +46 of 49\nGPU agent +12 of 12\nhome +30 of 30$/m);
    // As many as `NOT_DONE` says that the simulator does not do.
    expect(stdout).toContain('16 of 20 caught\n');
  });
});

test('coherence profile prints the built-in text', async () => {
  const { exitCode, stdout } = await coherence('profile');
  expect(exitCode).toBe(0);
  expect(stdout).toBe(coherenceProfileText('gh200-120gb'));
});
