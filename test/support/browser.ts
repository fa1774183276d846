/** Chromium for tests: the binary out of an npm package, driven by playwright-core. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const QUIET = ['--disable-background-networking', '--disable-component-update', '--no-first-run'];

export interface TestBrowser {
  /** A new visitor's page; `problems` collects console errors, page errors and refused resources. */
  open(url: string, options?: BrowserContextOptions): Promise<{ page: Page; problems: string[] }>;
  close(): Promise<void>;
}

export async function launchBrowser(): Promise<TestBrowser> {
  const browser = await chromium.launch({
    executablePath: await executablePath(),
    args: [...QUIET, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
  return {
    open: (url, options) => open(browser, url, options),
    close: () => browser.close(),
  };
}

/** The package is an ES module, which Jest's `require` does not load; a process of its own does. */
async function executablePath(): Promise<string> {
  const print =
    "import chromium from '@sparticuz/chromium'; console.log(await chromium.executablePath())";
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    print,
  ]);
  return stdout.trim();
}

async function open(browser: Browser, url: string, options?: BrowserContextOptions) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  return { page, problems };
}
