/** Makes the pictures in `docs/images/` from the real pages of a local stack: `npm run screenshots`. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FrameLocator, Page } from 'playwright-core';
import { type LocalStack, startLocalStack } from '#local/stack/local-stack';
import { createAgentDesk } from '#test/support/agent-desk';
import { launchBrowser, type TestBrowser } from '#test/support/browser';
import { toPalette } from './png/palette-png.ts';

const IMAGES = path.join(import.meta.dirname, '..', 'docs', 'images');
const MAX_BYTES = 80 * 1024;
const MORNING = '2026-11-28T09:41:00.000Z';
const PATIENCE_MS = 60_000;

interface Talk {
  readonly name: string;
  readonly question: string;
  readonly answers: readonly string[];
  readonly thanks: string;
}

const ENGLISH: Talk = {
  name: 'Grace Hopper',
  question: 'Good morning! My kettle has not arrived yet. The order is 4711.',
  answers: [
    'Good morning, Grace. Let me look.',
    'It is with the carrier:\n- today: in your town\n- tomorrow: at your door',
  ],
  thanks: 'Wonderful, thank you!',
};
const ARABIC: Talk = {
  name: 'ليلى',
  question: 'صباح الخير! لم تصل الغلاية بعد. رقم الطلب 4711.',
  answers: ['صباح النور يا ليلى. دعيني أتحقق.', 'الطرد مع شركة الشحن، ويصل غدًا قبل الظهر.'],
  thanks: 'رائع، شكرًا لك!',
};

type Customer = FrameLocator | Page;

async function talk(shop: Customer, { outputs }: LocalStack, said: Talk): Promise<void> {
  const desk = createAgentDesk(outputs.TwilioUrl);
  const widget = shop.locator('flex-chat');
  const write = async (text: string) => {
    await widget.locator('textarea').fill(text);
    await widget.locator('textarea').press('Enter');
  };
  // A customer of this name may have been here before.
  const { length } = (await desk.tasks()).filter(
    ({ attributes }) => attributes['name'] === said.name,
  );
  await widget.locator('input[name=name]').fill(said.name);
  await widget.locator('form button[type=submit]').click();
  await write(said.question);
  const task = await desk.taskOf(said.name, length + 1);
  await desk.accept(task.sid, 'Ada');
  await widget.locator('li.notice').waitFor();
  for (const answer of said.answers) await desk.answer(task.sid, answer);
  await widget
    .locator('.bubble:not(.own)')
    .nth(said.answers.length - 1)
    .waitFor();
  await write(said.thanks);
  await widget.locator('.own[data-state=delivered]').nth(1).waitFor();
  await desk.read(task.sid, said.answers.length + 1);
  await widget.locator('.own[data-state=read]').nth(1).waitFor();
}

/** What differs from run to run: times, addresses and ids. In the widget, too. */
const STEADY = `(() => {
  const steady = (root) => {
    for (const time of root.querySelectorAll('time')) {
      time.textContent = time.textContent
        .replace(/\\d+:\\d\\d/, '9:41').replace('PM', 'AM').replace('\u0645', '\u0635');
    }
    for (const value of root.querySelectorAll('dd')) {
      value.textContent = value.textContent.replace(/127\\.0\\.0\\.1:\\d+/, 'shop.example');
    }
    for (const widget of root.querySelectorAll('flex-chat')) steady(widget.shadowRoot);
  };
  steady(document);
})()`;

