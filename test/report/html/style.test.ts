/** How the page looks, as far as it can be read off it in a real browser: on a phone, on paper, in light and dark. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toHtml } from '../../../src/report/html/page.ts';
import { HOSTILE, hostileDocument, reportsOf } from '../export/results.ts';
import { BROWSER_NOTE, LAUNCH_MS, NO_BROWSER, Pages, PHONE, unfold } from './chromium.ts';
import { wholeDocuments } from './whole-documents.ts';
import { wholePage } from './whole-page.ts';

const WHOLE = wholePage();
/** What contrast WCAG 2.2 asks for: 1.4.3 of text, 1.4.11 of what is drawn. */
const OF_TEXT = 4.5;
const OF_DRAWINGS = 3;

type Rgb = readonly [red: number, green: number, blue: number];

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(color: Rgb): number {
  const [red, green, blue] = color.map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: Rgb, b: Rgb): number {
  const [darker, lighter] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (lighter! + 0.05) / (darker! + 0.05);
}

/** Of `rgb(1, 2, 3)`, and of what colours are mixed to: `color(srgb 0.1 0.2 0.3)`. */
function rgbOf(color: string): Rgb {
  const parts = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
  return parts.map((part) => (color.startsWith('color(srgb') ? 255 * part : part)) as unknown as Rgb;
}

/** Each colour that elements of `selector` have in `property`, once. */
async function colorsOf(
  page: Page,
  selector: string,
  property: 'color' | 'fill' | 'stroke',
): Promise<string[]> {
  const colors = await page
    .locator(selector)
    .evaluateAll((list, name) => list.map((one) => getComputedStyle(one).getPropertyValue(name)), property);
  return [...new Set(colors)];
}

