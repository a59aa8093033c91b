/** A page of ours in a real browser, cut off from every network. */
// Functions that tests give to a page know its document.
/// <reference lib="dom" />
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** As in .ci/run. */
export const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const found = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => existsSync(path));

export const NO_BROWSER = found === undefined;
/** For titles: why tests are skipped. */
export const BROWSER_NOTE = '(skipped where there is no chromium)';

export const PHONE = { width: 390, height: 844 };

/** A control that is there answers at once; a test of one that is not is not to take half a minute. */
const ACTION_MS = 20_000;

/** For `beforeAll`: the first start of a browser on a busy machine. */
export const LAUNCH_MS = 60_000;

export interface OpenedPage {
  readonly page: Page;
  /** What the browser said, dialogs that it wanted to show, and requests beyond the page itself. */
  readonly complaints: readonly string[];
}

/** One browser for the tests of a file. */
export class Pages {
  readonly #browser: Browser;
  readonly #folder = mkdtempSync(join(tmpdir(), 'barometer-page-'));
  #count = 0;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async launch(): Promise<Pages> {
    return new Pages(await chromium.launch({ executablePath: found!, args: ['--disable-lcd-text'] }));
  }

  /** Loads a page as somebody does who was sent the file. */
  async open(html: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
    const path = join(this.#folder, `${++this.#count}.html`);
    writeFileSync(path, html);
    return this.openFile(path, options);
  }

  async openFile(path: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
    const context = await this.#browser.newContext({ colorScheme: 'light', ...options });
    context.setDefaultTimeout(ACTION_MS);
    const page = await context.newPage();
    const { href } = pathToFileURL(path);
    const complaints = complaintsOf(page, href);
    await context.setOffline(true);
    await page.goto(href);
    return { page, complaints };
  }

  async close(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#folder, { recursive: true });
  }
}

function complaintsOf(page: Page, href: string): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== href) complaints.push(`request: ${request.url()}`);
  });
  page.on('popup', () => complaints.push('popup'));
  page.on('dialog', async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  return complaints;
}

/** What is folded away, or all of it to be seen. */
export function unfold(page: Page, isOpen: boolean): Promise<void> {
  return page.locator('details').evaluateAll((list, open) => {
    for (const one of list) (one as HTMLDetailsElement).open = open;
  }, isOpen);
}
