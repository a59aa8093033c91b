import { describe, expect, test } from 'vitest';
import { alignmentSection } from '../../../src/report/html/alignment-charts.ts';
import { chart } from '../../../src/report/html/chart.ts';
import { growthSection } from '../../../src/report/html/growth-charts.ts';
import { loadSection } from '../../../src/report/html/load-charts.ts';
import { sweepSection } from '../../../src/report/html/sweep-charts.ts';
import { summarize } from '../../../src/report/summary.ts';
import { samplesDocument, series } from '../../results/document.ts';
import { agentSummary } from '../agents.ts';
import { type Element, elements, numbersIn, readPage, textOf } from './read-page.ts';

const read = (markup: unknown) => readPage(`<!doctype html>\n${markup}`);

/** Charts by their title; each line by its name, with the numbers of its marks. */
function chartsIn(page: Element) {
  return elements(page, 'figure').map((figure) => {
    const [legend] = elements(figure, 'ul').filter(({ attributes }) => attributes.get('class') === 'legend');
    const names = elements(legend!, 'li').map(({ children }) => String(children[1]).trim());
    const groups = elements(figure, 'g').filter((one) => one.attributes.get('class')!.startsWith('series'));
    expect(groups).toHaveLength(names.length);
    const marks = groups.map((group) =>
      elements(group, 'g').map(({ attributes }) => [
        Number(attributes.get('data-x')),
        Number(attributes.get('data-ns')),
      ]),
    );
    return {
      title: textOf(elements(figure, 'figcaption')[0]!),
      lines: names.map((name, i) => [name, marks[i]]),
    };
  });
}

const timeOf = (ns: number) => ({ estimate: ns, low: ns * 0.9, high: ns * 1.1 });

describe('a chart', () => {
  const points = [4096, 64, 512].map((x) => ({ x, timeNs: timeOf(x) }));
  const text = { title: 'copy', along: 'size', axis: 'log' as const, format: String };

  test('has its points in their order, each inside the drawing', () => {
    const page = read(chart({ ...text, lines: [{ name: 'wasm', points }] }));
    const places = elements(page, 'g').flatMap(({ attributes }) => {
      const found = /translate\(([\d.]+) ([\d.]+)\)/.exec(attributes.get('transform') ?? '');
      return found ? [[Number(found[1]), Number(found[2])]] : [];
    });
    const [x, y] = [0, 1].map((i) => places.map((place) => place[i]!));
    expect(x).toEqual(x!.toSorted((a, b) => a - b));
    expect(y).toEqual(y!.toSorted((a, b) => b - a));
    // Equal factors are equal distances: three octaves twice.
    expect(x![1]! - x![0]!).toBeCloseTo(x![2]! - x![1]!, 0);
    for (const [left, top] of places) {
      expect(left).toBeLessThanOrEqual(560);
      expect(top).toBeLessThanOrEqual(280);
    }
  });

  test('leaves out what a logarithm has no place for, and is nothing where that is all', () => {
    const zero = { x: 0, timeNs: timeOf(1) };
    const [one] = chartsIn(read(chart({ ...text, lines: [{ name: 'wasm', points: [zero, ...points] }] })));
    expect(one!.lines[0]![1]).toHaveLength(3);
    expect(String(chart({ ...text, lines: [{ name: 'wasm', points: [zero] }] }))).toBe('');
    expect(String(chart({ ...text, lines: [] }))).toBe('');
  });

  test('of one point is a chart', () => {
    expect(
      chartsIn(read(chart({ ...text, lines: [{ name: 'wasm', points: points.slice(0, 1) }] }))),
    ).toHaveLength(1);
  });
});

test('sizes make a line for each implementation and alignment, of three sizes and more', () => {
  const rows = [0, 16].flatMap((dstOffsetBytes) =>
    ['wasm', 'ts', 'noop'].flatMap((implementation) =>
      [64, 512, 4096].map((sizeBytes) =>
        series({
          workload: 'region-copy',
          params: { sizeBytes, dstOffsetBytes },
          implementation,
          durationNs: [sizeBytes, sizeBytes],
        }),
      ),
    ),
  );
  const few = series({ workload: 'region-fill', params: { sizeBytes: 64 } });
  const summary = summarize(samplesDocument({ series: [...rows, few] }));
  const charts = chartsIn(read(sweepSection(summary)));
  expect(charts.map(({ title }) => title)).toEqual(['region-copy']);
  const { nsPerOp } = summary.workloads[0]!;
  expect(charts[0]!.lines.map(([name]) => name)).toEqual(['wasm', 'ts', 'wasm dst +16', 'ts dst +16']);
  expect(charts[0]!.lines[0]![1]).toContainEqual([64, nsPerOp!.estimate]);
});

test('curves of agents are those of the summary', () => {
  const summary = agentSummary(
    [1, 2, 4].flatMap((agents) =>
      [1024, 2048, 4096].map((footprintBytes) => ({
        name: 'stream',
        params: { agents, footprintBytes },
        ns: footprintBytes / agents,
      })),
    ),
  );
  const page = read(growthSection(summary));
  const charts = chartsIn(page);
  expect(charts).toHaveLength(2);
  expect(charts.flatMap(({ lines }) => lines.map(([, marks]) => marks))).toEqual(
    summary.curves.map(({ points }) => points.map(({ at, nsPerOp }) => [at, nsPerOp.estimate])),
  );
  const notes = elements(page, 'small').map((note) => numbersIn(note));
  expect(notes).toEqual(summary.curves.map(({ knee }) => (knee === null ? [] : [knee.at])));
});

