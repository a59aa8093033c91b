/** What the page does for its reader, in a real browser: filters, sorting, keys, light and dark. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toHtml } from '../../../src/report/html/page.ts';
import { BROWSER_NOTE, LAUNCH_MS, NO_BROWSER, Pages } from './chromium.ts';
import { wholeDocuments } from './whole-documents.ts';
import { wholePage, wholeReports } from './whole-page.ts';

const WHOLE = wholePage();

/** Texts of the cells of one column of the first table with a caption. */
function columnOf(page: Page, caption: string, title: string): Promise<string[]> {
  return page
    .locator('table', { has: page.locator('caption', { hasText: caption }) })
    .first()
    .evaluate((table: HTMLTableElement, wanted) => {
      const headings = [...table.tHead!.rows[0]!.cells];
      const { cellIndex } = headings.find((one) => one.textContent === wanted)!;
      return [...table.tBodies[0]!.rows].map(({ cells }) => {
        const cell = cells[cellIndex]!;
        return cell.querySelector('data')?.value ?? cell.textContent;
      });
    }, title);
}

const headingOf = (page: Page, caption: string, title: string) =>
  page
    .locator('table', { has: page.locator('caption', { hasText: caption }) })
    .first()
    .getByRole('columnheader', { name: title, exact: true });

const isDark = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)');

const descending = (values: readonly number[]) => values.toSorted((a, b) => b - a);

