import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { toHtml } from '../../../src/report/html/page.ts';
import { SCRIPT } from '../../../src/report/html/script.ts';
import { plainText } from '../../../src/report/plain-text.ts';
import type { OtherDocument } from '../../../src/results/documents.ts';
import type { SampleSeries, SamplesDocument } from '../../../src/results/samples.ts';
import { arm, samplesDocument, series } from '../../results/document.ts';
import { historyDocument } from '../../results/history-document.ts';
import { profileDocument } from '../../results/profile-document.ts';
import { sizingDocument } from '../../results/sizing-document.ts';
import { abDocument, HOSTILE, hostileDocument, reportsOf } from '../export/results.ts';
import { exampleAb, exampleRun } from '../run.ts';
import { type Element, elements, readPage, textOf } from './read-page.ts';

const pageOf = (samples: SamplesDocument, documents: readonly OtherDocument[] = []) =>
  readPage(toHtml(reportsOf(samples), documents));

/** One of each kind. */
const OTHERS: readonly OtherDocument[] = [sizingDocument(), historyDocument(), profileDocument()];

/** The same with every text a stranger's. */
function hostile(document: OtherDocument, name: string): OtherDocument {
  const text = JSON.stringify(document, (key, value) =>
    typeof value === 'string' && FREE_TEXTS.has(key) ? name : value,
  );
  return JSON.parse(text);
}

/** Fields that hold texts of others. */
const FREE_TEXTS = new Set([
  'file',
  'workload',
  'implementation',
  'runtime',
  'build',
  'mix',
  'cpuModel',
  'device',
  'policy',
  'sizer',
  'behind',
  'what',
  'consequence',
  'why',
  'failure',
  'name',
  'reason',
]);

/** What a file can hold, down to nothing. */
const DOCUMENTS: Record<string, () => SamplesDocument> = {
  'a run': exampleRun,
  'two builds': exampleAb,
  'names of strangers': hostileDocument,
  'one fork': samplesDocument,
  'one implementation': () =>
    samplesDocument({ series: samplesDocument().series.slice(0, 1), unavailable: [] }),
  'no row': () => samplesDocument({ series: [], unavailable: [] }),
  'no row that was measured': () => samplesDocument({ series: [] }),
  'rows without a partner': () => {
    const samples = exampleRun();
    return { ...samples, series: samples.series.filter((_, i) => i % 3 > 0) };
  },
  'implementations that some workloads and some forks lack': () => {
    const samples = exampleRun({ native: true, forks: 3 });
    const [workload] = samples.series.map((one) => one.workload);
    const isThere = ({ workload: name, implementation, fork }: SampleSeries) =>
      implementation === 'wasm' || (name !== workload && (implementation !== 'native' || fork === 1));
    return { ...samples, series: samples.series.filter(isThere) };
  },
  'one fork of many implementations': () => {
    const samples = exampleRun({ native: true, forks: 3 });
    return { ...samples, series: samples.series.filter(({ fork }) => fork === samples.series[0]!.fork) };
  },
  'one implementation of many workloads': () => {
    const samples = exampleRun({ native: true, forks: 3 });
    return { ...samples, series: samples.series.filter(({ implementation }) => implementation === 'ts') };
  },
  'all of a crashed arm excluded': () =>
    abDocument({
      excluded: [{ ...arm, build: 'C', block: 0, fork: 1, rounds: 3, reason: 'it <b>crashed</b>' }],
    }),
};

const PAGES: [string, () => Element][] = [
  ...Object.entries(DOCUMENTS).map(([name, make]): [string, () => Element] => [name, () => pageOf(make())]),
  ['other documents beside a run', () => pageOf(exampleRun(), OTHERS)],
  ['other documents alone', () => readPage(toHtml([], OTHERS))],
  [
    'other documents of strangers',
    () =>
      readPage(
        toHtml(
          [],
          HOSTILE.flatMap((name) => OTHERS.map((one) => hostile(one, name))),
        ),
      ),
  ],
];

