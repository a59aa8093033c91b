/** What is drawn is what was measured: marks in a real browser, read off by the labels of their axes. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { boxTitle, flameBoxes } from '../../../src/report/flame-layout.ts';
import { toHtml } from '../../../src/report/html/page.ts';
import { latencyHistograms } from '../../../src/report/latency.ts';
import { plainTexts } from '../../../src/report/plain-text.ts';
import { STACK_PARTS } from '../../../src/report/stack.ts';
import type { Summary } from '../../../src/report/summary.ts';
import type { HistoryDocument } from '../../../src/results/history-document.ts';
import type { ProfileDocument } from '../../../src/results/profile.ts';
import { BROWSER_NOTE, LAUNCH_MS, NO_BROWSER, Pages } from './chromium.ts';
import { wholeDocuments } from './whole-documents.ts';
import { OFFSETS, SIZES, wholeReports } from './whole-page.ts';

const REPORTS = wholeReports();
const DOCUMENTS = wholeDocuments();
const [, HISTORY, PROFILE] = DOCUMENTS as [unknown, HistoryDocument, ProfileDocument, unknown];
const [RUN, , AGENTS] = REPORTS.map(({ summary }) => summary) as [Summary, Summary, Summary];

/** Pixels that a mark may be off. */
const MOST_OFF = 1;

const FACTORS: Readonly<Record<string, number>> = {
  ...{ ns: 1, µs: 1e3, ms: 1e6, s: 1e9 },
  ...{ B: 1, KiB: 1024, MiB: 1024 ** 2 },
  ...{ 'MB/s': 1e6, 'GB/s': 1e9, '×': 1, '': 1 },
};

/** The value of a label, read as a person does: `10 µs`, `4 KiB`, `0.5×`. */
function valueOfLabel(label: string): number {
  const [, digits, unit] = /^([\d.,]+) ?(.*)$/.exec(label)!;
  return Number(digits!.replaceAll(',', '')) * FACTORS[unit!]!;
}

interface Label {
  readonly text: string;
  /** In pixels. */
  readonly at: number;
}