test('latency under load is over what others read', () => {
  const summary = agentSummary(
    [1, 2, 3].map((load) => ({ name: 'loaded', params: { loadIntervalNs: 1000 / load }, ns: 50 * load })),
  );
  for (const [i, row] of summary.workloads.entries()) {
    row.sharing = { ...row.sharing!, load: { offeredBytesPerSec: null, bytesPerSec: 1e9 * (i + 1) } };
  }
  const [first, second] = summary.workloads;
  second!.latencyNs = { p50: 90, p90: 100, p99: 200, p999: 300, max: 400, count: 1000 };
  const [one] = chartsIn(read(loadSection(summary)));
  expect(Object.fromEntries(one!.lines as [string, unknown][])).toMatchObject({
    median: [[2e9, 90]],
    '99%': [[2e9, 200]],
    mean: [[1e9, first!.nsPerOp!.estimate], expect.anything()],
  });
});

test.each([
  [[50, 60, 90, 150, 140], [4e9]],
  [[50, 120, 90, 150, 160], [4e9]],
  [[50, 60, 90, 99, 60], []],
  [[50], []],
])('latencies of %j beside more and more load have their knee at %j', (medians, knee) => {
  const summary = agentSummary(
    medians.map((_, i) => ({ name: 'loaded', params: { loadIntervalNs: 1000 / (i + 1) }, ns: 50 })),
  );
  for (const [i, row] of summary.workloads.entries()) {
    row.sharing = { ...row.sharing!, load: { offeredBytesPerSec: null, bytesPerSec: 1e9 * (i + 1) } };
    const ns = medians[i]!;
    row.latencyNs = { p50: ns, p90: ns, p99: ns, p999: ns, max: ns, count: 1000 };
  }
  const [note] = elements(read(loadSection(summary)), 'small');
  expect(numbersIn(note!)).toEqual(knee);
  expect(textOf(note!)).toMatch(knee.length > 0 ? /^knee at / : /^no knee$/);
});

test('where nothing was varied there is no chart', () => {
  const summary = summarize(samplesDocument());
  for (const make of [sweepSection, growthSection, loadSection]) expect(String(make(summary))).toBe('');
});

describe('alignments', () => {
  const copies = (
    offsets: readonly (readonly [number, number])[],
    implementations: readonly string[],
    sizes = [4096],
  ) =>
    sizes.flatMap((sizeBytes) =>
      offsets.flatMap(([srcOffsetBytes, dstOffsetBytes]) =>
        implementations.map((implementation) =>
          series({
            workload: 'region-copy',
            params: { sizeBytes, srcOffsetBytes, dstOffsetBytes },
            implementation,
            durationNs: [1000 + srcOffsetBytes + dstOffsetBytes, 1000 + srcOffsetBytes + dstOffsetBytes],
          }),
        ),
      ),
    );
  const OFFSETS = [
    [3, 17],
    [0, 0],
    [16, 0],
    [0, 16],
  ] as const;

  test('of a size stand along their offsets, aligned first, a line for each implementation', () => {
    const summary = summarize(samplesDocument({ series: copies(OFFSETS, ['wasm', 'ts', 'noop']) }));
    const page = read(alignmentSection(summary));
    const [one, ...others] = chartsIn(page);
    expect(others).toEqual([]);
    expect(one!.title).toBe('region-copy 4 KiB');
    expect(one!.lines.map(([name]) => name)).toEqual(['wasm', 'ts']);
    const timeAt = (src: number, dst: number) =>
      summary.workloads.find(
        ({ params, implementation }) =>
          implementation === 'wasm' && params.srcOffsetBytes === src && params.dstOffsetBytes === dst,
      )!.nsPerOp!.estimate;
    expect(Object.fromEntries(one!.lines[0]![1] as [number, number][])).toEqual({
      0: timeAt(0, 0),
      1: timeAt(16, 0),
      2: timeAt(0, 16),
      3: timeAt(3, 17),
    });
    expect(elements(page, 'text').map(textOf)).toEqual(
      expect.arrayContaining(['aligned', '+16 | +0', '+0 | +16', '+3 | +17']),
    );
  });

  test('are no chart where there are two', () => {
    const summary = summarize(samplesDocument({ series: copies(OFFSETS.slice(0, 2), ['wasm']) }));
    expect(String(alignmentSection(summary))).toBe('');
  });

  test('and implementations that are too many lines for one chart of sizes have charts of their own', () => {
    const rows = copies(OFFSETS, ['wasm', 'ts', 'native'], [64, 512, 4096]);
    const charts = chartsIn(
      read(sweepSection(summarize(samplesDocument({ series: rows, unavailable: [] })))),
    );
    expect(charts.map(({ title }) => title)).toEqual([
      'region-copy, wasm',
      'region-copy, ts',
      'region-copy, native',
    ]);
    expect(charts.map(({ lines }) => lines.length)).toEqual([4, 4, 4]);
  });
});
