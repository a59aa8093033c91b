import { describe, expect, test } from 'vitest';
import { toHtml } from '../../../src/report/html/page.ts';
import { plainText } from '../../../src/report/plain-text.ts';
import type { ProfileDocument } from '../../../src/results/profile.ts';
import { profileDocument } from '../../results/profile-document.ts';
import { elements, numbersIn, readPage, tableRows, textOf } from './read-page.ts';

const pageOf = (...documents: ProfileDocument[]) => readPage(toHtml([], documents));
const TITLE = 'config-read batch 4 B, header on wasm';

describe('a profile', () => {
  const document = profileDocument();
  const page = pageOf(document);

  test('is an article that says where most of the time went', () => {
    expect(elements(page, 'h2').map(textOf)).toEqual(['Profile: 90% of config-read/batch on wasm in fast']);
    expect(elements(page, 'h3').map(textOf)).toEqual([TITLE]);
  });

  test('has a flame graph, a box for each frame of each stack, named and reachable by the keyboard', () => {
    const [graph] = elements(page, 'svg').filter((one) => one.attributes.get('class') === 'flame');
    const boxes = elements(graph!, 'g').map((box) => {
      const [rect] = elements(box, 'rect');
      const numbers = ['x', 'y', 'width'].map((name) => Number(rect!.attributes.get(name)));
      expect(box.attributes.get('tabindex')).toBe('0');
      expect(textOf(elements(box, 'title')[0]!)).toBe(box.attributes.get('aria-label'));
      return [box.attributes.get('aria-label'), ...numbers];
    });
    expect(boxes).toEqual([
      ['profiledPasses, src/profile/passes.ts: 9.00 ms, 90.0 %, harness', 0, 0, 1080],
      ['runBatch, assembly/access-batch.ts: 7.00 ms, 70.0 %, decode', 0, 18, 840],
      ['fast, assembly/access-batch.ts: 6.00 ms, 60.0 %, decode', 0, 36, 720],
      [`${plainText(document.frames[4]!.name)}, a<b>.ts: 2.00 ms, 20.0 %, other`, 840, 18, 240],
      ['(garbage collector): 1.00 ms, 10.0 %, gc', 1080, 0, 120],
    ]);
  });

  test('has its shares with their intervals', () => {
    const rows = tableRows(page, `${TITLE}: shares`);
    expect(rows.map(({ name, cells }) => [name.trim(), numbersIn(cells.get('of the time')!)])).toEqual([
      ['decode', [0.9, 0.886, 0.913]],
      ['harness', [0.096, 0.083, 0.11]],
      ['gc', [0.004, 0.002, 0.008]],
    ]);
  });

  test('has its parts beside the cost stack, and says by sign and word where they differ', () => {
    const rows = tableRows(page, `${TITLE}: beside the cost stack`);
    expect(rows.map(({ name, cells }) => [name, textOf(cells.get('the two')!)])).toEqual([
      ['harness', '✓ agree'],
      ['boundary', '✓ agree'],
      ['copy', '? cannot tell'],
      ['decode', '✗ differ'],
    ]);
    expect(numbersIn(rows[0]!.cells.get('profile')!)).toEqual([0, 0.2, 0, 0.22]);
    expect(textOf(page)).toContain('Where they differ: ');
    expect(textOf(page)).toContain(
      '2 parts agree, 1 differs, 1 cannot be told apart by a sampling profiler. ',
    );
  });

  test('has its functions with tier, size and what V8 left', () => {
    const [first, second] = tableRows(page, `${TITLE}: functions`);
    expect([first!.name, textOf(first!.cells.get('tier')!), numbersIn(first!.cells.get('code')!)]).toEqual([
      'fast',
      'turbofan',
      [17_664],
    ]);
    expect(textOf(second!.cells.get('optimised code was left')!)).toBe('1,200 × not int32');
  });
});

test('under a Node that hides what V8 inlines, says so as the terminal does', () => {
  const fingerprint = { ...profileDocument().fingerprint, nodeVersion: '24.21.0' };
  const text = textOf(pageOf(profileDocument({ fingerprint, seesInlined: false })));
  expect(text).toContain('Node 24.21.0 does not say which functions V8 has put into others');
});

describe('the place of a profile', () => {
  const PLACE = 'Example CPU, 2 cores, Linux 6.12.0, gh200-120gb, nvgrace';
  const notesOf = (...documents: ProfileDocument[]) =>
    elements(pageOf(...documents), 'p')
      .filter((one) => one.attributes.get('class') === 'note')
      .map(textOf);

  test('is machine, device and policy, as of any article; how it was made stands in its note', () => {
    const [place, note] = notesOf(profileDocument());
    expect(place).toBe(PLACE);
    expect(note).toMatch(/ seed 1, a sample every 2\.00 ms for 4\.00 s, wasm 1f2e, Node 26\.10\.0\.$/);
  });

  test('of several stands in the note of each', () => {
    const other = profileDocument({ settings: { ...profileDocument().settings, policy: 'strict' } });
    const notes = notesOf(profileDocument(), other);
    expect(notes[0]).toBe(`${PLACE}; ${PLACE.replace('nvgrace', 'strict')}`);
    expect(notes.filter((note) => note.includes(`strict; seed 1`))).toHaveLength(1);
  });

  test('of a document that names no policy leaves it out', () => {
    const { policy: _, ...settings } = profileDocument().settings;
    expect(notesOf(profileDocument({ settings }))[0]).toMatch(/, gh200-120gb$/);
  });
});

test('of which nothing was seen, or without a cost stack, is a page all the same', () => {
  const parts = profileDocument().parts.map((part) => ({ ...part, stack: null, agrees: null }));
  const nsPerOp = { ...profileDocument().nsPerOp, stack: null };
  const bare = profileDocument({
    parts,
    nsPerOp,
    frames: [],
    stacks: [],
    functions: [],
    samples: 0,
    profiledMs: 0,
  });
  const page = pageOf(bare, profileDocument());
  expect(elements(page, 'h2').map(textOf)).toEqual(['2 profiles']);
  expect(elements(page, 'svg').filter((one) => one.attributes.get('class') === 'flame')).toHaveLength(1);
  expect(elements(pageOf(bare), 'h2').map(textOf)).toEqual([
    'Profile: config-read/batch on wasm, of which nothing was seen',
  ]);
});