/** Where a value belongs on the axis that has these labels. */
function placeOn(
  labels: readonly Label[],
  scale: (value: number) => number,
  readLabel = valueOfLabel,
): (value: number) => number {
  expect(labels.length).toBeGreaterThanOrEqual(2);
  const [first, last] = [labels[0]!, labels.at(-1)!];
  const [from, to] = [first, last].map(({ text }) => scale(readLabel(text))) as [number, number];
  const place = (value: number) => first.at + ((scale(value) - from) / (to - from)) * (last.at - first.at);
  for (const { text, at } of labels)
    expect(Math.abs(place(readLabel(text)) - at)).toBeLessThanOrEqual(MOST_OFF);
  return place;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface DrawnLine {
  readonly name: string;
  readonly marks: readonly Place[];
  readonly corners: readonly Place[];
  readonly intervals: readonly { readonly x: number; readonly top: number; readonly bottom: number }[];
}

/** A chart in pixels of the screen, as the browser draws it. */
function drawnChart(figure: Locator) {
  return figure.evaluate((one) => {
    const svg = one.querySelector<SVGSVGElement>(':scope > svg')!;
    const onScreen = (element: SVGGraphicsElement, x: number, y: number) => {
      const { x: left, y: top } = new DOMPoint(x, y).matrixTransform(element.getScreenCTM()!);
      return { x: left, y: top };
    };
    const numberOf = (element: Element, name: string) => Number(element.getAttribute(name));
    const gridLines = [...svg.querySelectorAll<SVGLineElement>('.grid')];
    const middle = svg.viewBox.baseVal.height / 2;
    const [above, below] = [-1, 1].map((side) =>
      [...svg.querySelectorAll<SVGTextElement>('text[text-anchor=middle]')]
        .filter((text) => side * (numberOf(text, 'y') - middle) > 0)
        .map((text) => ({ text: text.textContent, at: onScreen(text, numberOf(text, 'x'), 0).x })),
    );
    // Without what the legend says of it in small.
    const names = [...one.querySelectorAll('.legend li')].map((item) =>
      [...item.childNodes].flatMap((node) => (node instanceof Text ? node.data.trim() : [])).join(''),
    );
    return {
      events: [...svg.querySelectorAll<SVGLineElement>('.event line')].map(
        (line) => onScreen(line, numberOf(line, 'x1'), 0).x,
      ),
      above: above!,
      up: gridLines.map((line) => ({
        text: line.nextElementSibling!.textContent,
        at: onScreen(line, 0, numberOf(line, 'y1')).y,
      })),
      across: below!,
      lines: [...svg.querySelectorAll('.series')].map((group, i) => ({
        name: names[i]!,
        marks: [...group.querySelectorAll<SVGGElement>('.mark')].map((mark) => onScreen(mark, 0, 0)),
        corners: [...group.querySelector('polyline')!.points].map(({ x, y }) => onScreen(svg, x, y)),
        intervals: [...group.querySelectorAll('line')].map((line) => ({
          x: onScreen(line, numberOf(line, 'x1'), 0).x,
          top: onScreen(line, 0, numberOf(line, 'y2')).y,
          bottom: onScreen(line, 0, numberOf(line, 'y1')).y,
        })),
      })),
    };
  });
}

interface Expected {
  readonly x: number;
  readonly timeNs: { readonly estimate: number; readonly low: number; readonly high: number };
}

function near(actual: number, expected: number): void {
  expect(Math.abs(actual - expected), `${actual} px instead of ${expected} px`).toBeLessThanOrEqual(MOST_OFF);
}

const same = (value: number) => value;

/** How places along the axis below are to be read; by default as numbers whose factors are equal distances. */
interface Reading {
  scale?(value: number): number;
  readLabel?(label: string): number;
  /** Times of less than a factor of four between them stand at equal distances. */
  timeScale?(ns: number): number;
}

async function expectDrawn(
  figure: Locator,
  expected: Readonly<Record<string, readonly Expected[]>>,
  { scale = Math.log, readLabel = valueOfLabel, timeScale = Math.log }: Reading = {},
): Promise<(value: number) => number> {
  const { up, across, lines } = await drawnChart(figure);
  const [x, y] = [placeOn(across, scale, readLabel), placeOn(up, timeScale)];
  expect(lines.map(({ name }) => name).toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const { name, marks, corners, intervals } of lines as readonly DrawnLine[]) {
    expect([marks.length, corners.length, intervals.length]).toEqual(Array(3).fill(expected[name]!.length));
    for (const [i, point] of expected[name]!.entries()) {
      for (const place of [marks[i]!, corners[i]!]) {
        near(place.x, x(point.x));
        near(place.y, y(point.timeNs.estimate));
      }
      near(intervals[i]!.x, x(point.x));
      near(intervals[i]!.top, y(point.timeNs.high));
      near(intervals[i]!.bottom, y(point.timeNs.low));
    }
  }
  return x;
}

const exactly = (ns: number) => ({ estimate: ns, low: ns, high: ns });

describe.skipIf(NO_BROWSER)(`in a browser ${BROWSER_NOTE}`, () => {
  let pages: Pages;
  let page: Page;
  beforeAll(async () => {
    pages = await Pages.launch();
    ({ page } = await pages.open(toHtml(REPORTS, DOCUMENTS), { viewport: { width: 1400, height: 900 } }));
  }, LAUNCH_MS);
  afterAll(() => pages?.close());

  const figureOf = (title: string | RegExp) =>
    page.locator('figure', { has: page.locator('figcaption', { hasText: title }) }).first();

  test('curves of sizes', async () => {
    const timeOf = (implementation: string, sizeBytes: number) =>
      RUN.workloads.find(
        (row) =>
          row.name === 'region-fill' &&
          row.implementation === implementation &&
          row.params.sizeBytes === sizeBytes,
      )!.nsPerOp!;
    const lineOf = (implementation: string) => SIZES.map((x) => ({ x, timeNs: timeOf(implementation, x) }));
    await expectDrawn(figureOf('region-fill'), { wasm: lineOf('wasm'), ts: lineOf('ts') });
  });

  test('alignments, at equal distances', async () => {
    const places = ['aligned', '+16 | +0', '+0 | +16', '+3 | +17'];
    const lineOf = (implementation: string) =>
      OFFSETS.map(([src, dst], x) => {
        const { nsPerOp } = RUN.workloads.find(
          ({ name, params, ...row }) =>
            name === 'region-move' &&
            row.implementation === implementation &&
            params.srcOffsetBytes === src &&
            params.dstOffsetBytes === dst,
        )!;
        return { x, timeNs: nsPerOp! };
      });
    await expectDrawn(
      figureOf('region-move'),
      { wasm: lineOf('wasm'), ts: lineOf('ts') },
      { scale: same, readLabel: (label) => places.indexOf(label) },
    );
  });

  test('distributions, each further nine at the same distance', async () => {
    const section = page.locator('section', {
      has: page.locator('h3', { hasText: 'Distribution of latencies' }),
    });
    const beyond = (percent: number) => 100 / (100 - percent);
    const lines = [...latencyHistograms(REPORTS[1]!.samples.latencies!).values()].map((histogram, i) => [
      'AB'[i]!,
      [0, 25, 50, 75].map((percent) => ({
        x: beyond(percent),
        timeNs: exactly(percent === 0 ? histogram.min : histogram.percentile(percent)),
      })),
    ]);
    await expectDrawn(section.locator('figure').first(), Object.fromEntries(lines), {
      readLabel: (label) => beyond(Number(label.replace('%', ''))),
      timeScale: same,
    });
  });

  test('runs at equal distances, each change where it was', async () => {
    const [series] = HISTORY.series;
    const figure = figureOf(series!.workload);
    const x = await expectDrawn(
      figure,
      {
        [[series!.implementation, series!.runtime].join(', ')]: series!.points.map(({ nsPerOp }, i) => ({
          x: i,
          timeNs: nsPerOp,
        })),
      },
      { scale: same, readLabel: (day) => Number(day.slice(-2)) - 1, timeScale: same },
    );
    const { events, above } = await drawnChart(figure);
    expect(events).toHaveLength(1);
    near(events[0]!, x(series!.changes[0]!.index));
    expect(above.map(({ text }) => text)).toEqual(['2.000× slower']);
    near(above[0]!.at, events[0]!);
  });

  test('runs in a line of a table, with its changes', async () => {
    const drawn = await page
      .locator('table', { has: page.locator('caption', { hasText: 'History on' }) })
      .first()
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => ({
          name: row.querySelector('th')!.textContent,
          runs: [...row.querySelector('polyline')!.points].map(({ x, y }) => ({ x, y })),
          changes: [...row.querySelectorAll('line')].map((line) => line.x1.baseVal.value),
        })),
      );
    for (const { name, runs, changes } of drawn) {
      const series = HISTORY.series.find(({ workload }) => name.startsWith(workload))!;
      expect(runs).toHaveLength(series.points.length);
      expect(changes).toEqual(series.changes.map(({ index }) => runs[index]!.x));
      const steps = runs.slice(1).map(({ x }, i) => x - runs[i]!.x);
      expect(Math.max(...steps) - Math.min(...steps)).toBeLessThan(MOST_OFF);
      const times = series.points.map(({ nsPerOp }) => nsPerOp.estimate);
      const byTime = runs.map(({ y }, i) => ({ y, ns: times[i]! })).sort((a, b) => a.ns - b.ns);
      expect(byTime.map(({ y }) => y)).toEqual(byTime.map(({ y }) => y).toSorted((a, b) => b - a));
    }
    expect(drawn).toHaveLength(2);
  });

  test('flame graphs: each box as wide as its share, below its caller', async () => {
    const boxes = await page
      .locator('svg.flame')
      .first()
      .locator('g')
      .evaluateAll((list) =>
        list.map((box) => {
          const { left, right, top, bottom } = box.querySelector('rect')!.getBoundingClientRect();
          return { title: box.querySelector('title')!.textContent, left, right, top, bottom };
        }),
      );
    const expected = flameBoxes(plainTexts(PROFILE), 0.002);
    expect(boxes.map(({ title }) => title)).toEqual(expected.map(boxTitle));
    const whole = await page.locator('svg.flame').first().boundingBox();
    for (const [i, { from, share, level }] of expected.entries()) {
      near(boxes[i]!.left, whole!.x + from * whole!.width);
      near(boxes[i]!.right, whole!.x + (from + share) * whole!.width);
      if (level > 0) expect(boxes.some(({ bottom }) => Math.abs(bottom - boxes[i]!.top) < 2)).toBe(true);
    }
    expect(boxes.length).toBeGreaterThan(8);
  });

  test('curves of agents', async () => {
    const along = AGENTS.curves.filter((curve) => curve.along === 'footprintBytes');
    const expected = along.map(({ params, points }) => [
      `wasm ${params.agents} ${params.agents === 1 ? 'agent' : 'agents'}`,
      points.map(({ at, nsPerOp }) => ({ x: at, timeNs: nsPerOp })),
    ]);
    await expectDrawn(figureOf('agents stream'), Object.fromEntries(expected));
  });

  test('latency under load', async () => {
    const rows = AGENTS.workloads
      .filter(({ sharing }) => sharing?.load)
      .toSorted((a, b) => a.sharing!.load!.bytesPerSec - b.sharing!.load!.bytesPerSec);
    const lineOf = (figure: 'p50' | 'p90' | 'p99') =>
      rows.map(({ sharing, latencyNs }) => ({
        x: sharing!.load!.bytesPerSec,
        timeNs: exactly(latencyNs![figure]),
      }));
    await expectDrawn(figureOf('loaded-latency'), {
      median: lineOf('p50'),
      '90%': lineOf('p90'),
      '99%': lineOf('p99'),
    });
  });

  /** The axis in the heading of a column of strips, and the marks of each row in pixels. */
  const strips = (caption: string) =>
    page
      .locator('table', { has: page.locator('caption', { hasText: caption }) })
      .first()
      .evaluate((table: HTMLTableElement) => {
        const xOf = (element: SVGGraphicsElement, name: string) =>
          new DOMPoint(Number(element.getAttribute(name)), 0).matrixTransform(element.getScreenCTM()!).x;
        return {
          labels: [...table.tHead!.querySelectorAll('text')].map((text) => ({
            text: text.textContent,
            at: xOf(text, 'x'),
          })),
          rows: [...table.tBodies[0]!.rows].map((row) => ({
            numbers: [...row.querySelectorAll('data')].map(({ value }) => Number(value)),
            dot: [...row.querySelectorAll('circle')].map((circle) => xOf(circle, 'cx')),
            ends: [...row.querySelectorAll('line')].map((line) => [xOf(line, 'x1'), xOf(line, 'x2')]),
            bars: [...row.querySelectorAll<SVGRectElement>('rect')].map((bar) => [
              xOf(bar, 'x'),
              bar.getBoundingClientRect().width,
            ]),
          })),
        };
      });

  test('ratios, with their intervals, their margin and sameness', async () => {
    const { labels, rows } = await strips('Implementations');
    const place = placeOn(labels, Math.log);
    const expected = RUN.comparisons.filter(({ kind }) => kind === 'implementation');
    expect(rows).toHaveLength(expected.length);
    for (const { numbers, dot, ends, bars } of rows) {
      const { ratio, margin } = expected.find(
        (one) => one.ratio.estimate === numbers[0] && one.ratio.low === numbers[1],
      )!;
      near(dot[0]!, place(ratio.estimate));
      const [one, interval] = ends as [number[], number[]];
      near(one[0]!, place(1));
      near(interval[0]!, place(ratio.low));
      near(interval[1]!, place(ratio.high));
      near(bars[0]![0]!, place(1 - margin));
    }
  });

  test('latencies', async () => {
    const { labels, rows } = await strips('Latency');
    const place = placeOn(labels, Math.log);
    const timed = RUN.workloads.flatMap(({ latencyNs }) => latencyNs ?? []);
    expect(rows).toHaveLength(timed.length);
    for (const [i, { p50, p99, max }] of timed.entries()) {
      const { dot, ends } = rows[i]!;
      near(dot[0]!, place(p50));
      near(ends[0]![1]!, place(max));
      near(ends[1]![1]!, place(p99));
    }
  });

  test('shares of the time', async () => {
    const { rows } = await strips('What the time is made of');
    for (const [i, { stack }] of RUN.stacks.entries()) {
      const { bars } = rows[i]!;
      for (const [k, [left, width]] of bars.entries()) {
        if (k + 1 < bars.length) near(bars[k + 1]![0]!, left! + width!);
      }
      const lengths = bars.map(([, width]) => width!);
      const whole = lengths.reduce((sum, length) => sum + length, 0);
      const measured = STACK_PARTS.flatMap((part) => stack[part]?.share || []);
      expect(lengths).toHaveLength(measured.length);
      for (const [k, length] of lengths.entries()) near(length, whole * measured[k]!);
    }
    expect(rows).toHaveLength(RUN.stacks.length);
  });
});
