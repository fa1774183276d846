import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { type PageServer, servePages } from '#local/page-server';
import { WireLog } from '#local/wire/wire-log';
import { launchBrowser, type TestBrowser } from '#test/support/browser';
import { interact } from '../emulators/twilio/support/interactions.ts';
import { CUSTOMER, type Stage, setStage } from '../emulators/twilio/support/stage.ts';

const wire = new WireLog({ now: Date.now });
let browser: TestBrowser;
let stage: Stage;
let pages: PageServer;

beforeAll(async () => {
  [browser, stage] = await Promise.all([launchBrowser(), setStage()]);
  pages = await servePages({
    port: 0,
    customerSocketUrl: 'ws://127.0.0.1:9/live',
    twilioUrl: stage.twilio.url,
    backEnd: 'conversations',
    routing: 'task',
    wire,
  });
});

afterAll(async () => {
  await browser?.close();
  await pages?.close();
  await stage?.close();
});

/** A customer of this name who waits for an agent. */
async function openTask(name: string) {
  const url = await stage.openConversation();
  const say = (body: string) =>
    stage.rest('POST', `${url}/Messages`, [
      ['Author', CUSTOMER],
      ['Body', body],
    ]);
  await say('hello');
  await interact(stage, url, [], { name });
  await stage.twilio.settled();
  const { body } = await stage.desk('GET', '/agent/tasks');
  return { say, task: `/agent/tasks/${body.at(-1).sid}` };
}

async function openDesk(name: string, options?: Parameters<TestBrowser['open']>[1]) {
  const { say, task } = await openTask(name);
  const { page, problems } = await browser.open(`${pages.url}/desk.html`, options);
  const choose = (customer = name) =>
    page.getByTestId('task').filter({ hasText: customer }).first().click();
  await choose();
  await bodyOf(page, 'hello');
  const accept = async () => {
    await page.getByTestId('accept').click();
    await page.getByTestId('answer').waitFor();
  };
  return { accept, choose, page, problems, say, task, box: page.getByTestId('answer') };
}

const bodyOf = (page: Page, text: string) =>
  page.getByTestId('desk-body').filter({ hasText: text }).waitFor();

const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.id || document.activeElement.tagName');

