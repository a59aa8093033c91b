import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HistoryFlags, historyAdd, historyShow } from '../../src/cli/history.ts';
import { UsageError } from '../../src/errors.ts';
import { parseHistoryDocument } from '../../src/results/history-document.ts';
import type { SamplesDocument } from '../../src/results/samples.ts';
import { saveSamples } from '../../src/results/store.ts';
import { samplesDocument, series } from '../results/document.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-history-'));
  file = join(folder, 'history.ndjson');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function save(name: string, changes: Partial<SamplesDocument> = {}): string {
  const path = join(folder, name);
  saveSamples(path, samplesDocument(changes));
  return path;
}

type Command = (args: readonly string[], flags: HistoryFlags, io: Parameters<typeof historyAdd>[2]) => void;

function outcome(command: Command, args: readonly string[], json = false) {
  let stdout = '';
  const warnings: string[] = [];
  command(
    args,
    { file, json },
    {
      stdout: { write: (text: string) => (stdout += text) },
      warn: (message) => warnings.push(message),
      color: false,
      width: 100,
    },
  );
  return { stdout, warnings };
}

const lines = () =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('add', () => {
  test('appends a line for each run and arm', () => {
    expect(outcome(historyAdd, [save('a.json')]).stdout).toBe(`${file}: 2 arms added\n`);
    expect(lines()).toMatchObject([
      {
        schema: 'barometer/history/1',
        createdAt: '2026-11-22T15:30:12.000Z',
        workload: 'config-read/batch',
        implementation: 'wasm',
        build: 'b1',
        commit: null,
        nsPerOp: { estimate: expect.closeTo(1.55, 2) },
        forkCount: 1,
        roundCount: 2,
        conditions: { cpuModel: 'Example CPU', device: 'gh200-120gb' },
      },
      { implementation: 'ts' },
    ]);
  });

  test('adds nothing twice: not a run, not a file named twice, not a run in two files', () => {
    const a = save('a.json');
    outcome(historyAdd, [a, a]);
    const before = readFileSync(file, 'utf8');
    expect(outcome(historyAdd, [a, save('copy.json')]).stdout).toBe(
      `${file}: 0 arms added, 2 there already\n`,
    );
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('replaces what an unfinished run had given by what the finished one gave', () => {
    const { series: list } = samplesDocument();
    outcome(historyAdd, [save('half.json', { series: list.slice(0, 1) })]);
    const longer = [...list, series({ fork: 1, durationNs: [1400, 1500] })];
    expect(outcome(historyAdd, [save('whole.json', { series: longer })], true).stdout).toBe(
      `${JSON.stringify({ file, added: 1, replaced: 1, known: 0 }, null, 2)}\n`,
    );
    const { series: shown } = JSON.parse(outcome(historyShow, [], true).stdout);
    expect(shown.map((one: { points: unknown[] }) => one.points.length)).toEqual([1, 1]);
    expect(shown[0].points).toMatchObject([{ forkCount: 2 }]);
  });

  test('takes nothing back: half a run, added after the whole of it, is known', () => {
    const { series: list } = samplesDocument();
    const whole = save('whole.json', { series: [...list, series({ fork: 1, durationNs: [1400, 1500] })] });
    const half = save('half.json', { series: list });
    outcome(historyAdd, [whole]);
    const before = readFileSync(file, 'utf8');
    expect(outcome(historyAdd, [half]).stdout).toBe(`${file}: 0 arms added, 2 there already\n`);
    expect(readFileSync(file, 'utf8')).toBe(before);
    rmSync(file);
    outcome(historyAdd, [whole, half]);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('knows the commit where the run did', () => {
    const fingerprint = { ...samplesDocument().fingerprint, gitCommit: 'abc123' };
    outcome(historyAdd, [save('a.json', { fingerprint })]);
    expect(lines()).toMatchObject([{ commit: 'abc123' }, { commit: 'abc123' }]);
  });

  test('adds nothing at all where one file is bad', () => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, '{');
    expect(() => outcome(historyAdd, [save('a.json'), bad])).toThrow(UsageError);
    expect(() => outcome(historyAdd, [save('b.json', { series: [] })])).toThrow(
      'nothing was measured to its end',
    );
    expect(existsSync(file)).toBe(false);
  });

  test('appends to nothing but a history', () => {
    const a = save('a.json');
    const before = readFileSync(a, 'utf8');
    file = a;
    expect(() => outcome(historyAdd, [a])).toThrow('not a line of barometer/history/1');
    expect(readFileSync(a, 'utf8')).toBe(before);
  });

  test('says what a crash cut off, and goes on', () => {
    outcome(historyAdd, [save('a.json')]);
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20));
    const { stdout, warnings } = outcome(historyAdd, [save('a.json')]);
    expect(stdout).toBe(`${file}: 1 arm added, 1 there already\n`);
    expect(warnings).toEqual([`${file}:2: cut off while it was written, and left out; add its run again`]);
  });
});

describe('show', () => {
  test('without a name is an overview, with one every run', () => {
    outcome(historyAdd, [save('a.json'), save('b.json', { createdAt: '2026-11-23T00:00:00Z' })]);
    expect(outcome(historyShow, []).stdout).toMatch(/config-read\/batch 4 B, header +wasm +2 /);
    expect(outcome(historyShow, ['config-*']).stdout).toMatch(/2026-11-22 15:30 .*\n.*2026-11-23 00:00 /);
  });

  test('what --json prints is what report takes', () => {
    outcome(historyAdd, [save('a.json'), save('b.json', { createdAt: '2026-11-23T00:00:00Z' })]);
    const document = JSON.parse(outcome(historyShow, [], true).stdout);
    expect(document.series).toHaveLength(2);
    expect(parseHistoryDocument(document, 'stdout')).toEqual(document);
  });

  test('a name that is not there is bad input, with the nearest one', () => {
    outcome(historyAdd, [save('a.json')]);
    expect(() => outcome(historyShow, ['config-reed/batch'])).toThrow('did you mean "config-read/batch"?');
  });

  test('of an empty file says so', () => {
    writeFileSync(file, '');
    expect(outcome(historyShow, []).stdout).toContain('is empty');
  });
});
