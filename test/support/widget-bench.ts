/** One browser and one website for all tests of a file, and a chat server of its own for each. */
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from './browser';
import { type ScriptedChat, startScriptedChat } from './scripted-chat';
import { startWidgetSite, type WidgetSite } from './widget-site';

export interface PageOptions {
  readonly config?: object;
  readonly head?: string;
  readonly body?: string;
  /** Added to the page's script. */
  readonly script?: string;
  readonly tags?: number;
  readonly context?: Parameters<TestBrowser['open']>[1];
}

/** Call it once, at the top of a test file. What it gives is there within tests. */
export function widgetBench() {
  let browser: TestBrowser;
  let site: WidgetSite;
  let chat: ScriptedChat;
  beforeAll(async () => {
    [browser, site] = await Promise.all([launchBrowser(), startWidgetSite()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(async () => {
    chat = await startScriptedChat();
    site.isStrict = true;
    site.takeRequests();
  });
  afterEach(() => chat.close());
  return {
    get site() {
      return site;
    },
    get chat() {
      return chat;
    },
    async openPage({ config, script = '', context, ...page }: PageOptions = {}) {
      const all = { url: chat.customerSocketUrl, ...config };
      site.page = { ...page, script: `window.flexChatConfig = ${JSON.stringify(all)};${script}` };
      const { page: opened, problems } = await browser.open(site.url, {
        // A panel that is still rising is measured in a place where it does not stay.
        reducedMotion: 'reduce',
        ...context,
      });
      opened.setDefaultTimeout(5_000);
      return { page: opened, problems, ...widgetOn(opened) };
    },
  };
}

/** The widget's controls on a page, by what a person calls them. */
export function widgetOn(page: Page) {
  const launcher = page.locator('flex-chat').getByRole('button', { name: /^Chat/ });
  const panel = page.getByRole('dialog');
  const message = panel.getByLabel('Message', { exact: true });
  return {
    launcher,
    panel,
    message,
    async open() {
      await launcher.click();
      await panel.waitFor();
    },
    async write(text: string) {
      await message.fill(text);
      await message.press('Enter');
    },
    bubble: (text: string) => panel.locator('.bubble').filter({ hasText: text }),
  };
}

/** Where the focus is, inside the widget too. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const inner = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return inner?.getAttribute('aria-label') ?? inner?.textContent ?? inner?.tagName ?? '';
  })()`);

const AXE = createRequire(__filename).resolve('axe-core/axe.min.js');

/** @returns what axe finds in the widget by the rules of WCAG 2.2 A and AA and by its best practices. */
export async function axeOn(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.addScriptTag({ path: AXE });
  return page.evaluate(`(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run({ include: [['flex-chat']] }, { runOnly: tags });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => [id, html, failureSummary].join(': ')),
    );
  })()`);
}