describe('the desk', () => {
  test('sends a template as soon as it is chosen, and shows what it says', async () => {
    const { page, accept, problems } = await openDesk('Ada');
    await accept();

    await page.getByTestId('template').selectOption({ label: 'List' });

    await bodyOf(page, 'When shall we deliver?');
    expect(await page.getByTestId('template').inputValue()).toBe('');
    expect(problems).toEqual([]);
  });

  test('keeps the focus in the conversation when Accept, Leave and Complete are gone', async () => {
    const { page, problems, task } = await openDesk('Grace');
    await page.getByTestId('accept').press('Enter');
    await page.getByTestId('answer').waitFor();
    expect(await focused(page)).toBe('text');

    await page.getByTestId('complete').press('Enter');
    await page.getByTestId('phase').filter({ hasText: 'Completed' }).waitFor();
    expect(await focused(page)).toBe('customer');

    const { page: other, accept } = await openDesk('Edsger');
    await accept();
    await other.getByTestId('leave').press('Enter');
    await other.getByTestId('phase').filter({ hasText: 'Completed' }).waitFor();
    expect(await focused(other)).toBe('customer');
    expect(task).toContain('WT');
    expect(problems).toEqual([]);
  });

  test('gives a refused answer back, before what was written meanwhile, and says why', async () => {
    const { accept, box, page, task } = await openDesk('Katherine');
    await accept();
    // The desk learns that the task is over only by the refusal.
    await page.route(/\/messages$/, async (route) => {
      if (route.request().method() === 'POST') await stage.desk('POST', `${task}/complete`, {});
      await route.continue();
    });
    await box.fill('Your order is on its way.');

    await box.press('Enter');

    const trouble = page
      .getByTestId('trouble')
      .filter({ hasText: 'Your answer was not sent: 409' });
    await trouble.waitFor();
    await page.getByTestId('phase').filter({ hasText: 'Completed' }).waitFor();
    // Gone with the task, and there again with what was given back.
    await box.waitFor();
    expect(await box.inputValue()).toBe('Your order is on its way.');
    expect(await box.isEditable()).toBe(false);
    // Looks at the server go on and succeed.
    await page.waitForResponse(/\/agent\/tasks$/);
    await page.waitForResponse(/\/agent\/tasks$/);
    expect(await trouble.isVisible()).toBe(true);
  });

  test('keeps a draft for each task, so that no customer gets what another was to read', async () => {
    const { accept, box, choose, page } = await openDesk('Dorothy');
    await accept();
    await box.fill('For Dorothy');
    const { task } = await openTask('Radia');
    await stage.desk('POST', `${task}/accept`, { name: 'Ada' });

    await choose('Radia');
    await page.getByTestId('customer').filter({ hasText: 'Radia' }).waitFor();
    await box.waitFor();
    expect(await box.inputValue()).toBe('');

    await choose('Dorothy');
    expect(await box.inputValue()).toBe('For Dorothy');
  });

  test('sends on a plain Enter only', async () => {
    const { accept, box, page } = await openDesk('Margaret');
    await accept();
    await box.fill('one');

    for (const keys of ['Shift+Enter', 'Control+Enter', 'Alt+Enter', 'Meta+Enter']) {
      await box.press(keys);
    }
    await box.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    await box.dispatchEvent('keydown', { key: 'Enter', keyCode: 229 });
    expect(await box.inputValue()).toMatch(/^one\n/);
    await box.fill('two');
    await box.press('Enter');

    await bodyOf(page, 'two');
    expect(await page.getByTestId('desk-body').allTextContents()).toEqual(['hello', 'two']);
  });

  test('says what a customer writes, once, and never what was there before', async () => {
    const { accept, box, page, say } = await openDesk('Barbara');
    await page.evaluate(`
      window.spoken = [];
      new MutationObserver((changes) => {
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        const said = added.filter((node) => node.parentElement?.closest('[role=log], [aria-live]'));
        window.spoken.push(...said.map(({ textContent }) => textContent));
      }).observe(document, { childList: true, subtree: true });`);
    await page.getByTestId('task').filter({ hasText: 'Barbara' }).click();
    await bodyOf(page, 'hello');
    await accept();
    await box.fill('Good morning');
    await box.press('Enter');
    await bodyOf(page, 'Good morning');

    await say('Where is it?');
    await bodyOf(page, 'Where is it?');
    await openTask('Ida');
    await page.getByTestId('task').filter({ hasText: 'Ida' }).waitFor();

    expect(await page.evaluate('window.spoken')).toEqual([
      'Barbara: Where is it?',
      'Ida is waiting',
    ]);
  });

  test('has room for the conversation at a zoom of 400 %, and scrolls one way only', async () => {
    const { accept, page } = await openDesk('Evelyn', { viewport: { width: 320, height: 256 } });
    await accept();

    const log = await page.getByTestId('desk-log').boundingBox();

    expect(log?.height).toBeGreaterThan(140);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });

  test('shows names that are written from right to left without moving what stands beside them', async () => {
    const { page } = await openDesk('ليلى (VIP) 2');
    const task = page.getByTestId('task').filter({ hasText: 'ليلى' });

    expect(await task.locator('.task-name').textContent()).toBe('ليلى (VIP) 2');
    const directions = ['customer', 'phase'].map((id) =>
      page.evaluate(`getComputedStyle(document.getElementById('${id}')).direction`),
    );
    expect(await Promise.all(directions)).toEqual(['rtl', 'ltr']);
  });
});

describe('the pages of the demo', () => {
  const axe = createRequire(__filename).resolve('axe-core/axe.min.js');

  async function flaws(page: Page): Promise<string[]> {
    await page.addScriptTag({ path: axe });
    return page.evaluate(`(async () => {
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations } = await axe.run(document, { runOnly: tags, iframes: false });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => [id, html, failureSummary].join(': ')),
      );
    })()`);
  }

  test.each(['light', 'dark'] as const)(
    'can be used by everybody, in the %s theme',
    async (colorScheme) => {
      const options = { colorScheme, bypassCSP: true, reducedMotion: 'reduce' } as const;
      const { accept, page: desk } = await openDesk(`Hedy ${colorScheme}`, options);
      await accept();
      wire.watch({ kind: 'twilio', title: 'POST /v1/Messages', about: 'CH1', body: '{}' })({
        status: 503,
      });
      const found: Record<string, string[]> = { desk: await flaws(desk) };

      for (const name of ['', 'shop.html', 'wire.html']) {
        await desk.goto(`${pages.url}/${name}`);
        if (name === '') await desk.getByTestId('faults').click();
        if (name === 'wire.html')
          await desk.getByTestId('wire-entry').first().locator('summary').click();
        found[name] = await flaws(desk);
      }

      expect(found).toEqual({ desk: [], '': [], 'shop.html': [], 'wire.html': [] });
    },
  );
});
