import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { appendHistory, type HistoryEntry, readHistory } from '../../src/results/history.ts';
import { historyWorkloads, indexPath, queryHistory } from '../../src/results/history-index.ts';
import { historyEntry } from './history-entry.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-history-'));
  path = join(folder, 'deep', 'history.ndjson');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const [first, second, third] = ['r1', 'r2', 'r3'].map((run) => historyEntry({ run })) as [
  HistoryEntry,
  HistoryEntry,
  HistoryEntry,
];
const runs = (entries: ReadonlyMap<string, HistoryEntry>) => [...entries.values()].map(({ run }) => run);

describe('the file', () => {
  test('has one line an entry, and gives back what was added', () => {
    appendHistory(path, [first]);
    appendHistory(path, [second, third]);
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(3);
    const { entries, problems } = readHistory(path);
    expect([...entries.values()]).toEqual([first, second, third]);
    expect(problems).toEqual([]);
  });

  test('is only ever appended to', () => {
    appendHistory(path, [first]);
    const before = readFileSync(path, 'utf8');
    appendHistory(path, [second]);
    expect(readFileSync(path, 'utf8').startsWith(before)).toBe(true);
  });

  test('takes the last of several lines about one run and arm', () => {
    const longer = { ...first, forkCount: 9 };
    appendHistory(path, [first, second]);
    appendHistory(path, [longer]);
    expect([...readHistory(path).entries.values()]).toEqual([longer, second]);
  });

  test('loses only the line that was cut off, wherever it was, and the next one not at all', () => {
    appendHistory(path, [first]);
    const whole = readFileSync(path, 'utf8');
    appendHistory(path, [second]);
    const both = readFileSync(path, 'utf8');
    for (let length = whole.length; length < both.length - 1; length++) {
      writeFileSync(path, both.slice(0, length));
      appendHistory(path, [third]);
      const { entries, problems } = readHistory(path);
      expect(runs(entries), String(length)).toEqual(['r1', 'r3']);
      // Nothing is cut off where not a byte of the line was written.
      expect(problems, String(length)).toHaveLength(length === whole.length ? 0 : 1);
    }
    expect(readHistory(path).problems).toEqual([
      `${path}:2: cut off while it was written, and left out; add its run again`,
    ]);
  });

  test('of which only the end of the last line is missing is whole', () => {
    appendHistory(path, [first]);
    writeFileSync(path, readFileSync(path, 'utf8').trimEnd());
    appendHistory(path, [second]);
    expect(runs(readHistory(path).entries)).toEqual(['r1', 'r2']);
  });

  test.each([
    [
      'samples',
      '{\n  "schema": "barometer/samples/1",\n',
      ':2: not a line of barometer/history/1; expected a file made by',
    ],
    ['text', 'BenchmarkX 1 2 ns/op\n', ':1: not a line of barometer/history/1'],
    ['binary data', '\x00\xff\x1b[31m', ':1: not a line of barometer/history/1'],
    [
      'a newer schema',
      '{"schema":"barometer/history/2"}\n',
      ':1: its schema is "barometer/history/2"; read it with',
    ],
    ['other JSON', '[1]\n', ':1: not a line of barometer/history/1: '],
    [
      'a time of none',
      `${JSON.stringify({ ...historyEntry(), nsPerOp: { estimate: 0, low: 0, high: 0 } })}\n`,
      'nsPerOp.estimate',
    ],
  ])('of %s is refused', (_, text, message) => {
    mkdirSync(join(folder, 'deep'));
    writeFileSync(path, text);
    expect(() => readHistory(path)).toThrow(UsageError);
    expect(() => readHistory(path)).toThrow(message);
    expect(() => queryHistory(path)).toThrow(message);
  });

  test('that is not there, or is a folder, is bad input', () => {
    expect(() => queryHistory(path)).toThrow(
      'no such file or folder (ENOENT); expected a history; barometer history add',
    );
    expect(() => queryHistory(folder)).toThrow('it is a folder (EISDIR)');
    expect(() => appendHistory(folder, [first])).toThrow('could not add to the history');
  });
});

describe('the index', () => {
  test('answers as the file does', () => {
    appendHistory(path, [first, { ...second, workload: 'region-copy' }, third]);
    appendHistory(path, [{ ...first, forkCount: 9 }]);
    expect(queryHistory(path)).toEqual(readHistory(path));
    expect(runs(queryHistory(path, { runs: ['r3', 'r9'] }).entries)).toEqual(['r3']);
    expect(runs(queryHistory(path, { workloads: ['region-copy'] }).entries)).toEqual(['r2']);
    expect(runs(queryHistory(path, { workloads: ['region-copy'], runs: ['r1'] }).entries)).toEqual([]);
    expect(historyWorkloads(path)).toEqual(['config-read/batch', 'region-copy']);
  });

  test('is used: what it holds is what is answered, as long as the file is the same', () => {
    appendHistory(path, [first]);
    queryHistory(path);
    const database = new DatabaseSync(indexPath(path));
    database.exec(`UPDATE entry SET entry = json_set(entry, '$.build', 'from the index')`);
    database.close();
    expect([...queryHistory(path).entries.values()]).toMatchObject([{ build: 'from the index' }]);
    appendHistory(path, [second]);
    expect(queryHistory(path)).toEqual(readHistory(path));
  });

  test('is made anew when it is missing, broken, or of another shape, and for another file', () => {
    appendHistory(path, [first, second]);
    const spoil: (() => void)[] = [
      () => rmSync(indexPath(path), { force: true }),
      () =>
        writeFileSync(
          indexPath(path),
          'this is no database, and it is long enough to be taken for one'.repeat(100),
        ),
      () => {
        rmSync(indexPath(path));
        const database = new DatabaseSync(indexPath(path));
        database.exec('CREATE TABLE state (other TEXT); CREATE TABLE entry (other TEXT)');
        database.close();
      },
      () => {
        rmSync(path);
        appendHistory(path, [third]);
      },
    ];
    for (const [i, act] of spoil.entries()) {
      act();
      expect(queryHistory(path), String(i)).toEqual(readHistory(path));
      expect(statSync(indexPath(path)).size).toBeGreaterThan(0);
    }
  });

  test('is done without where it cannot be', () => {
    appendHistory(path, [first, second]);
    mkdirSync(indexPath(path));
    expect(queryHistory(path, { runs: ['r2'] }).entries.size).toBe(1);
    expect(historyWorkloads(path)).toEqual(['config-read/batch']);
  });

  test('keeps what was left out', () => {
    appendHistory(path, [first]);
    appendFileSync(path, '{"schema":"barometer/history/1","ru');
    expect(queryHistory(path)).toEqual(readHistory(path));
    expect(queryHistory(path).problems).toHaveLength(1);
  });
});
