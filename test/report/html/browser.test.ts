/** The page in a real browser: it is quiet, asks for nothing, and is readable on any screen, with any means. */
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toHtml } from '../../../src/report/html/page.ts';
import { arm } from '../../results/document.ts';
import { abDocument, forksOf, HOSTILE, hostileDocument, reportsOf } from '../export/results.ts';
import { BROWSER_NOTE, LAUNCH_MS, NAMES, NO_BROWSER, Pages, unfold } from './chromium.ts';
import { wholeDocuments } from './whole-documents.ts';
import { wholePage } from './whole-page.ts';

const WHOLE = wholePage();

/** Each would leave a mark on the window, were any of it markup or a script. */
const ATTACKS = [
  '<script>window.hit = 1</script>',
  '</style><script>window.hit = 1</script>',
  '</script><script>window.hit = 1</script>',
  '</title><svg onload="window.hit = 1">',
  '"><img src="x" onerror="window.hit = 1">',
  `' onmouseover='window.hit = 1' autofocus onfocus='window.hit = 1`,
  'javascript:window.hit = 1',
  '<meta http-equiv="refresh" content="0;url=http://evil.example">',
];

function attackDocument() {
  const rows = ATTACKS.flatMap((name) =>
    [1, 2, 3].flatMap((sizeBytes) =>
      ['A', 'B'].flatMap((build, i) =>
        forksOf(
          {
            ...{ workload: name, params: { [name]: name, sizeBytes }, implementation: name },
            ...{ runtime: name, build: `${build} ${name}` },
          },
          2 + i,
        ),
      ),
    ),
  );
  return abDocument({
    fingerprint: { cpuModel: ATTACKS.join(''), [ATTACKS[0]!]: ATTACKS[1]! },
    settings: { ...abDocument().settings, device: ATTACKS[2]!, policy: ATTACKS[3]! },
    series: rows,
    unavailable: [{ ...arm, workload: ATTACKS[4]!, reason: ATTACKS[5]! }],
    latencies: [],
  });
}

test('where CI is set there is a browser, so that no run of it reads no page at all', () => {
  const isMissing = process.env.CI === 'true' && NO_BROWSER;
  expect(isMissing, `no ${NAMES.join(', ')} in PATH: install the package chromium`).toBe(false);
});

describe.skipIf(NO_BROWSER)(`in a browser ${BROWSER_NOTE}`, () => {
  let pages: Pages;
  beforeAll(async () => {
    pages = await Pages.launch();
  }, LAUNCH_MS);
  afterAll(() => pages?.close());

  test('the page says nothing on the console, and asks for nothing but itself', async () => {
    const { page, complaints } = await pages.open(WHOLE);
    await page.mouse.wheel(0, 1e5);
    expect(await page.locator('h3').count()).toBeGreaterThan(10);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each([
    ['hostile names', hostileDocument],
    ['names that are markup', attackDocument],
  ])('%s do nothing', async (_, make) => {
    const documents = [...ATTACKS, HOSTILE.join('')].flatMap(wholeDocuments);
    const { page, complaints } = await pages.open(toHtml(reportsOf(make()), documents));
    for (const selector of ['tbody tr', '.flame g']) {
      await page.locator(selector).evaluateAll((list) => {
        for (const one of list) for (const type of ['mouseover', 'focus']) one.dispatchEvent(new Event(type));
      });
    }
    await page.locator('h2').first().click();
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
    expect(await page.locator('img, iframe, link, meta[http-equiv=refresh], a').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a name that became markup all the same would not run, and would be seen here', async () => {
    const broken = WHOLE.replace('</main>', `${ATTACKS.join('\n')}<a href="javascript:hit = 1">x</a></main>`);
    const { page, complaints } = await pages.open(broken.replace(ATTACKS[7]!, ''));
    await page.locator('a').click();
    expect(await page.evaluate(() => 'hit' in window)).toBe(false);
    expect(complaints.filter((text) => text.includes('Content Security Policy')).length).toBeGreaterThan(3);
    await page.close();
  });

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    test('nothing stands in the way of those who use other means to read it', async () => {
      const { page } = await pages.open(WHOLE, { colorScheme });
      await page.evaluate(axe.source);
      for (const isOpen of [false, true]) {
        await unfold(page, isOpen);
        const { violations, passes } = await page.evaluate(() =>
          (window as unknown as { axe: typeof axe }).axe.run(),
        );
        expect(violations.map(({ id, nodes }) => [id, nodes[0]!.html])).toEqual([]);
        expect(passes.map(({ id }) => id)).toEqual(
          expect.arrayContaining(['color-contrast', 'svg-img-alt', 'label', 'summary-name']),
        );
      }
      await page.close();
    });
  });
});
