/** The pictures of the README: `npx node test/report/html/picture.ts FILE…`, of saved samples. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { reportByConditions } from '../../../src/report/by-conditions.ts';
import { toHtml } from '../../../src/report/html/page.ts';
import { mergeSamples } from '../../../src/results/merge.ts';
import { loadSamples } from '../../../src/results/store.ts';
import { Pages, unfold } from './chromium.ts';

const FOLDER = fileURLToPath(new URL('../../../.github/pictures/', import.meta.url));
const VIEW = { width: 1360, height: 1240 };
/** Few enough rows that all kinds of them are on the picture. */
const FILTER = 'config-read 4 B, header';

const sources = process.argv.slice(2);
const samples = mergeSamples(sources.map((source) => ({ samples: loadSamples(source), source })));
const html = toHtml(reportByConditions(samples));
mkdirSync(FOLDER, { recursive: true });

const pages = await Pages.launch();
for (const colorScheme of ['light', 'dark'] as const) {
  const { page } = await pages.open(html, { colorScheme, viewport: VIEW });
  await page.getByRole('searchbox').fill(FILTER);
  await unfold(page, false);
  for (const i of [0, 1]) await page.getByRole('button', { name: 'workload', exact: true }).nth(i).click();
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await page.screenshot({ path: `${FOLDER}report-${colorScheme}.png` });
}
await pages.close();
