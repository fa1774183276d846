import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '#test/support/browser';
import { type ScriptedChat, startScriptedChat } from '#test/support/scripted-chat';
import { startWidgetSite, type WidgetSite } from '#test/support/widget-site';

let browser: TestBrowser;
let chat: ScriptedChat;
let site: WidgetSite;

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

interface Options {
  readonly config?: object;
  readonly head?: string;
  readonly body?: string;
  /** Added to the page's script. */
  readonly script?: string;
  readonly tags?: number;
  readonly context?: Parameters<TestBrowser['open']>[1];
}

async function openPage({ config, script = '', context, ...page }: Options = {}) {
  const all = { url: chat.customerSocketUrl, ...config };
  site.page = { ...page, script: `window.flexChatConfig = ${JSON.stringify(all)};${script}` };
  const { page: opened, problems } = await browser.open(site.url, {
    // A panel that is still rising is measured in a place where it does not stay.
    reducedMotion: 'reduce',
    ...context,
  });
  opened.setDefaultTimeout(5_000);
  return { page: opened, problems, ...on(opened) };
}

function on(page: Page) {
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
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const inner = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return inner?.getAttribute('aria-label') ?? inner?.textContent ?? inner?.tagName ?? '';
  })()`);

describe('the launcher', () => {
  test('is one request, and nothing else until somebody opens the chat', async () => {
    const { launcher, open, page, problems } = await openPage();
    await launcher.waitFor();
    expect(site.takeRequests()).toEqual(['embed.js']);

    await open();

    expect(site.takeRequests()).toEqual([expect.stringMatching(/^panel-\w{8}\.js$/)]);
    await page.locator('flex-chat').evaluate((element) => element.remove());
    expect(problems).toEqual([]);
  });

  test('tells what is wrong with the configuration, by field and cure, once', async () => {
    const { launcher, page, problems } = await openPage({ config: { them: 'dark' } });

    await launcher.click();
    await page.getByText('Chat unavailable').waitFor();
    await launcher.click();
    await page.getByText('Chat unavailable').waitFor();

    expect(problems).toEqual([expect.stringMatching(/^flex-chat: them is unknown; known are url/)]);
  });

  test('is there once, however often the page has the script', async () => {
    const { launcher, page, problems } = await openPage({ tags: 2 });

    await launcher.waitFor();

    expect(await page.locator('flex-chat').count()).toBe(1);
    expect(problems).toEqual([]);
  });

  test('shows unread messages in its name, on its badge and in the page’s title', async () => {
    const { bubble, launcher, open, page, panel, write } = await openPage();
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();
    await panel.getByRole('button', { name: 'Close chat' }).click();

    chat.say('one');
    chat.say('two');

    await page.getByRole('button', { name: 'Chat, 2 unread messages' }).waitFor();
    expect(await page.title()).toBe('(2) Shop');
    expect(await page.locator('flex-chat .badge').textContent()).toBe('2');
    await launcher.click();
    await page.getByRole('button', { name: 'Chat', exact: true }).waitFor();
    expect(await page.title()).toBe('Shop');
  });

  test('shows what came while the visitor was away, without being opened', async () => {
    const { bubble, open, page, panel, write } = await openPage();
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();
    await panel.getByRole('button', { name: 'Close chat' }).click();
    await page.goto('about:blank');
    chat.say('one');

    await page.goto(site.url);

    await page.getByRole('button', { name: 'Chat, 1 unread message' }).waitFor();
  });
});

describe('the chat', () => {
  test('goes from queued to read, under a policy that forbids inline code and markup', async () => {
    const { bubble, open, page, problems, write } = await openPage();
    await open();
    chat.fate = 'accepted';
    await write('one');
    await bubble('one').getByText('Sent', { exact: true }).waitFor();
    chat.fate = 'echoed';

    await write('two');
    await bubble('two').getByText('Delivered').waitFor();
    chat.emit({ type: 'read', chat: 1, index: 0 });

    await bubble('two').getByText('Read', { exact: true }).waitFor();
    expect(await focused(page)).toBe('Message');
    expect(problems).toEqual([]);
  });

  test('shows text as text, with emphasis, lists and safe links', async () => {
    const { bubble, message, open, page, problems, write } = await openPage();
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();

    chat.say(
      '<img src=x onerror=alert(1)> **bold** [x](javascript:alert(1)) https://a.example/\n- item',
    );
    chat.say('\u202Eevil\u202C'.repeat(10));
    chat.say('w'.repeat(16_000));

    await bubble('onerror').getByRole('link', { name: 'https://a.example/' }).waitFor();
    expect(await bubble('onerror').locator('img').count()).toBe(0);
    expect(await bubble('onerror').locator('a').count()).toBe(1);
    expect(await bubble('onerror').locator('strong').textContent()).toBe('bold');
    expect(await bubble('onerror').locator('li').textContent()).toBe('item');
    await bubble('www').waitFor();
    const { scrollWidth, clientWidth } = await page
      .locator('flex-chat .log')
      .evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }));
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
    await message.waitFor();
    expect(problems).toEqual([]);
  });

  test('says what others write, once and in order, and never the backlog', async () => {
    const { bubble, open, page, write } = await openPage();
    await page.evaluate(`
      window.spoken = [];
      new MutationObserver((changes) => {
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        const said = added.filter((node) => node.parentElement?.closest('[role=log]'));
        window.spoken.push(...said.map(({ textContent }) => textContent));
      }).observe(document.querySelector('flex-chat').shadowRoot, { childList: true, subtree: true });`);
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();

    chat.say('one');
    chat.say('two');
    await bubble('two').waitFor();

    expect(await page.evaluate('window.spoken')).toEqual(['Ada says: one', 'Ada says: two']);
  });

  test('lets go on writing while the connection is lost', async () => {
    const { bubble, message, open, panel, write } = await openPage();
    await open();
    await write('one');
    await bubble('one').getByText('Delivered').waitFor();
    chat.cut();
    await panel.getByText('Connection lost').waitFor();

    await write('two');
    await bubble('two').getByText('Waiting to be sent').waitFor();
    await message.fill('three');
    chat.restore();

    await bubble('two').getByText('Delivered').waitFor();
    expect(await message.inputValue()).toBe('three');
  });

  test('keeps the draft and what is on its way over a reload', async () => {
    const { bubble, message, open, page, write } = await openPage();
    await open();
    await write('one');
    await bubble('one').getByText('Delivered').waitFor();
    chat.cut();
    await write('two');
    await message.fill('a draft');

    await page.reload();
    chat.restore();
    await open();

    await bubble('two').getByText('Delivered').waitFor();
    expect(await message.inputValue()).toBe('a draft');
  });

  test('offers a failed message to be sent again or discarded, and keeps the focus', async () => {
    const { bubble, open, page, panel, write } = await openPage();
    await open();
    chat.fate = 'rejected';
    await write('one');
    await write('two');
    await bubble('two').getByText('Not delivered').waitFor();
    chat.fate = 'echoed';

    await bubble('one').getByRole('button', { name: 'Try again' }).click();
    await bubble('one').getByText('Delivered').waitFor();
    expect(await focused(page)).toBe('Message');
    await bubble('two').getByRole('button', { name: 'Discard' }).click();

    await bubble('two').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Message');
    await panel.waitFor();
  });

  test('sends with Enter alone', async () => {
    const { bubble, message, open } = await openPage();
    await open();
    await message.fill('hello');

    for (const key of ['Shift', 'Control', 'Alt', 'Meta']) await message.press(`${key}+Enter`);
    expect(await bubble('hello').count()).toBe(0);
    await message.press('Enter');

    await bubble('hello').waitFor();
    expect(await message.inputValue()).toBe('');
  });

  test('leaves Enter to an input method, whose last key Safari tells as 229', async () => {
    const { bubble, message, open } = await openPage();
    await open();
    await message.fill('にほ');

    await message.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, cancelable: true });
    await message.dispatchEvent('keydown', { key: 'Enter', isComposing: true, cancelable: true });

    expect(await message.inputValue()).toBe('にほ');
    expect(await bubble('にほ').count()).toBe(0);
  });

  test('stays where the reader has scrolled to, and offers the way to what is new', async () => {
    const { bubble, open, page, panel, write } = await openPage();
    await open();
    await write('hello');
    for (let n = 0; n < 40; n++) chat.say(`line ${n}`);
    await bubble('line 39').waitFor();
    const log = page.locator('flex-chat .log');
    await log.evaluate((element) => element.scrollTo(0, 0));
    await page.waitForFunction(
      `document.querySelector('flex-chat').shadowRoot.querySelector('.log').scrollTop === 0`,
    );

    chat.say('news');
    await panel.getByRole('button', { name: '1 new message' }).waitFor();
    expect(await log.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    await panel.getByRole('button', { name: '1 new message' }).click();

    await panel.getByRole('button', { name: '1 new message' }).waitFor({ state: 'detached' });
    expect(await log.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
  });

  test('ends after a confirmation, takes a rating, and begins anew', async () => {
    const { bubble, message, open, page, panel, write } = await openPage();
    await page.evaluate(`
      window.ratings = [];
      addEventListener('flex-chat:rated', ({ detail }) => window.ratings.push(detail));`);
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();
    await panel.getByRole('button', { name: 'End chat' }).click();
    expect(await focused(page)).toBe('Keep chatting');
    await panel.getByRole('button', { name: 'Keep chatting' }).click();
    expect(await focused(page)).toBe('Message');
    await panel.getByRole('button', { name: 'End chat' }).click();

    await panel.getByRole('button', { name: 'End chat' }).click();
    await panel.getByText('You ended the chat').waitFor();
    expect(await focused(page)).toBe('Start a new chat');
    await panel.getByLabel('4 stars of 5').check();
    await panel.getByLabel('Would you like to add something?').fill('quick');
    await panel.getByRole('button', { name: 'Send rating' }).click();
    await panel.getByText('Thank you!').waitFor();
    await panel.getByRole('button', { name: 'Start a new chat' }).click();

    await message.waitFor();
    expect(await page.evaluate('window.ratings')).toEqual([
      { chat: 1, score: 4, comment: 'quick' },
    ]);
  });

  test('goes on showing a conversation that could not be resumed, and says so', async () => {
    const { bubble, open, panel, write } = await openPage();
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();

    chat.forget();

    await panel.getByText('Your earlier conversation has ended').waitFor();
    await bubble('hello').waitFor();
  });

  test('leaves at once when the customer has to, and leaves nothing behind', async () => {
    const { bubble, message, open, page, panel, write } = await openPage({
      config: { quickExitUrl: `${site.url}elsewhere` },
    });
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();
    await message.fill('a draft');

    await panel.getByRole('button', { name: 'Leave this site now' }).click();
    await page.waitForURL('**/elsewhere');

    const kept = await page.evaluate('JSON.stringify(localStorage)');
    expect(kept).not.toMatch(/a draft|"token"/);
  });

  test('saves the conversation as a file', async () => {
    const { bubble, open, page, panel, write } = await openPage();
    await open();
    await write('hello <b>');
    chat.say('hi');
    await bubble('hi').waitFor();
    chat.emit({ type: 'ended', chat: 1, by: 'agent', at: new Date().toISOString() });

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      panel.getByRole('button', { name: 'Save as HTML' }).click(),
    ]);

    const html = await readFile(await download.path(), 'utf8');
    expect(html).toContain('hello &lt;b&gt;');
    expect(html).toContain('Ada');
  });
});

describe('the questions before the first message', () => {
  const form = [
    { name: 'name', label: 'Your name', type: 'text', required: true },
    { name: 'topic', label: 'Topic', type: 'choice', options: ['order', 'return'] },
    { name: 'order', label: 'Order number', type: 'text', when: { field: 'topic', is: 'order' } },
    { name: 'consent', label: 'I agree', type: 'checkbox', required: true },
  ];

  test('show a problem beside its field, and lead to the chat once they are answered', async () => {
    const { bubble, message, open, page, panel, write } = await openPage({ config: { form } });
    await open();
    expect(await panel.getByLabel('Order number').count()).toBe(0);
    await panel.getByLabel('Topic').selectOption('order');
    await panel.getByLabel('Order number').fill('4711');

    await panel.getByRole('button', { name: 'Start chat' }).click();
    await panel.getByText('Please fill this in.').first().waitFor();
    expect(await page.locator('flex-chat #field-name:focus').count()).toBe(1);
    await panel.getByLabel('Your name').fill('Ada');
    await panel.getByLabel('I agree').check();
    await panel.getByRole('button', { name: 'Start chat' }).click();

    await message.waitFor();
    expect(await focused(page)).toBe('Message');
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();
  });

  test('are not asked of somebody who is known', async () => {
    const profile = { name: 'Ada', fields: { topic: 'return', consent: 'true' } };
    const { message, open } = await openPage({ config: { form, profile } });

    await open();

    await message.waitFor();
  });
});

describe('the page’s side', () => {
  test('opens, writes, listens and changes by calls', async () => {
    const { bubble, launcher, open, page } = await openPage();
    await launcher.waitFor();
    await page.evaluate(`(async () => {
      const chat = window.flexChat;
      window.heard = [];
      chat.on('message', ({ body }) => window.heard.push(body));
      chat.on('open', () => window.heard.push('open'));
      await chat.open();
      await chat.sendMessage('from the page');
    })()`);
    await bubble('from the page').getByText('Delivered').waitFor();

    chat.say('to the page');
    await bubble('to the page').waitFor();

    expect(await page.evaluate('window.heard')).toEqual(['open', 'to the page']);
    await page.evaluate('window.flexChat.close()');
    await open();
  });

  test('changes or drops messages before they are sent or shown', async () => {
    const script = `
      window.flexChatConfig.beforeSend = ({ body }) => body === 'drop' ? undefined : { body: body.toUpperCase() };
      window.flexChatConfig.beforeShow = (message) => message.body === 'secret' ? undefined : message;`;
    const { bubble, open, page, write } = await openPage({ script });
    await open();

    await write('drop');
    await write('hello');
    await bubble('HELLO').getByText('Delivered').waitFor();
    chat.say('secret');
    chat.say('open');
    await bubble('open').waitFor();

    expect(await bubble('secret').count()).toBe(0);
    expect(await bubble('drop').count()).toBe(0);
    await page.close();
  });

  test('can’t break the chat with style sheets of its own', async () => {
    site.isStrict = false;
    const hostile =
      '<style>* { all: revert !important; } button { display: none !important; } flex-chat { position: static !important; display: none !important; opacity: 0.1 !important; }</style>';
    const { launcher, open, page, panel } = await openPage({ head: hostile });
    await launcher.waitFor();

    await open();

    const box = await panel.boundingBox();
    const { width = 0, height = 0 } = page.viewportSize() ?? {};
    expect(box).toMatchObject({ width: 384, height: 576 });
    expect(width - (box?.x ?? 0) - 384).toBe(20);
    expect(height).toBeGreaterThan(576);
  });

  test('may be a frame without storage', async () => {
    site.isStrict = false;
    const frame = `<iframe sandbox="allow-scripts" src="/inner" width="800" height="700"></iframe>`;
    const { page } = await openPage({ tags: 0 });
    await page.setContent(
      frame.replace(
        'src="/inner"',
        `srcdoc='<script>window.flexChatConfig={url:"${chat.customerSocketUrl}"}</script><body><script src="${site.url}embed.js"></script></body>'`,
      ),
    );
    const inner = page.frameLocator('iframe');

    await inner.getByRole('button', { name: 'Chat' }).click();
    await inner.getByLabel('Message', { exact: true }).fill('hello');
    await inner.getByLabel('Message', { exact: true }).press('Enter');

    await inner.getByText('Delivered').waitFor();
  });
});

describe('everybody', () => {
  const axe = createRequire(__filename).resolve('axe-core/axe.min.js');

  async function check(page: Page): Promise<string[]> {
    await page.addScriptTag({ path: axe });
    return page.evaluate(`(async () => {
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
      const { violations } = await axe.run({ include: [['flex-chat']] }, { runOnly: tags });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => [id, html, failureSummary].join(': ')),
      );
    })()`);
  }

  const form = [
    { name: 'name', label: 'Your name', type: 'text', required: true },
    { name: 'consent', label: 'I agree', type: 'checkbox', required: true },
  ];

  test.each([
    ['light', 'en'],
    ['dark', 'ar'],
  ])('can use each state of the chat: %s, %s', async (theme, locale) => {
    site.isStrict = false;
    const { page, panel } = await openPage({ config: { theme, locale, form } });
    const found: Record<string, string[]> = {};
    const look = async (state: string) => {
      found[state] = await check(page);
    };
    const primary = panel.locator('.primary');
    await page.locator('flex-chat .launcher').waitFor();
    await look('launcher');
    await page.locator('flex-chat .launcher').click();
    await primary.click();
    await panel.locator('.problem').first().waitFor();
    await look('form');
    await panel.locator('#field-name').fill('Ada');
    await panel.locator('#field-consent').check();
    await primary.click();
    const box = panel.locator('textarea');
    await box.fill('hello https://a.example/');
    await box.press('Enter');
    await panel.locator('[data-state=delivered]').waitFor();
    chat.emit({ type: 'participant', chat: 1, event: 'joined', role: 'agent', name: 'Ana' });
    chat.say('hi', 'Ana');
    chat.fate = 'rejected';
    await box.fill('lost');
    await box.press('Enter');
    await panel.locator('[data-state=failed]').waitFor();
    await look('chat');
    await panel.locator('.end').click();
    await look('confirm');
    await panel.locator('.confirm .danger').click();
    await panel.locator('.rating').waitFor();
    await look('over');

    expect(found).toEqual({ launcher: [], form: [], chat: [], confirm: [], over: [] });
  });

  test('reads a right-to-left language from the right, loaded when it is asked for', async () => {
    const { page, panel } = await openPage({ config: { locale: 'he' } });
    await page.locator('flex-chat .launcher').click();
    await panel.waitFor();

    expect(site.takeRequests().some((name) => name.startsWith('he-'))).toBe(true);
    const box = await panel.boundingBox();
    expect(box?.x).toBe(20);
    expect(await panel.getAttribute('dir')).toBe('rtl');
  });

  test('has room on a small screen, and at 400 % of a large one', async () => {
    const { open, page, panel, message } = await openPage({
      context: { viewport: { width: 320, height: 256 } },
    });
    await open();
    await message.waitFor();

    expect(await panel.boundingBox()).toMatchObject({ x: 0, y: 0, width: 320 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await message.fill('hello');
    await message.press('Enter');
    await panel.getByText('Delivered').scrollIntoViewIfNeeded();
  });

  test('closes with Escape, and is back at the launcher', async () => {
    const { open, page, panel } = await openPage();
    await open();

    await page.keyboard.press('Escape');

    await panel.waitFor({ state: 'hidden' });
    expect(await focused(page)).toBe('Chat');
  });
});