describe.skipIf(NO_BROWSER)(`in a browser ${BROWSER_NOTE}`, () => {
  let pages: Pages;
  let page: Page;
  let complaints: readonly string[];
  beforeAll(async () => {
    pages = await Pages.launch();
    ({ page, complaints } = await pages.open(WHOLE));
  }, LAUNCH_MS);
  afterAll(() => pages?.close());

  /** Each test begins with the page as it was sent. */
  const begin = () => page.reload();
  const rows = () => page.locator('table:not(.matrix, .sums table) tbody tr');
  const shown = () => rows().locator('visible=true');
  const count = () => page.locator('#count');

  describe('the filter', () => {
    test('leaves the rows that have all its words, says how many, and Escape ends it', async () => {
      await begin();
      const all = await rows().count();
      const box = page.getByRole('searchbox', { name: 'Filter' });
      await box.fill('Region-COPY  ts');
      const texts = await shown().allTextContents();
      expect(texts.length).toBeGreaterThan(0);
      const expected = (await rows().allTextContents()).filter(
        (text) => text.includes('region-copy') && text.includes('ts'),
      );
      expect(texts).toEqual(expected);
      expect(await count().textContent()).toBe(`${texts.length} of ${all} rows`);
      await page.keyboard.press('Escape');
      expect(await box.inputValue()).toBe('');
      expect([await shown().count(), await count().textContent()]).toEqual([all, '']);
    });

    test('hides sections that nothing is left of, and says so where nothing is left at all', async () => {
      await begin();
      const titles = () => page.locator('h3:visible').allTextContents();
      await page.getByRole('searchbox').fill('region-fill');
      expect(await titles()).toContain('Implementations');
      expect(await titles()).not.toContain('Start of a process');
      await page.getByRole('searchbox').fill('no such row');
      expect(await shown().count()).toBe(0);
      expect(await count().textContent()).toMatch(/^0 of \d+ rows$/);
      // Sums, charts and provenance are of no row.
      const kept = ['In short', 'Size and alignment', 'How this was measured'];
      expect(await titles()).toEqual(expect.arrayContaining(kept));
      expect(await titles()).not.toContain('Workloads');
    });

    test('unfolds what fits, and hides what is folded away where nothing of it does', async () => {
      await begin();
      const rates = page.locator('details', { hasText: 'Rates, tiers and checksums' }).first();
      const unchanged = page.locator('details', { hasText: 'series without a change' });
      expect(await rates.locator('tbody tr').locator('visible=true').count()).toBe(0);
      await page.getByRole('searchbox').fill('region-fill');
      expect(await rates.locator('tbody tr').locator('visible=true').count()).toBeGreaterThan(0);
      expect(await unchanged.isVisible()).toBe(false);
      await page.keyboard.press('Escape');
      expect(await unchanged.isVisible()).toBe(true);
    });

    test('takes a verdict, and both together', async () => {
      await begin();
      await page.getByLabel('Verdict').selectOption('slower');
      const slower = await shown().allTextContents();
      expect(slower.length).toBeGreaterThan(0);
      const ofSlower = rows().filter({ has: page.locator('.verdict.slower') });
      expect(await ofSlower.allTextContents()).toEqual(slower);
      await page.getByRole('searchbox').fill('config-read');
      expect(await shown().allTextContents()).toEqual(slower.filter((text) => text.includes('config-read')));
      await page.keyboard.press('Escape');
      expect(await page.getByLabel('Verdict').inputValue()).toBe('');
      expect(await count().textContent()).toBe('');
    });

    test('is what it says when the reader comes back to the page', async () => {
      const { page: other } = await pages.open(WHOLE);
      await other.getByLabel('Verdict').selectOption('faster');
      await other.goto('about:blank');
      await other.goBack();
      const verdict = await other.getByLabel('Verdict').inputValue();
      const isFiltered = (await other.locator('#count').textContent()) !== '';
      expect(isFiltered).toBe(verdict !== '');
      await other.close();
    });
  });

  describe('sorting', () => {
    test('by a click: numbers by their size, and a second click turns them round', async () => {
      await begin();
      const heading = headingOf(page, 'Implementations', 'ratio');
      await heading.getByRole('button').click();
      expect(await heading.getAttribute('aria-sort')).toBe('ascending');
      const up = (await columnOf(page, 'Implementations', 'ratio')).map(Number);
      expect(up).toEqual(descending(up).toReversed());
      expect(new Set(up).size).toBeGreaterThan(10);
      await heading.getByRole('button').click();
      expect(await heading.getAttribute('aria-sort')).toBe('descending');
      const down = (await columnOf(page, 'Implementations', 'ratio')).map(Number);
      expect(down).toEqual(descending(up));
    });

    test.each(['Enter', 'Space'])('by %s, one column at a time', async (key) => {
      await begin();
      const forks = headingOf(page, 'Implementations', 'forks');
      await headingOf(page, 'Implementations', 'ratio').getByRole('button').click();
      await forks.getByRole('button').focus();
      await page.keyboard.press(key);
      expect(await forks.getAttribute('aria-sort')).toBe('ascending');
      const table = page.locator('table', { has: page.locator('caption', { hasText: 'Implementations' }) });
      expect(await table.first().locator('[aria-sort]').count()).toBe(1);
    });

    test('keeps the order of what is equal, either way', async () => {
      await begin();
      const before = await columnOf(page, 'Implementations', 'workload');
      const arms = await columnOf(page, 'Implementations', 'what over what');
      const button = headingOf(page, 'Implementations', 'what over what').getByRole('button');
      for (const direction of [1, -1]) {
        await button.click();
        const pairs = before.map((workload, i) => ({ workload, arm: arms[i]! }));
        const sorted = pairs.toSorted((a, b) => direction * (a.arm < b.arm ? -1 : a.arm > b.arm ? 1 : 0));
        expect(await columnOf(page, 'Implementations', 'workload')).toEqual(
          sorted.map(({ workload }) => workload),
        );
      }
    });

    test('puts what is missing last, either way', async () => {
      await begin();
      const button = headingOf(page, 'Workloads', 'native').getByRole('button');
      for (const isUp of [true, false]) {
        await button.click();
        const cells = await columnOf(page, 'Workloads', 'native');
        const missing = cells.findIndex((text) => !/^[\d.]+$/.test(text));
        expect(missing).toBeGreaterThan(0);
        expect(new Set(cells.slice(missing))).toEqual(new Set(['not available', '']));
        expect(cells.slice(missing).every((text) => !/^[\d.]+$/.test(text))).toBe(true);
        // What was never asked for comes after what was asked for and not there.
        expect(cells.slice(missing)).toEqual(cells.slice(missing).toSorted((a, b) => b.length - a.length));
        const numbers = cells.slice(0, missing).map(Number);
        expect(numbers).toEqual(isUp ? descending(numbers).toReversed() : descending(numbers));
      }
    });

    test('of names takes numbers in them for numbers', async () => {
      await begin();
      await headingOf(page, 'Latency', 'workload').getByRole('button').click();
      await headingOf(page, 'Workloads', 'workload').getByRole('button').click();
      const names = await columnOf(page, 'Workloads', 'workload');
      const fills = names.filter((name) => name.startsWith('region-fill'));
      expect(fills.map((name) => name.replace('region-fill ', ''))).toEqual([
        '64 B',
        '512 B',
        '4 KiB',
        '32 KiB',
      ]);
    });

    test('and a filter do not disturb each other', async () => {
      await begin();
      await page.getByRole('searchbox').fill('config');
      const before = await shown().count();
      await headingOf(page, 'Implementations', 'ratio').getByRole('button').click();
      expect(await shown().count()).toBe(before);
    });
  });

  describe('keys', () => {
    test('/ goes to the filter, t turns light and dark, and neither is one while somebody types', async () => {
      await begin();
      await page.keyboard.press('/');
      const box = page.getByRole('searchbox');
      expect(await box.evaluate((one) => one === document.activeElement)).toBe(true);
      expect(await box.inputValue()).toBe('');
      await page.keyboard.type('t/t');
      expect([await box.inputValue(), await isDark(page)]).toEqual(['t/t', false]);
      await box.blur();
      await page.keyboard.press('t');
      expect(await isDark(page)).toBe(true);
      await page.keyboard.press('Control+t');
      expect(await isDark(page)).toBe(true);
    });

    test.each([
      ['tables', () => toHtml(wholeReports().slice(1, 2))],
      ['a flame graph', () => toHtml([], wholeDocuments().slice(2))],
    ])('Tab comes to all there is of %s, box by box, and shows where it is', async (_, make) => {
      const { page: other } = await pages.open(make());
      const all = await other
        .locator('input, select, button, summary, [tabindex="0"]')
        .evaluateAll((list) =>
          list.filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 200)),
        );
      const reached: string[] = [];
      for (let i = 0; i < all.length; i++) {
        await other.keyboard.press('Tab');
        const { name, outline } = await other.evaluate(() => {
          const one = document.activeElement!;
          const { outlineStyle } = getComputedStyle(one);
          const box = one.querySelector(':scope > rect');
          const outline = box && outlineStyle === 'none' ? getComputedStyle(box).strokeWidth : outlineStyle;
          return { name: one.outerHTML.slice(0, 200), outline };
        });
        expect([name, outline]).toEqual([name, expect.stringMatching(/^(solid|2px)$/)]);
        reached.push(name);
      }
      expect(reached).toEqual(all);
      await other.close();
    });
  });

  test.each(['light', 'dark'] as const)(
    'the theme is first what the system says: %s',
    async (colorScheme) => {
      const { page: other } = await pages.open(WHOLE, { colorScheme });
      const begun = colorScheme === 'dark';
      expect(await isDark(other)).toBe(begun);
      const button = other.getByRole('button', { name: 'Light or dark' });
      for (const expected of [!begun, begun, !begun]) {
        await button.click();
        expect(await isDark(other)).toBe(expected);
      }
      await other.close();
    },
  );

  test('nothing of this makes the browser complain', () => {
    expect(complaints).toEqual([]);
  });

  test('without scripts the page is whole, and shows no control that does nothing', async () => {
    const { page: other } = await pages.open(WHOLE, { javaScriptEnabled: false });
    expect(await other.locator('#controls').isVisible()).toBe(false);
    expect(await other.locator('tbody tr').first().isVisible()).toBe(true);
    await other.close();
  });
});
