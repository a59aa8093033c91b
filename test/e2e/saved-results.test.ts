/** merge, compare and history on files that somebody else could have made: exit code 2, a message, nothing written. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatSamples, saveSamples } from '../../src/results/store.ts';
import { samplesDocument, series } from '../results/document.ts';
import { barometer, temporaryFolder } from './barometer.ts';

const RED = '\x1b[31m\x1b]0;title\x07';
const saved = formatSamples(samplesDocument());

/** What each command does with two files, the first of which is bad. */
const COMMANDS: [name: string, args: (bad: string, good: string) => string[]][] = [
  ['merge', (bad, good) => ['merge', bad, good, '--out', 'out.json']],
  ['compare', (bad, good) => ['compare', bad, good]],
  ['compare', (bad, good) => ['compare', good, bad, '--json']],
  ['history add', (bad, good) => ['history', 'add', good, bad, '--file', 'history.ndjson']],
];

const BAD: [what: string, content: string | Buffer, message: RegExp][] = [
  ['an empty file', '', /it is empty/],
  ['a file that is cut off', saved.slice(0, saved.length / 2), /it is cut off/],
  ['binary data', Buffer.from([0, 255, 254, 13, 10, 0, 128]), /it is not JSON/],
  ['another JSON', '[1, 2]', /no "schema" of barometer's in it/],
  [
    'a summary',
    '{"schema": "barometer/summary/1"}',
    /its schema is "barometer\/summary\/1"; expected a file of samples/,
  ],
  ['a newer schema', saved.replace('samples/1', 'samples/2'), /written by another version of barometer/],
  ['a schema with escapes', JSON.stringify({ schema: RED }), /its schema is/],
  ['a huge number', saved.replace('[1500,', '[1e999,'), /series\[0\]\.durationNs\[0\]/],
  ['very many operations', saved.replace('[1000,', '[1e300,'), /series\[0\]\.operations\[0\]/],
  ['very deep nesting', '['.repeat(200_000), /it is not JSON|it is cut off/],
];

describe.each(COMMANDS)('%s', (_, argsOf) => {
  test.each(BAD)('of %s', async (_what, content, message) => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, 'bad.json'), content);
    saveSamples(join(folder.path, 'good.json'), samplesDocument());
    const { exitCode, stdout, stderr } = await barometer(argsOf('bad.json', 'good.json'), {
      cwd: folder.path,
    });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^barometer: bad\.json: /);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(stderr).not.toContain('\x1b');
    expect(readdirSync(folder.path).sort()).toEqual(['bad.json', 'good.json']);
  });

  test('of a folder, of nothing, and of a file without permission', async () => {
    using folder = temporaryFolder();
    saveSamples(join(folder.path, 'good.json'), samplesDocument());
    saveSamples(join(folder.path, 'locked.json'), samplesDocument());
    chmodSync(join(folder.path, 'locked.json'), 0);
    mkdirSync(join(folder.path, 'folder'));
    const cases: [string, RegExp][] = [
      ['folder', /^barometer: folder: it is a folder \(EISDIR\)/],
      ['nowhere.json', /^barometer: nowhere\.json: there is no such file or folder \(ENOENT\)/],
      // Nothing is locked for root.
      ...(process.getuid?.() === 0
        ? []
        : [['locked.json', /^barometer: locked\.json: permission denied/] as [string, RegExp]]),
    ];
    for (const [path, message] of cases) {
      const { exitCode, stderr } = await barometer(argsOf(path, 'good.json'), { cwd: folder.path });
      expect(exitCode, path).toBe(2);
      expect(stderr).toMatch(message);
    }
  });
});

test('names with escape sequences reach no terminal, and stay as they are in what is saved', async () => {
  using folder = temporaryFolder();
  const list = [0, 1, 2].map((fork) => series({ fork, workload: `red${RED}`, build: RED }));
  const lone = [0, 1, 2].map((fork) => series({ fork, workload: `gone${RED}` }));
  saveSamples(join(folder.path, 'a.json'), samplesDocument({ series: [...list, ...lone], unavailable: [] }));
  saveSamples(join(folder.path, 'b.json'), samplesDocument({ series: list, unavailable: [] }));
  for (const args of [
    ['compare', 'a.json', 'b.json'],
    ['history', 'add', 'a.json', '--file', 'h.ndjson'],
    ['history', 'show', '--file', 'h.ndjson'],
    ['history', 'show', 'red*', '--file', 'h.ndjson'],
    ['merge', 'a.json', '--out', 'out.json'],
  ]) {
    const { exitCode, stdout, stderr } = await barometer(args, { cwd: folder.path });
    expect(exitCode, args.join(' ')).toBe(0);
    expect(stdout + stderr, args.join(' ')).not.toContain('\x1b');
    expect(stdout + stderr, args.join(' ')).not.toContain('\x07');
  }
  expect(JSON.parse(readFileSync(join(folder.path, 'out.json'), 'utf8')).series[0].workload).toBe(
    `gone${RED}`,
  );
});

test('results of two machines are not compared, and the message says what differs', async () => {
  using folder = temporaryFolder();
  saveSamples(join(folder.path, 'a.json'), samplesDocument());
  saveSamples(
    join(folder.path, 'b.json'),
    samplesDocument({ fingerprint: { cpuModel: `Other ${RED}`, coreCount: 64 } }),
  );
  const { exitCode, stdout, stderr } = await barometer(['compare', 'a.json', 'b.json'], { cwd: folder.path });
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(
    /cpuModel "Example CPU" and "Other .*coreCount "unknown" and 64\. Measure both on one machine/,
  );
  expect(stderr).not.toContain('\x1b');
});

test('from measuring to comparing and to the history', async () => {
  using folder = temporaryFolder();
  const options = { cwd: folder.path };
  for (const out of ['a.json', 'b.json']) {
    const args = ['run', 'noop/batch', 'config-read/batch', '--filter', 'noop|header', '--impl', 'ts,noop'];
    const { exitCode } = await barometer([...args, '--budget', '1ms', '--out', out, '--json'], options);
    expect(exitCode).toBe(0);
  }
  const compared = await barometer(['compare', 'a.json', 'b.json', '--json'], options);
  expect(compared).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(compared.stdout).comparisons[0]).toMatchObject({ kind: 'build', sameAnswers: true });
  const merged = await barometer(['merge', 'a.json', 'b.json', '--out', 'both.json'], options);
  expect(merged.stdout).toContain('merged 2 files, 2 runs');
  const added = await barometer(['history', 'add', 'both.json', '--file', 'h.ndjson', '--json'], options);
  expect(added).toMatchObject({ exitCode: 0, stderr: '' });
  const again = await barometer(['history', 'add', 'a.json', '--file', 'h.ndjson', '--json'], options);
  expect(JSON.parse(again.stdout)).toMatchObject({ added: 0, replaced: 0 });
  const shown = await barometer(['history', 'show', '--file', 'h.ndjson'], options);
  expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
  expect(shown.stdout).toMatch(/config-read\/batch .* ts +2 /);
});
