import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';
import { toAnnotations } from '../../../src/report/export/annotations.ts';
import { toMarkdown } from '../../../src/report/export/markdown.ts';
import { markdownText } from '../../../src/report/export/markdown-text.ts';
import { arm, samplesDocument } from '../../results/document.ts';
import { abDocument, forksOf, HOSTILE, hostileDocument, reportsOf } from './results.ts';

/** As GitHub renders it: the HTML in it goes through. */
const render = (text: string) =>
  micromark(text, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true });

describe('markdown', () => {
  test('says what changed, with intervals, and the rest in one line', () => {
    expect(toMarkdown(reportsOf(abDocument()))).toMatchSnapshot();
  });

  test('tables are tables to a reader of GitHub Flavored Markdown', () => {
    const html = render(toMarkdown(reportsOf(abDocument())));
    expect(html.match(/<table>/g)).toHaveLength(1);
    expect(html).toContain('<h3>Changed</h3>');
    expect(html.match(/<tr>/g)).toHaveLength(2);
  });

  test('implementations are compared where there are no versions', () => {
    const text = toMarkdown(reportsOf(samplesDocument()));
    expect(text).not.toContain('Changed');
    expect(text).toContain('1 of 1 could not be decided.');
    const slower = forksOf({ ...arm, implementation: 'ts' }, 3);
    const differ = abDocument({ series: [...forksOf(arm, 1.5), ...slower] });
    expect(toMarkdown(reportsOf(differ))).toMatch(
      /### Implementations that differ[\s\S]*wasm over ts[^|]*\|/,
    );
  });

  test('machines stand one below the other', () => {
    const other = { ...abDocument().fingerprint, cpuModel: 'Another CPU' };
    const { createdAt, settings, fingerprint } = abDocument();
    const runs = [
      { id: 'one', createdAt, settings, fingerprint },
      { id: 'two', createdAt, settings, fingerprint: other },
    ];
    const series = runs.flatMap(({ id }) => abDocument().series.map((one) => ({ ...one, run: id })));
    const text = toMarkdown(reportsOf(abDocument({ runs, series, latencies: [] })));
    expect(text.match(/^## barometer on (Example|Another) CPU/gm)).toHaveLength(2);
    expect(text.match(/^1 of 2 are the same/gm)).toHaveLength(2);
  });

  test('what else tells two reports apart stands in their titles', () => {
    const { createdAt, settings, fingerprint } = abDocument();
    const runs = ['6.9', '7.0'].map((generation) => {
      return { id: generation, createdAt, settings: { ...settings, generation }, fingerprint };
    });
    const series = runs.flatMap(({ id }) => abDocument().series.map((one) => ({ ...one, run: id })));
    const text = toMarkdown(reportsOf(abDocument({ runs, series, latencies: [] })));
    expect(text.match(/^## .*, generation (6\.9|7\.0): /gm)).toHaveLength(2);
  });

  test('names of strangers are text: no link, image, heading, mention or element of theirs', () => {
    const html = render(toMarkdown(reportsOf(hostileDocument())));
    expect(html).not.toMatch(/<(a|img|script|code|em|del|h1)\b/);
    expect(html.match(/<h2>/g)).toHaveLength(1);
    expect(html).not.toMatch(/@someone|#1\b|www\.evil|https?:\/\/evil|GH-12/);
    const rows = html.match(/<tr>[\s\S]*?<\/tr>/g)!;
    for (const row of rows) expect(row.match(/<t[hd]\b/g)).toHaveLength(7);
  });

  test('every text reads as it is', () => {
    for (const text of ['4 KiB, dst +16', 'config-read batch', 'a_b*c', '1.05×', ...HOSTILE.slice(1, 6)]) {
      const html = render(markdownText(text));
      const shown = html
        .replace(/<!-- -->|<\/?p>/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>');
      expect(shown.replaceAll('&quot;', '"').replaceAll('&amp;', '&')).toBe(text);
    }
  });
});

describe('annotations', () => {
  test('name the workload that got slower', () => {
    expect(toAnnotations(reportsOf(abDocument()))).toMatch(
      /^::error title=barometer%3A slower::config-read batch 4 B, header B: 1\.05\d× \(1\.\d+ to 1\.\d+\)\n$/,
    );
  });

  test('names of strangers are no commands, and there are at most ten of a kind', () => {
    const lines = toAnnotations(reportsOf(hostileDocument())).trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(11);
    for (const line of lines) expect(line).toMatch(/^::(error|warning) title=barometer%3A [a-z ]+::/);
  });
});
