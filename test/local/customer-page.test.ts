import type { Page } from 'playwright-core';
import { type PageServer, servePages } from '#local/page-server';
import { launchBrowser, type TestBrowser } from '#test/support/browser';
import { type ScriptedChat, startScriptedChat } from '#test/support/scripted-chat';

let browser: TestBrowser;
let chat: ScriptedChat;
let pages: PageServer;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

beforeEach(async () => {
  chat = await startScriptedChat();
  pages = await servePages({ port: 0, ...chat });
});

afterEach(async () => {
  await pages.close();
  await chat.close();
});

async function openPage() {
  const { page, problems } = await browser.open(`${pages.url}/customer.html`);
  await page.locator('[data-testid=status][data-connection=online]').waitFor();
  const write = async (text: string) => {
    await page.getByTestId('text').fill(text);
    await page.getByTestId('text').press('Enter');
  };
  const stateOf = (text: string) =>
    page.getByTestId('message').filter({ hasText: text }).getByTestId('state');
  return { page, problems, write, stateOf };
}

const focused = (page: Page) => page.locator(':focus').getAttribute('data-testid');

describe('the customer page', () => {
  test('shows a message from accepted to delivered to read', async () => {
    const { stateOf, write } = await openPage();
    chat.fate = 'accepted';
    await write('one');
    await stateOf('one').filter({ hasText: 'Sent' }).waitFor();
    chat.fate = 'echoed';

    await write('two');
    await stateOf('two').filter({ hasText: 'Sent' }).waitFor({ state: 'hidden' });
    chat.emit({ type: 'read', chat: 1, index: 0 });

    await stateOf('two').filter({ hasText: 'Read' }).waitFor({ state: 'attached' });
  });

  test('shows who is there and what was read, after a reload too', async () => {
    const { page, stateOf, write } = await openPage();
    await write('one');
    await stateOf('one').filter({ hasText: 'Delivered' }).waitFor();
    chat.presence = { agents: ['Ada'], readIndex: 0 };

    await page.reload();

    await page.getByTestId('status').filter({ hasText: 'You are talking to Ada' }).waitFor();
    await stateOf('one').filter({ hasText: 'Read' }).waitFor();
  });

  test('warns of the end of a chat in which nobody writes, until somebody does', async () => {
    const { page, stateOf, write } = await openPage();
    await write('one');
    await stateOf('one').filter({ hasText: 'Delivered' }).waitFor();
    const status = page.getByTestId('status');
    chat.emit({ type: 'idle', chat: 1, endsAt: new Date(Date.now() + 300_000).toISOString() });
    await status.filter({ hasText: /This chat ends at .+ unless you write/ }).waitFor();

    await write('two');

    await status.filter({ hasText: 'unless you write' }).waitFor({ state: 'detached' });
  });

  test('keeps an earlier conversation in sight when another session takes its place', async () => {
    const { page, stateOf, write } = await openPage();
    await write('one');
    await stateOf('one').filter({ hasText: 'Delivered' }).waitFor();

    chat.forget();

    const told = page.getByTestId('problem');
    await told.filter({ hasText: 'you were away for long. It is shown above' }).waitFor();
    await write('two');
    await stateOf('two').filter({ hasText: 'Delivered' }).waitFor();
    expect(await page.getByTestId('body').allTextContents()).toEqual(['one', 'two']);
  });

  test('does not promise an earlier conversation that it has not read', async () => {
    const { page } = await openPage();

    chat.forget();

    const told = page.getByTestId('problem').filter({ hasText: 'has ended' });
    await told.waitFor();
    expect(await told.textContent()).not.toContain('shown above');
  });

  test('says that there is no chat when its address can not be right', async () => {
    const wrong = await servePages({ port: 0, ...chat, customerSocketUrl: 'wss://x/live#a' });
    const { page, problems } = await browser.open(`${wrong.url}/customer.html`);

    await page.getByTestId('status').filter({ hasText: 'no chat' }).waitFor();

    expect(problems).toEqual([expect.stringContaining('url: wss://')]);
    await wrong.close();
  });

  test('offers to send a failed message again', async () => {
    const { page, stateOf, write } = await openPage();
    chat.fate = 'rejected';
    await write('hello');
    await stateOf('hello').filter({ hasText: 'Not delivered' }).waitFor();
    chat.fate = 'echoed';

    await page.getByTestId('retry').click();

    await stateOf('hello').filter({ hasText: 'Delivered' }).waitFor();
    expect(await page.getByTestId('message').count()).toBe(1);
  });

  test('lets a failed message be discarded', async () => {
    const { page, stateOf, write } = await openPage();
    chat.fate = 'rejected';
    await write('hello');
    await stateOf('hello').filter({ hasText: 'Not delivered' }).waitFor();

    await page.getByTestId('discard').click();

    await stateOf('hello').waitFor({ state: 'detached' });
    expect(await page.getByTestId('message').count()).toBe(0);
  });

  test('keeps taking messages while the connection is lost, and sends them when it is back', async () => {
    const { page, stateOf, write } = await openPage();
    chat.cut();
    await page.getByTestId('status').filter({ hasText: 'Connection lost' }).waitFor();
    await write('hello');
    await stateOf('hello').filter({ hasText: 'Sending' }).waitFor();

    chat.restore();

    await stateOf('hello').filter({ hasText: 'Delivered' }).waitFor();
  });

  test('leaves the focus and the draft alone when a message arrives', async () => {
    const { page, write } = await openPage();
    await write('hello');
    await page.getByTestId('text').fill('a draft');
    await page.getByTestId('end-chat').waitFor();
    await page.getByTestId('end-chat').focus();

    chat.say('Good morning');
    await page.getByText('Good morning').waitFor();

    expect(await focused(page)).toBe('end-chat');
    expect(await page.getByTestId('text').inputValue()).toBe('a draft');
  });

  test('begins a new line on Shift+Enter, and leaves Enter to an input method', async () => {
    const { page } = await openPage();
    const text = page.getByTestId('text');
    await text.fill('one');
    await text.press('Shift+Enter');
    await text.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    expect(await page.getByTestId('message').count()).toBe(0);
    await text.pressSequentially('two');

    await text.press('Enter');

    expect(await page.getByTestId('body').textContent()).toBe('one\ntwo');
  });

  test('says why a text that is too long is not sent, and keeps it', async () => {
    const { page, write } = await openPage();
    const long = 'x'.repeat(8_193);

    await write(long);

    await page.getByTestId('problem').filter({ hasText: 'too long' }).waitFor();
    expect(await page.getByTestId('text').inputValue()).toBe(long);
    expect(await page.getByTestId('message').count()).toBe(0);
  });

  test('offers new messages instead of scrolling away from what is read', async () => {
    const { page, write } = await openPage();
    await write('hello');
    for (let n = 0; n < 30; n += 1) chat.say(`line ${n}`);
    const log = page.getByTestId('log');
    await page.getByText('line 29', { exact: true }).waitFor();
    await log.evaluate((element) => element.scrollTo(0, 0));
    await page.waitForTimeout(100);

    chat.say('the newest');
    await page.getByTestId('new-messages').waitFor();
    expect(await log.evaluate((element) => element.scrollTop)).toBe(0);
    await page.getByTestId('new-messages').click();

    await page.getByTestId('new-messages').waitFor({ state: 'hidden' });
    expect(await log.evaluate((element) => element.scrollTop)).toBeGreaterThan(0);
  });

  test('moves the focus on when the text box gives way to the end of the chat', async () => {
    const { page, write } = await openPage();
    await write('hello');
    await page.getByTestId('end-chat').waitFor();
    const at = '2026-11-22T09:00:00.000Z';

    chat.emit({ type: 'ended', chat: 1, by: 'agent', at });
    await page.getByTestId('over').waitFor();

    expect(await focused(page)).toBe('start-chat');
  });

  test('fits a narrow screen without scrolling sideways', async () => {
    const { page, write } = await openPage();
    await page.setViewportSize({ width: 320, height: 560 });

    await write(`https://example.com/${'x'.repeat(300)}`);
    await page.getByTestId('message').waitFor();

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });

  test('is a page on which text can not become markup', async () => {
    const { page, problems } = await openPage();

    const attempt = page.evaluate('document.body.innerHTML = "<img src=x onerror=alert(1)>"');

    await expect(attempt).rejects.toThrow('TrustedHTML');
    expect(problems.join()).toContain('TrustedHTML');
  });

  test('raises no complaint of the browser in a plain conversation', async () => {
    const { page, problems, write } = await openPage();

    await write('<img src=x onerror=alert(1)>');
    chat.say('<script>alert(1)</script>');
    await page.getByText('<script>alert(1)</script>').waitFor();

    expect(await page.locator('img, script:not([src])').count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