describe.each(PAGES)('of %s', (_, make) => {
  const page = make();

  test('the page is one file that asks for nothing', () => {
    const names = new Set(elements(page).map(({ name }) => name));
    for (const name of ['link', 'img', 'iframe', 'object', 'embed', 'base', 'form', 'a', 'use', 'image']) {
      expect(names).not.toContain(name);
    }
    const attributes = new Set(elements(page).flatMap((one) => [...one.attributes.keys()]));
    for (const name of ['src', 'href', 'srcset', 'action', 'style', 'xlink:href']) {
      expect(attributes).not.toContain(name);
    }
    expect([...attributes].filter((name) => name.startsWith('on'))).toEqual([]);
    for (const sheet of elements(page, 'style')) expect(textOf(sheet)).not.toMatch(/url\(|@import/);
  });

  test('nothing runs but what its policy names by its digest', () => {
    const policy = elements(page, 'meta').find((one) => one.attributes.has('http-equiv'))!;
    const content = policy.attributes.get('content')!;
    expect(content).toContain("default-src 'none'");
    expect(content).not.toMatch(/unsafe|https?:|\*/);
    const parts = [...elements(page, 'style'), ...elements(page, 'script')];
    const digests = parts.map(
      (part) => `sha256-${createHash('sha256').update(textOf(part)).digest('base64')}`,
    );
    expect([...content.matchAll(/'(sha256-[^']+)'/g)].map(([, digest]) => digest)).toEqual(digests);
  });

  test('ids are of one element each', () => {
    const ids = elements(page).flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
  });

  test('every number is one', () => {
    for (const { attributes } of elements(page, 'data')) {
      expect(Number(attributes.get('value'))).not.toBeNaN();
    }
  });
});

describe('names of strangers', () => {
  const shapeOf = ({ name, attributes }: Element) => [name, ...attributes.keys()].join(' ');
  const shapes = (page: Element) => new Set(elements(page).map(shapeOf));
  const page = pageOf(hostileDocument());

  test('make no element and no attribute that a page of harmless ones has not', () => {
    const harmless = Object.values(DOCUMENTS)
      .filter((make) => make !== hostileDocument)
      .map((make) => shapes(pageOf(make())));
    const known = new Set(harmless.flatMap((shape) => [...shape]));
    expect([...shapes(page)].filter((shape) => !known.has(shape))).toEqual([]);
  });

  test.each(OTHERS)('in $schema make no element either', (document) => {
    const known = shapes(readPage(toHtml([], [document])));
    for (const name of HOSTILE) {
      const found = readPage(toHtml([], [hostile(document, name)]));
      expect([...shapes(found)].filter((shape) => !known.has(shape))).toEqual([]);
      expect(textOf(found)).toContain(plainText(name));
      expect(toHtml([], [hostile(document, name)])).not.toMatch(/[\p{Cf}\p{Cs}]|(?!\n)\p{Cc}/u);
    }
  });

  test('are there to be read, without what a terminal or an editor would obey', () => {
    const text = textOf(page);
    for (const name of HOSTILE) expect(text).toContain(plainText(name));
    expect(toHtml(reportsOf(hostileDocument()))).not.toMatch(/[\p{Cf}\p{Cs}]|(?!\n)\p{Cc}/u);
  });
});

test('says what was excluded and why, and where the numbers come from', () => {
  const text = textOf(pageOf(exampleAb()));
  expect(text).toMatch(/left out: 1 fork of region-copy .*: the process ended by SIGKILL/);
  expect(textOf(pageOf(samplesDocument()))).toContain('1 not available, native: no C compiler was found');
  for (const fact of ['cpuModel', 'Example CPU', 'seed', 'gh200-120gb']) {
    expect(textOf(pageOf(samplesDocument()))).toContain(fact);
  }
});

test('many rows, more than the default suite has, are below a megabyte', () => {
  const rows = Array.from({ length: 150 }, (_, i) =>
    ['wasm', 'ts', 'native'].map((implementation) =>
      series({ workload: `region-copy/${i % 5}`, params: { sizeBytes: i }, implementation }),
    ),
  );
  const page = toHtml(reportsOf(samplesDocument({ series: rows.flat(), unavailable: [] })));
  expect(elements(readPage(page), 'tr').length).toBeGreaterThan(600);
  expect(page.length).toBeLessThan(1e6);
});

describe('however many rounds were measured', () => {
  const inForks = (forks: number, rounds: number) => {
    const round = Array.from({ length: rounds }, (_, i) => i);
    const list = Array.from({ length: forks }, (_, fork) =>
      ['wasm', 'ts'].map((implementation, i) =>
        series({
          implementation,
          fork,
          round,
          durationNs: round.map((number) => 1000 * (i + 1) + ((number * 7 + fork * 13) % 31)),
          operations: round.map(() => 10),
        }),
      ),
    );
    return toHtml(reportsOf(samplesDocument({ series: list.flat(), unavailable: [] })));
  };
  const few = inForks(4, 5);

  test.each([
    ['rounds in one fork', 1, 200_000],
    ['forks', 1500, 4],
  ])('the page is sound, and no longer for many %s', (_, forks, rounds) => {
    const page = inForks(forks, rounds);
    expect(textOf(readPage(page))).toContain('config-read');
    expect(page.length).toBeLessThan(1.1 * few.length);
  });
});

test('machines stand one below the other', () => {
  const other = { ...samplesDocument(), fingerprint: { cpuModel: 'Other CPU', cpuCores: 2, governor: null } };
  const page = readPage(toHtml([...reportsOf(samplesDocument()), ...reportsOf(other)]));
  expect(elements(page, 'article').map((one) => /Example CPU|Other CPU/.exec(textOf(one))![0])).toEqual([
    'Example CPU',
    'Other CPU',
  ]);
});

describe('the script', () => {
  const page = pageOf(samplesDocument());

  test('is one that parses, and finds what it asks for', () => {
    expect(() => new Script(SCRIPT)).not.toThrow();
    const asked = [...SCRIPT.matchAll(/#([a-z]+)/g)].map(([, id]) => id!);
    const ids = elements(page).flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(ids.toSorted()).toEqual([...new Set(asked)].toSorted());
  });

  test('takes its elements in the order of the page', () => {
    const ids = elements(page).flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(ids).toEqual(['controls', 'filter', 'verdict', 'theme', 'count']);
  });

  test('shows controls that are hidden without it', () => {
    const [controls] = elements(page).filter(({ attributes }) => attributes.get('id') === 'controls');
    expect(controls!.attributes.has('hidden')).toBe(true);
  });
});