async function shoot(page: Page, name: string): Promise<void> {
  for (const frame of page.frames()) await frame.evaluate(STEADY);
  const png = toPalette(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
  writeFileSync(path.join(IMAGES, `${name}.png`), png);
  console.log(`${name}.png: ${Math.ceil(png.length / 1024)} KB`);
  if (png.length > MAX_BYTES) throw new Error(`${name}.png is larger than ${MAX_BYTES} bytes`);
}

interface View {
  readonly width: number;
  readonly height: number;
  readonly isDark?: boolean;
  readonly query?: string;
}

async function openShop(browser: TestBrowser, stack: LocalStack, view: View): Promise<Page> {
  const { height, isDark = false, query = '', width } = view;
  const { page } = await browser.open(`${stack.outputs.PageUrl}/shop.html${query}`, {
    viewport: { width, height },
    colorScheme: isDark ? 'dark' : 'light',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.locator('flex-chat .launcher').click();
  await page.locator('flex-chat input[name=name]').waitFor();
  return page;
}

async function shootWidget(browser: TestBrowser, stack: LocalStack): Promise<void> {
  const size = { width: 1000, height: 680 };
  const opened = await openShop(browser, stack, size);
  await shoot(opened, 'open');
  await talk(opened, stack, ENGLISH);
  await shoot(opened, 'chat');
  await opened.emulateMedia({ colorScheme: 'dark' });
  await shoot(opened, 'dark');
  await opened.emulateMedia({ colorScheme: 'light' });
  await opened.setViewportSize({ width: 375, height: 700 });
  await shoot(opened, 'phone');
  await opened.context().close();

  const arabic = await openShop(browser, stack, { ...size, query: '?locale=ar' });
  await talk(arabic, stack, ARABIC);
  await shoot(arabic, 'right-to-left');
  await arabic.context().close();
}

async function shootDemo(browser: TestBrowser, stack: LocalStack): Promise<void> {
  const { page } = await browser.open(stack.outputs.PageUrl, {
    viewport: { width: 1280, height: 900 },
    timezoneId: 'UTC',
    colorScheme: 'light',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  page.setDefaultTimeout(PATIENCE_MS);
  // The desk looks again and again, so its times are made steady on their way to it.
  await page.route(/\/agent\/tasks\/\w+\/messages$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/(?<="dateCreated":")[^"]+/g, MORNING);
    await route.fulfill({ response, body });
  });
  await page.getByTestId('wire-toggle').click();
  const shop = page.frameLocator('#shop');
  await shop.locator('flex-chat .launcher').click();
  await talk(shop, stack, { ...ENGLISH, name: 'Grace Brewster' });
  const desk = page.frameLocator('#desk');
  await desk.getByTestId('task').first().click();
  await desk.getByText(ENGLISH.thanks).waitFor();
  const wire = page.frameLocator('iframe[src="/wire.html"]');
  const sent = wire.locator('[data-kind=frame]', { hasText: 'sendMessage' }).last();
  await sent.evaluate((line) => line.scrollIntoView());
  await shoot(page, 'demo');
  await page.goto(`${stack.outputs.PageUrl}/desk.html`);
  await page.setViewportSize({ width: 1000, height: 620 });
  await page.getByTestId('task').first().click();
  await page.getByText(ENGLISH.thanks).waitFor();
  await shoot(page, 'desk');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
}

/** On a busy machine a function may not start in the time that Lambda gives it, and Twilio repeats no webhook. */
async function warmUp({ outputs }: LocalStack): Promise<void> {
  const call = () => fetch(`${outputs.WebhookUrl}/new-message/none`, { method: 'POST' });
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const answers = await Promise.all(Array.from({ length: 6 }, call));
    if (answers.every(({ status }) => status < 500)) return;
  }
  throw new Error('the functions do not start');
}

const outDirectory = mkdtempSync(path.join(tmpdir(), 'flex-channel-'));
const stack = await startLocalStack({
  pagePort: 0,
  outDirectory,
  // A busy machine may need longer than Twilio waits.
  webhookTimeoutMs: PATIENCE_MS,
});
const browser = await launchBrowser();
try {
  mkdirSync(IMAGES, { recursive: true });
  await warmUp(stack);
  await shootWidget(browser, stack);
  await shootDemo(browser, stack);
} finally {
  await browser.close();
  await stack.stop();
  rmSync(outDirectory, { recursive: true, force: true });
}
