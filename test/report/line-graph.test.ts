import { describe, expect, test } from 'vitest';
import { type LineGraph, lineGraph } from '../../src/report/line-graph.ts';

const GRAPH: LineGraph = {
  title: 'by <rate> & "more"',
  panels: [
    {
      unit: 'ns',
      lines: [
        {
          name: 'straight',
          points: [
            { x: 1, y: 10 },
            { x: 10, y: 20 },
            { x: 100, y: 30 },
          ],
        },
        { name: 'short', points: [{ x: 10, y: 10 }] },
      ],
    },
    { unit: 'GB/s', lines: [{ name: 'other', points: [{ x: 1, y: 1 }] }] },
  ],
  along: 'rate',
  axis: 'log',
  mark: { x: 10, text: 'profile: 10' },
  format: String,
};

const polylines = (svg: string) =>
  [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points]) =>
    points!.split(' ').map((point) => point.split(',').map(Number)),
  );

describe('a line graph', () => {
  const svg = lineGraph(GRAPH);

  test('has each point at its place: the first at the left, the highest on top', () => {
    const [[first, middle, last], [only]] = polylines(svg) as [number[][], number[][]];
    expect(middle![0]).toBeCloseTo((first![0]! + last![0]!) / 2, 1);
    expect(middle![1]).toBeCloseTo((first![1]! + last![1]!) / 2, 1);
    expect(first![1]).toBeGreaterThan(last![1]!);
    expect(only).toEqual([middle![0], first![1]]);
    expect(polylines(svg)).toHaveLength(3);
  });

  test('linear, has places apart as they are', () => {
    const [[first, middle, last]] = polylines(lineGraph({ ...GRAPH, axis: 'linear' })) as [number[][]];
    expect((middle![0]! - first![0]!) / (last![0]! - first![0]!)).toBeCloseTo(9 / 99, 2);
  });

  test('says what each point is, which units there are, and what is marked', () => {
    for (const text of ['straight, 10: 20.0 ns', 'other, 1: 1.0 GB/s', '>profile: 10<', '>GB/s<', '>rate<']) {
      expect(svg).toContain(text);
    }
  });

  test('is XML whatever the names are', () => {
    expect(svg).toContain('<title>by &lt;rate&gt; &amp; &quot;more&quot;</title>');
    const open: string[] = [];
    for (const [, close, name, selfClosed] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
      if (close) expect(open.pop()).toBe(name);
      else if (!selfClosed) open.push(name!);
    }
    expect(open).toEqual([]);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('has room for the names of as many lines as there are', () => {
    const lines = Array.from({ length: 40 }, (_, i) => ({ name: `line ${i}`, points: [{ x: 1, y: 1 + i }] }));
    const tall = lineGraph({ ...GRAPH, panels: [{ unit: 'ns', lines }] });
    const height = Number(/ height="(\d+)"/.exec(tall)![1]);
    const legend = [...tall.matchAll(/<text x="526" y="(\d+)"/g)].map(([, y]) => Number(y));
    expect(legend).toHaveLength(40);
    expect(Math.max(...legend)).toBeLessThan(height - 44);
  });

  test('of nothing is a title', () => {
    const empty = lineGraph({ ...GRAPH, panels: [] });
    expect(empty).toContain('by &lt;rate&gt;');
    expect(empty).not.toMatch(/polyline|NaN|Infinity/);
  });
});