describe.skipIf(NO_BROWSER)(`in a browser ${BROWSER_NOTE}`, () => {
  let pages: Pages;
  beforeAll(async () => {
    pages = await Pages.launch();
  }, LAUNCH_MS);
  afterAll(() => pages?.close());

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    let page: Page;
    let paper: Rgb;
    beforeAll(async () => {
      ({ page } = await pages.open(WHOLE, { colorScheme }));
      await unfold(page, true);
      paper = rgbOf((await page.evaluate(() => getComputedStyle(document.body).backgroundColor)) as string);
    });

    const lowest = async (selector: string, property: 'color' | 'fill' | 'stroke') => {
      const colors = (await colorsOf(page, selector, property)).filter((color) => color !== 'none');
      expect(colors.length).toBeGreaterThan(0);
      return Math.min(...colors.map((color) => contrast(rgbOf(color), paper)));
    };

    test('texts stand out from the page, those in drawings too', async () => {
      expect(await lowest('body *:not(svg *, script)', 'color')).toBeGreaterThanOrEqual(OF_TEXT);
      expect(await lowest('svg text', 'fill')).toBeGreaterThanOrEqual(OF_TEXT);
    });

    test('so does what is drawn', async () => {
      for (const mark of ['.series path', '.latency circle', 'rect.series']) {
        const solid = page.locator(mark).first();
        expect(await solid.count()).toBe(1);
        expect(await lowest(`${mark}:not(.dashed *)`, 'fill')).toBeGreaterThanOrEqual(OF_DRAWINGS);
      }
      const lines = ['.series line', '.series polyline', '.ratio .interval', '.latency line', '.one'];
      for (const line of [...lines, '.event line', '.runs polyline', '.runs line']) {
        expect(await lowest(line, 'stroke')).toBeGreaterThanOrEqual(OF_DRAWINGS);
      }
    });

    test('names in a flame graph stand out from their boxes', async () => {
      const boxes = await page.locator('.flame g').evaluateAll((list) =>
        list.flatMap((box) => {
          const text = box.querySelector('text');
          const fills = [text, box.querySelector('rect')].map((one) => one && getComputedStyle(one).fill);
          return text === null ? [] : [fills as [string, string]];
        }),
      );
      expect(boxes.length).toBeGreaterThan(8);
      const least = Math.min(...boxes.map(([text, box]) => contrast(rgbOf(text), rgbOf(box))));
      expect(least).toBeGreaterThanOrEqual(OF_TEXT);
    });
  });

  describe('on a phone', () => {
    test.each([
      ['every section', () => WHOLE],
      ['long names', () => toHtml(reportsOf(hostileDocument()), HOSTILE.flatMap(wholeDocuments))],
    ])('of %s: the page does not scroll sideways, and nothing is cut off', async (_, make) => {
      const { page } = await pages.open(make(), { viewport: PHONE });
      await unfold(page, true);
      const { scrollWidth, innerWidth } = await page.evaluate(() => ({
        scrollWidth: document.documentElement.scrollWidth,
        innerWidth: window.innerWidth,
      }));
      expect(scrollWidth).toBeLessThanOrEqual(innerWidth);
      const cut = await page.locator('body *').evaluateAll((list) =>
        list
          .filter((one) => !one.closest('.scroll, svg *, caption, script'))
          .filter((one) => one.getBoundingClientRect().right > window.innerWidth)
          .map((one) => one.outerHTML.slice(0, 100)),
      );
      expect(cut).toEqual([]);
      await page.close();
    });

    test('labels of drawings are inside them, and none stands on another', async () => {
      const { page } = await pages.open(WHOLE, { viewport: PHONE });
      const faults = await page.locator('figure > svg, svg.axis').evaluateAll((drawings) =>
        drawings.flatMap((drawing) => {
          const frame = drawing.getBoundingClientRect();
          const labels = [...drawing.querySelectorAll('text')];
          const boxes = labels.map((label) => label.getBoundingClientRect());
          const outside = labels.filter((_label, i) => {
            const { left, right, top, bottom } = boxes[i]!;
            return (
              left < frame.left || right > frame.right || top < frame.top - 1 || bottom > frame.bottom + 1
            );
          });
          const covered = labels.filter((_label, i) =>
            boxes.some(
              (other, k) =>
                k !== i &&
                other.left < boxes[i]!.right &&
                other.right > boxes[i]!.left &&
                other.top < boxes[i]!.bottom - 3 &&
                other.bottom - 3 > boxes[i]!.top,
            ),
          );
          return [...outside, ...covered].map((label) => `${label.outerHTML} in ${drawing.ariaLabel}`);
        }),
      );
      expect(faults).toEqual([]);
      await page.close();
    });

    test('names in a flame graph are inside their boxes', async () => {
      const { page } = await pages.open(WHOLE, { viewport: PHONE });
      const faults = await page.locator('.flame g').evaluateAll((list) =>
        list.flatMap((box) => {
          const [name, frame] = ['text', 'rect'].map((tag) =>
            box.querySelector(tag)?.getBoundingClientRect(),
          );
          return name && (name.right > frame!.right + 1 || name.left < frame!.left) ? [box.outerHTML] : [];
        }),
      );
      expect(faults).toEqual([]);
      await page.close();
    });

    test('the name of a row stays while its figures scroll', async () => {
      const { page } = await pages.open(WHOLE, { viewport: PHONE });
      const box = page.getByRole('group', { name: 'Workloads' }).first();
      const name = box.locator('tbody th').first();
      const before = await name.boundingBox();
      await box.evaluate((one) => one.scrollTo({ left: 200 }));
      expect((await name.boundingBox())!.x).toBe(before!.x);
      await page.close();
    });
  });

  test('on paper there are drawings and no controls, and no table is cut off', async () => {
    const { page } = await pages.open(WHOLE, { colorScheme: 'dark', viewport: { width: 1045, height: 718 } });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('#controls').isVisible()).toBe(false);
    for (const drawing of await page.locator('svg.strip, figure > svg, svg.flame').all()) {
      expect((await drawing.boundingBox())!.width).toBeGreaterThan(0);
    }
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(255, 255, 255)',
    );
    const cut = await page
      .locator('table, svg.flame')
      .evaluateAll((list) =>
        list
          .filter((one) => one.getBoundingClientRect().right > window.innerWidth)
          .map((one) => one.querySelector('caption')?.textContent ?? one.ariaLabel),
      );
    expect(cut).toEqual([]);
    await page.close();
  });

  test('nothing moves', async () => {
    const { page } = await pages.open(WHOLE, { reducedMotion: 'reduce' });
    const moving = await page.locator('*').evaluateAll(
      (list) =>
        list.filter((one) => {
          const { transitionDuration, animationName } = getComputedStyle(one);
          return transitionDuration !== '0s' || animationName !== 'none';
        }).length,
    );
    expect(moving).toBe(0);
    await page.close();
  });
});
