import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EXIT, UsageError } from '../../src/errors.ts';
import { loadSamples, resultsPath, SaveError, saveSamples } from '../../src/results/store.ts';
import { samplesDocument } from './document.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The error of a save that has to fail. */
function failedSave(path: string): SaveError {
  try {
    saveSamples(path, samplesDocument());
  } catch (error) {
    if (error instanceof SaveError) return error;
    throw error;
  }
  throw new Error('the save went through');
}

describe('saveSamples', () => {
  test('creates the folder, and what it saves is loaded unchanged', () => {
    const path = join(folder, 'new', 'folder', 'a.json');
    saveSamples(path, samplesDocument());
    expect(loadSamples(path)).toEqual(samplesDocument());
  });

  test('leaves nothing beside the file, and replaces what was there', () => {
    const path = join(folder, 'a.json');
    saveSamples(path, samplesDocument());
    saveSamples(path, samplesDocument({ unavailable: [] }));
    expect(loadSamples(path).unavailable).toEqual([]);
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  test('keeps fields that it does not know', () => {
    const path = join(folder, 'a.json');
    saveSamples(path, { ...samplesDocument(), note: 'kept' } as never);
    expect(loadSamples(path)).toMatchObject({ note: 'kept' });
  });

  test('writes one series a line', () => {
    const path = join(folder, 'a.json');
    saveSamples(path, samplesDocument());
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.filter((line) => line.includes('"durationNs"'))).toHaveLength(2);
  });

  test('follows a link to the file behind it', () => {
    saveSamples(join(folder, 'a.json'), samplesDocument());
    symlinkSync('a.json', join(folder, 'latest.json'));
    saveSamples(join(folder, 'latest.json'), samplesDocument({ unavailable: [] }));
    expect(lstatSync(join(folder, 'latest.json')).isSymbolicLink()).toBe(true);
    expect(loadSamples(join(folder, 'a.json')).unavailable).toEqual([]);
  });

  test.skipIf(process.platform === 'win32')('writes to a device without putting a file in its place', () => {
    // Through a link, so that a mistake here replaces the link and not the machine's device.
    symlinkSync('/dev/null', join(folder, 'null'));
    saveSamples(join(folder, 'null'), samplesDocument());
    expect(lstatSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  test('a folder in its place is an error that says so, and leaves nothing behind', () => {
    mkdirSync(join(folder, 'a.json'));
    const error = failedSave(join(folder, 'a.json'));
    expect(error.code).toBe('EISDIR');
    expect(error.exitCode).toBe(EXIT.usage);
    expect(error.message).toBe(
      `could not save the samples to ${join(folder, 'a.json')}: it is a folder (EISDIR). Choose another place with --out FILE`,
    );
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  test('a file where a folder is needed is an error that says so', () => {
    writeFileSync(join(folder, 'file'), '');
    for (const path of [join(folder, 'file', 'a.json'), join(folder, 'file', 'deep', 'a.json')]) {
      expect(failedSave(path).message).toContain('a part of the path is a file, not a folder');
    }
  });

  test.skipIf(process.getuid?.() === 0)('a folder without permission is an error that says so', () => {
    chmodSync(folder, 0o500);
    expect(failedSave(join(folder, 'a.json')).message).toContain('permission denied (EACCES)');
    chmodSync(folder, 0o700);
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk is an error that says so', () => {
    symlinkSync('/dev/full', join(folder, 'full'));
    expect(failedSave(join(folder, 'full')).message).toContain('no space left on the device (ENOSPC)');
  });

  test('a name that is too long is an error that says so', () => {
    expect(failedSave(join(folder, `${'a'.repeat(300)}.json`)).message).toContain('the name is too long');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('loadSamples', () => {
  const load = (text: string) => {
    const path = join(folder, 'a.json');
    writeFileSync(path, text);
    return () => loadSamples(path);
  };

  test('a file that is not there, and a folder', () => {
    expect(() => loadSamples(join(folder, 'b.json'))).toThrow(UsageError);
    expect(() => loadSamples(join(folder, 'b.json'))).toThrow('there is no such file or folder (ENOENT)');
    expect(() => loadSamples(folder)).toThrow(UsageError);
    expect(() => loadSamples(folder)).toThrow('it is a folder (EISDIR)');
  });

  test.each([
    ['', 'it is empty'],
    ['{"schema": "barometer/samples/1", "series": [', 'it is cut off'],
    ['BenchmarkX 1 2 ns/op', 'it is not JSON'],
    ['[1, 2]', 'no "schema"'],
    ['{"schema": "barometer/samples/9"}', 'written by another version'],
  ])('%j is bad input, not a crash', (text, message) => {
    expect(load(text)).toThrow(UsageError);
    expect(load(text)).toThrow(message);
  });

  test('a byte order mark in front is no obstacle', () => {
    expect(load(`\uFEFF${JSON.stringify(samplesDocument())}`)()).toEqual(samplesDocument());
  });
});

describe('resultsPath', () => {
  const now = new Date('2026-11-22T15:30:12.345Z');

  test('is the time in UTC, without colons', () => {
    expect(resultsPath(now)).toBe(join('results', '2026-11-22T15-30-12.json'));
  });

  test('never names a file that is there', () => {
    for (const name of [
      '2026-11-22T15-30-12.json',
      '2026-11-22T15-30-12-2.json',
      '2026-11-22T15-30-12-3.json',
    ]) {
      expect(resultsPath(now, folder)).toBe(join(folder, name));
      writeFileSync(join(folder, name), '');
    }
  });
});
