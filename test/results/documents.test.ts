import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UsageError } from '../../src/errors.ts';
import { loadDocument } from '../../src/results/documents.ts';
import { samplesDocument } from './document.ts';
import { historyDocument } from './history-document.ts';
import { profileDocument } from './profile-document.ts';
import { sizingDocument } from './sizing-document.ts';

const change = { index: 1, createdAt: '2026-11-22T15:30:12.000Z', ratio: 2 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'barometer-documents-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function loaded(document: unknown) {
  const path = join(folder, 'document.json');
  writeFileSync(path, JSON.stringify(document));
  return loadDocument(path);
}

test.each([samplesDocument(), sizingDocument(), historyDocument(), profileDocument()])(
  '$schema is read as it was written',
  (document) => {
    expect(loaded(document)).toEqual(document);
  },
);

test.each([
  ['barometer/summary/1', /"barometer\/summary\/1"; expected one of barometer\/samples\/1 \(barometer run/],
  [
    'barometer/size/2',
    /"barometer\/size\/2", written by another version of barometer: read it with that one; /,
  ],
  ['barometer/samples/7', /written by another version of barometer/],
  ['__proto__', /"__proto__"; expected one of .*, barometer\/size\/1 \(barometer size DEVICE --json\)/],
  ['toString', /"toString"; expected one of/],
])('a document of schema %s is none of them', (schema, message) => {
  expect(() => loaded({ schema })).toThrow(UsageError);
  expect(() => loaded({ schema })).toThrow(message);
});

test.each([null, 1, 'text', [], {}, { schema: 1 }, { schema: null }])('%j has no schema', (document) => {
  expect(() => loaded(document)).toThrow(/no "schema" of barometer's in it; expected one of/);
});

test.each([
  [{ device: '' }, /document: device: /],
  [{ policies: [] }, /document: policies: /],
  [{ policies: [{ policy: 'core', expected: [], sizers: [{ sizer: 'linux' }] }] }, /sizers\[0\]\.applies/],
])('a size document with %j is damaged', (changes, message) => {
  expect(() => loaded({ ...sizingDocument(), ...changes })).toThrow(UsageError);
  expect(() => loaded({ ...sizingDocument(), ...changes })).toThrow(message);
});

test.each([
  [{ points: [] }, /series\[0\]\.points: /],
  [
    { changes: [{ index: 3, createdAt: '2026-11-22T15:30:12.000Z', ratio: 2 }] },
    /changes: expected indexes of points/,
  ],
  [{ changes: [1, 1].map((index) => ({ ...change, index })) }, /changes: expected indexes of points/],
  [{ changes: [{ ...change, index: 0 }] }, /changes\[0\]\.index: /],
  [{ changes: [{ ...change, ratio: 0 }] }, /changes\[0\]\.ratio: /],
  [{ window: null }, /series\[0\]\.window: /],
])('a series of a history with %j is damaged', (changes, message) => {
  const [series] = historyDocument().series;
  const document = historyDocument({ series: [{ ...series!, ...(changes as object) }] });
  expect(() => loaded(document)).toThrow(UsageError);
  expect(() => loaded(document)).toThrow(message);
});

test.each(['0x10', '-1', '1e3', '', '1'.repeat(50)])('a BAR of %j bytes is none', (sizeBytes) => {
  const [policy] = sizingDocument().policies;
  const expected = [{ ...policy!.expected[0]!, sizeBytes }];
  expect(() => loaded(sizingDocument({ policies: [{ ...policy!, expected }] }))).toThrow(
    /sizeBytes: expected/,
  );
});

test.each([
  [{ shares: {} }, /document: shares/],
  [{ samples: -1 }, /document: samples: /],
  [{ stacks: [{ frames: [99], us: 1 }] }, /document: stacks: expected indexes of frames/],
  [{ stacks: [{ frames: [], us: 1 }] }, /document: stacks\[0\]\.frames: /],
  [{ stacks: [{ frames: Array(20_000).fill(0), us: 1 }] }, /document: stacks\[0\]\.frames: /],
])('a profile document with %j is damaged', (changes, message) => {
  expect(() => loaded({ ...profileDocument(), ...changes })).toThrow(UsageError);
  expect(() => loaded({ ...profileDocument(), ...changes })).toThrow(message);
});

test.each([
  ['', 'it is empty'],
  ['{"schema": "barometer/size/1", ', 'it is cut off'],
  [null, 'there is no such file or folder (ENOENT)'],
])('a file of %j may have been any of them', (text, found) => {
  const path = join(folder, text === null ? 'missing.json' : 'damaged.json');
  if (text !== null) writeFileSync(path, text);
  expect(() => loadDocument(path)).toThrow(
    `${path}: ${found}; expected one of barometer/samples/1 (barometer run --out FILE), barometer/history-series/1 (`,
  );
});
