import { describe, expect, test } from 'vitest';
import { flameGraph } from '../../src/report/flame-graph.ts';
import { profileDocument } from '../results/profile-document.ts';

describe('a flame graph', () => {
  const svg = flameGraph(profileDocument(), 'region-copy <wasm>');

  test('has a box for each frame of each stack, as wide as its time, with a title', () => {
    const boxes = [
      ...svg.matchAll(/<g><title>([^<]*)<\/title><rect x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g),
    ];
    const drawn = boxes
      .slice(7)
      .map(([, title, x, y, width]) => [title, Number(x), Number(y), Number(width)]);
    expect(drawn).toEqual([
      ['profiledPasses, src/profile/passes.ts: 9.00 ms, 90.0 %, harness', 0, 48, 1080],
      ['runBatch, assembly/access-batch.ts: 7.00 ms, 70.0 %, decode', 0, 66, 840],
      ['fast, assembly/access-batch.ts: 6.00 ms, 60.0 %, decode', 0, 84, 720],
      [expect.stringContaining('2.00 ms, 20.0 %, other'), 840, 66, 240],
      ['(garbage collector): 1.00 ms, 10.0 %, gc', 1080, 48, 120],
    ]);
  });

  test('is XML whatever the names are, and nothing in it runs', () => {
    for (const text of ['<script', '\u001b']) expect(svg).not.toContain(text);
    expect(svg).toContain('&lt;/text&gt;&lt;script&gt;&amp;&quot;');
    expect(svg).toContain('<title>region-copy &lt;wasm&gt;</title>');
    const open: string[] = [];
    for (const [, close, name, selfClosed] of svg.matchAll(/<(\/?)([a-z]+)[^<>]*?(\/?)>/g)) {
      if (close) expect(open.pop()).toBe(name);
      else if (!selfClosed) open.push(name!);
    }
    expect(open).toEqual([]);
    // What is no tag and no entity has no character that XML obeys.
    expect(svg.replace(/<[^<>]+>|&(amp|lt|gt|quot);/g, '')).not.toMatch(/[<>&]/);
  });

  test('of as many and as deep stacks as a file may have is drawn', () => {
    const [frame] = profileDocument().frames;
    const frames = Array.from({ length: 501 }, (_, i) => ({ ...frame!, name: `f${i}` }));
    const stacks = frames.slice(1).map((_, i) => ({ frames: [i + 1, ...Array(511).fill(0)], us: 1 }));
    expect(flameGraph({ frames, stacks }, 'many')).toContain(`height="${48 + 512 * 18 + 6}"`);
  });

  test('of nothing is an empty one', () => {
    const none = flameGraph({ frames: [], stacks: [] }, 'none');
    expect(none).not.toContain('NaN');
  });
});
