import { describe, expect, test } from 'vitest';
import type { SequenceDiagram } from '../../src/report/sequence.ts';
import { sequenceDiagram } from '../../src/report/sequence-diagram.ts';
import { placed } from '../../src/report/sequence-layout.ts';
import { HOSTILE } from './export/results.ts';
import { overlapsOf } from './sequence-overlaps.ts';

const timed = { note: 'a 1 + b 2', begin: '10', end: '123456.789', isBeside: false, series: 0 };

/** Every kind of row, among them a message that passes a lifeline. */
function diagram(name = 'Read', note = 'a 1 + b 2'): SequenceDiagram {
  const message = {
    ...timed,
    kind: 'message',
    name,
    note,
    changeFrom: 'I → IS_D',
    changeTo: 'U → Ex{0}',
  } as const;
  const work = { ...timed, kind: 'work', name, note, change: 'I → E' } as const;
  const lifelines = [
    { name: 'far', what: note, group: 'one' },
    { name, what: 'near', group: 'two' },
    { name: 'home', what: 'home', group: 'two' },
    { name: 'memory', what: 'memory', group: 'two' },
  ];
  return {
    title: name,
    subtitle: 'what it shows',
    lifelines: lifelines.map((one) => ({ ...one, state: 'I' })),
    rows: [
      { ...message, from: 0, to: 2 },
      { ...message, from: 2, to: 1, isBeside: true },
      { ...work, at: 2, isNext: true },
      { ...work, at: 2, isNext: false },
      { ...work, at: 1, isNext: false },
      { ...message, from: 2, to: 0 },
      { kind: 'end', gap: 2, text: name },
      { ...message, from: 0, to: 1 },
    ],
    sum: {
      title: 'sum',
      parts: [1, 2, 5].map((value) => ({ name, value, text: `${value} ns`, series: value })),
    },
    notes: [`${name} ${'word '.repeat(40)}`],
  };
}

describe('a sequence diagram', () => {
  const svg = sequenceDiagram(diagram());

  test('has an arrow a message, from lifeline to lifeline, and a title and a description', () => {
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 \d+ \d+" width="\d+" height="\d+"/,
    );
    expect(svg.match(/<path class="arrow [^>]*marker-end=/g)).toHaveLength(8);
    expect(svg.match(/class="arrow l0 dashed"/g)).toHaveLength(1);
    expect(svg).toContain('<title id="title">Read</title>');
    expect(svg).toContain('what it shows. far to home: Read, 10 to 123456.789. home to Read: Read');
  });

  test('has every colour in light and in dark', () => {
    const [light, dark] = svg.split('@media (prefers-color-scheme: dark)');
    const colored = (text: string) =>
      [...text.matchAll(/^([.\w, ]+) \{ (?:fill|stroke): #/gm)].map(([, name]) => name);
    expect(colored(dark!).length).toBeGreaterThan(20);
    expect(colored(light!)).toEqual(colored(dark!));
  });

  test('draws parts as wide as they are', () => {
    const widths = placed(diagram()).rects.filter(({ kind, height }) => kind === 'part' && height > 10);
    const [first, second, third] = widths.map(({ width }) => width);
    expect([second! / first!, third! / first!]).toEqual([2, 5]);
  });

  test.each([
    ['short', 'x', ''],
    ['long', 'AMessageWithQuiteALongName', 'fabric 19 + queue 1.234 + bytes 0.036 + distance 270.4'],
  ])('keeps %s texts apart, and inside', (_, name, note) => {
    const layout = placed(diagram(name, note));
    expect(layout.labels.length).toBeGreaterThan(40);
    expect(overlapsOf(layout)).toEqual([]);
  });

  test('goes down in time', () => {
    const arrows = placed(diagram()).paths.filter(({ kind }) => kind === 'arrow');
    const tops = arrows.map(({ path }) => Number(/^M[\d.]+ ([\d.]+)/.exec(path)![1]));
    expect(tops).toEqual(tops.toSorted((a, b) => a - b));
  });

  test('is told where they are not apart', () => {
    const layout = placed(diagram());
    const [first, ...others] = layout.labels;
    const moved = { ...first!, x: others.at(-1)!.x, y: others.at(-1)!.y };
    expect(overlapsOf({ ...layout, labels: [moved, ...others] })).not.toEqual([]);
    expect(overlapsOf({ ...layout, labels: [{ ...first!, x: layout.width }] })).toEqual([
      'Read leaves the page',
    ]);
  });

  test.each(HOSTILE)('is XML whatever the names are, and nothing in it runs: %j', (name) => {
    const hostile = sequenceDiagram(diagram(name, name));
    for (const text of ['<script', '\u001b']) expect(hostile).not.toContain(text);
    const open: string[] = [];
    for (const [, close, name, selfClosed] of hostile.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
      if (close) expect(open.pop()).toBe(name);
      else if (!selfClosed) open.push(name!);
    }
    expect(open).toEqual([]);
    // What is no tag and no entity has no character that XML obeys.
    expect(hostile.replace(/<[^<>]+>|&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[<>&]/);
  });
});
