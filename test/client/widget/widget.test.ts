import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import { axeOn, focused, widgetBench, widgetOn } from '#test/support/widget-bench';

const bench = widgetBench();

/** As a reader does; the widget has noticed it then. */
const scrollUp = (log: Locator): Promise<unknown> =>
  log.evaluate(
    (element) =>
      new Promise((resolve) => {
        element.addEventListener('scroll', resolve, { once: true });
        element.scrollTo(0, 0);
      }),
  );

describe('the launcher', () => {
  test('is one request, and nothing else until somebody opens the chat', async () => {
    const { launcher, open, page, problems } = await bench.openPage();
    await launcher.waitFor();
    expect(bench.site.takeRequests()).toEqual(['embed.js']);

    await open();

    expect(bench.site.takeRequests()).toEqual([expect.stringMatching(/^panel-\w{8}\.js$/)]);
    await page.locator('flex-chat').evaluate((element) => element.remove());
    expect(problems).toEqual([]);
  });

  test('tells what is wrong with the configuration, by field and cure, once', async () => {
    const { launcher, page, problems } = await bench.openPage({ config: { them: 'dark' } });

    await page.getByText('Chat unavailable').waitFor();
    await launcher.click();
    await page.getByText('Chat unavailable').waitFor();

    expect(problems).toEqual([expect.stringMatching(/^flex-chat: them is unknown; known are url/)]);
  });

  test('tells of a wrong address at once, and of a language it does not speak when it is opened', async () => {
    const wrong = await bench.openPage({ config: { url: 'https://chat.example' } });
    await wrong.page.getByText('Chat unavailable').waitFor();
    const unknown = await bench.openPage({ config: { locale: 'fi' } });
    await unknown.launcher.click();
    await unknown.page.getByText('Chat unavailable').waitFor();

    expect(wrong.problems).toEqual([expect.stringMatching(/^flex-chat: url must be an address/)]);
    expect(unknown.problems).toEqual([
      expect.stringMatching(/^flex-chat: locale must be one of en, es.*texts$/),
    ]);
  });

  test('is there once, however often the page has the script', async () => {
    const { launcher, page, problems } = await bench.openPage({ tags: 2 });

    await launcher.waitFor();

    expect(await page.locator('flex-chat').count()).toBe(1);
    expect(problems).toEqual([]);
  });

  test('shows unread messages in its name, on its badge and in the page’s title', async () => {
    const { bubble, launcher, open, page, panel, write } = await bench.openPage();
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();
    await panel.getByRole('button', { name: 'Close chat' }).click();

    bench.chat.say('one');
    bench.chat.say('two');

    await page.getByRole('button', { name: 'Chat, 2 unread messages' }).waitFor();
    expect(await page.title()).toBe('(2) Shop');
    expect(await page.locator('flex-chat .badge').textContent()).toBe('2');
    await launcher.click();
    await page.getByRole('button', { name: 'Chat', exact: true }).waitFor();
    expect(await page.title()).toBe('Shop');
  });

  test('shows what came while the visitor was away, without being opened', async () => {
    const { bubble, open, page, panel, write } = await bench.openPage();
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();
    await panel.getByRole('button', { name: 'Close chat' }).click();
    await page.goto('about:blank');
    bench.chat.say('one');

    await page.goto(bench.site.url);

    await page.getByRole('button', { name: 'Chat, 1 unread message' }).waitFor();
  });
});

describe('the chat', () => {
  test('goes from queued to read, under a policy that forbids inline code and markup', async () => {
    const { bubble, open, page, problems, write } = await bench.openPage();
    await open();
    bench.chat.fate = 'accepted';
    await write('one');
    await bubble('one').getByText('Sent', { exact: true }).waitFor();
    bench.chat.fate = 'echoed';

    await write('two');
    await bubble('two').getByText('Delivered').waitFor();
    bench.chat.emit({ type: 'read', chat: 1, index: 0 });

    await bubble('two').getByText('Read', { exact: true }).waitFor();
    expect(await focused(page)).toBe('Message');
    expect(problems).toEqual([]);
  });

  test('shows text as text, with emphasis, lists and safe links', async () => {
    const { bubble, message, open, page, problems, write } = await bench.openPage();
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();

    bench.chat.say(
      '<img src=x onerror=alert(1)> **bold** [x](javascript:alert(1)) https://a.example/\n- item',
    );
    bench.chat.say('\u202Eevil\u202C'.repeat(10));
    bench.chat.say('w'.repeat(16_000));

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

  test('lets go on writing while the connection is lost', async () => {
    const { bubble, message, open, panel, write } = await bench.openPage();
    await open();
    await write('one');
    await bubble('one').getByText('Delivered').waitFor();
    bench.chat.cut();
    await panel.getByText('Connection lost').waitFor();

    await write('two');
    await bubble('two').getByText('Waiting to be sent').waitFor();
    await message.fill('three');
    bench.chat.restore();

    await bubble('two').getByText('Delivered').waitFor();
    expect(await message.inputValue()).toBe('three');
  });

  test('keeps the draft and what is on its way over a reload', async () => {
    const { bubble, message, open, page, write } = await bench.openPage();
    await open();
    await write('one');
    await bubble('one').getByText('Delivered').waitFor();
    bench.chat.cut();
    await write('two');
    await message.fill('a draft');

    await page.reload();
    bench.chat.restore();
    await open();

    await bubble('two').getByText('Delivered').waitFor();
    expect(await message.inputValue()).toBe('a draft');
  });

  test('offers a failed message to be sent again or discarded, and keeps the focus', async () => {
    const { bubble, open, page, panel, write } = await bench.openPage();
    await open();
    bench.chat.fate = 'rejected';
    await write('one');
    await write('two');
    await bubble('two').getByText('Not delivered').waitFor();
    bench.chat.fate = 'echoed';

    await bubble('one').getByRole('button', { name: 'Try again' }).click();
    await bubble('one').getByText('Delivered').waitFor();
    expect(await focused(page)).toBe('Message');
    await bubble('two').getByRole('button', { name: 'Discard' }).click();

    await bubble('two').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('Message');
    await panel.waitFor();
  });

  test('sends with Enter alone', async () => {
    const { bubble, message, open } = await bench.openPage();
    await open();
    await message.fill('hello');

    for (const key of ['Shift', 'Control', 'Alt', 'Meta']) await message.press(`${key}+Enter`);
    expect(await bubble('hello').count()).toBe(0);
    await message.press('Enter');

    await bubble('hello').waitFor();
    expect(await message.inputValue()).toBe('');
  });

  test('leaves Enter to an input method, whose last key Safari tells as 229', async () => {
    const { bubble, message, open } = await bench.openPage();
    await open();
    await message.fill('にほ');

    await message.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, cancelable: true });
    await message.dispatchEvent('keydown', { key: 'Enter', isComposing: true, cancelable: true });

    expect(await message.inputValue()).toBe('にほ');
    expect(await bubble('にほ').count()).toBe(0);
  });

  test('draws the end of a chat of 10,000 messages, in two tabs as well, and earlier ones on demand', async () => {
    bench.chat.fill(10_000);
    const { bubble, open, page, panel } = await bench.openPage();
    await open();
    await bubble('line 9999').waitFor();
    const other = await page.context().newPage();
    await other.goto(bench.site.url);
    const second = widgetOn(other);
    await second.open();
    await second.bubble('line 9999').waitFor();
    const counts = async () =>
      Promise.all([panel, second.panel].map((one) => one.locator('.bubble').count()));

    expect(await counts()).toEqual([50, 50]);
    expect(bench.chat.actions.filter((action) => action !== 'markRead')).toEqual(['hello']);

    await panel.getByRole('button', { name: 'Show earlier messages' }).click();
    await bubble('line 9900').waitFor();
    bench.chat.say('news');
    await Promise.all([bubble('news').waitFor(), second.bubble('news').waitFor()]);

    expect(await counts()).toEqual([101, 50]);
    expect(bench.chat.actions.filter((action) => action === 'history')).toHaveLength(1);
  });

  test('draws a part of what the reader goes back to, and leads on from there by scrolling', async () => {
    bench.chat.fill(1_000);
    const { bubble, open, page, panel } = await bench.openPage();
    await open();
    await bubble('line 999').waitFor();
    const log = page.locator('flex-chat .log');
    const bubbles = panel.locator('.bubble');
    for (const first of [900, 850, 800, 750]) {
      await log.evaluate((element) => element.scrollTo(0, 0));
      const inSight = bubble(`line ${first + 50}`);
      const before = await inSight.boundingBox();
      await panel.getByRole('button', { name: 'Show earlier messages' }).press('Enter');
      await bubble(`line ${first}`).waitFor();
      const { y = 0, height = 0 } = (await inSight.boundingBox()) ?? {};
      expect(y + height).toBeCloseTo((before?.y ?? 0) + (before?.height ?? 0), -1);
    }
    expect(await bubbles.count()).toBe(150);
    bench.chat.say('news');
    await panel.getByRole('button', { name: '1 new message' }).waitFor();

    for (const last of ['line 949', 'line 999', 'news']) {
      await log.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await bubble(last).waitFor();
    }
    await log.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await panel.getByRole('button', { name: '1 new message' }).waitFor({ state: 'detached' });

    expect(await bubbles.count()).toBe(50);
  });

  test('stays where the reader has scrolled to, and offers the way to what is new', async () => {
    const { bubble, open, page, panel, write } = await bench.openPage();
    await open();
    await write('hello');
    for (let n = 0; n < 40; n++) bench.chat.say(`line ${n}`);
    await bubble('line 39').waitFor();
    const log = page.locator('flex-chat .log');
    await scrollUp(log);

    bench.chat.say('news');
    await panel.getByRole('button', { name: '1 new message' }).waitFor();
    expect(await log.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    await panel.getByRole('button', { name: '1 new message' }).click();

    await panel.getByRole('button', { name: '1 new message' }).waitFor({ state: 'detached' });
    expect(await log.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(0);
  });

  test('shows the whole of a long message to who is at the end', async () => {
    const { bubble, open, page, write } = await bench.openPage();
    await open();
    await write('hello');
    for (let n = 0; n < 10; n++) bench.chat.say(`line ${n}`);
    await bubble('line 9').waitFor();

    bench.chat.say(`long ${'words and more words, '.repeat(30)}`);
    await bubble('words and more').waitFor();

    // Twice, as the browser lays out what comes into sight.
    for (const _ of [1, 2]) {
      await page.evaluate('new Promise(requestAnimationFrame)');
      const below = await page
        .locator('flex-chat .log')
        .evaluate(
          ({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight,
        );
      expect(below).toBeLessThan(2);
    }
  });

  test('counts a customer who scrolls up and then writes as looking again', async () => {
    const { bubble, open, page, write } = await bench.openPage();
    await open();
    await write('hello');
    for (let n = 0; n < 40; n++) bench.chat.say(`line ${n}`);
    await bubble('line 39').waitFor();
    await scrollUp(page.locator('flex-chat .log'));
    bench.chat.say('news');
    await page.getByRole('button', { name: 'Chat, 1 unread message' }).waitFor();

    await write('I am back');
    await page.getByRole('button', { name: 'Chat', exact: true }).waitFor();
    const index = bench.chat.say('welcome back');
    await bubble('welcome back').waitFor();

    // A mark may be told some seconds late, together with later ones.
    while (bench.chat.marks.at(-1) !== index) await delay(20);
    expect(await page.title()).toBe('Shop');
  });

  test('ends after a confirmation, takes a rating, and begins anew', async () => {
    const { bubble, message, open, page, panel, write } = await bench.openPage();
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
    const { bubble, open, panel, write } = await bench.openPage();
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();

    bench.chat.forget();

    await panel.getByText('Your earlier conversation has ended').waitFor();
    await bubble('hello').waitFor();
  });

  test('leaves at once when the customer has to, and leaves nothing behind', async () => {
    const { bubble, message, open, page, panel, write } = await bench.openPage({
      config: { quickExitUrl: `${bench.site.url}elsewhere` },
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
    const { bubble, open, page, panel, write } = await bench.openPage();
    await open();
    await write('hello <b>');
    bench.chat.say('hi');
    await bubble('hi').waitFor();
    bench.chat.emit({ type: 'ended', chat: 1, by: 'agent', at: new Date().toISOString() });

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
    const { bubble, message, open, page, panel, write } = await bench.openPage({
      config: { form },
    });
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
    const { message, open } = await bench.openPage({ config: { form, profile } });

    await open();

    await message.waitFor();
  });
});

describe('the page’s side', () => {
  test('opens, writes, listens and changes by calls', async () => {
    const { bubble, launcher, open, page } = await bench.openPage();
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

    bench.chat.say('to the page');
    await bubble('to the page').waitFor();

    expect(await page.evaluate('window.heard')).toEqual(['open', 'to the page']);
    await page.evaluate('window.flexChat.close()');
    await open();
  });

  test('changes or drops messages before they are sent or shown', async () => {
    const script = `
      window.flexChatConfig.beforeSend = ({ body }) => body === 'drop' ? undefined : { body: body.toUpperCase() };
      window.flexChatConfig.beforeShow = (message) => message.body === 'secret' ? undefined : message;`;
    const { bubble, open, page, write } = await bench.openPage({ script });
    await open();

    await write('drop');
    await write('hello');
    await bubble('HELLO').getByText('Delivered').waitFor();
    bench.chat.say('secret');
    bench.chat.say('open');
    await bubble('open').waitFor();

    expect(await bubble('secret').count()).toBe(0);
    expect(await bubble('drop').count()).toBe(0);
    await page.close();
  });

  test('can’t break the chat with style sheets of its own', async () => {
    bench.site.isStrict = false;
    const hostile =
      '<style>*, *::before, *::after { margin: 0; padding: 0; font-size: 0 !important; line-height: 0; color: red !important; } * { all: revert !important; } button { display: none !important; } flex-chat { position: static !important; display: none !important; opacity: 0.1 !important; }</style>';
    const { launcher, open, page, panel } = await bench.openPage({ head: hostile });
    await launcher.waitFor();

    await open();

    const box = await panel.boundingBox();
    const { width = 0, height = 0 } = page.viewportSize() ?? {};
    expect(box).toMatchObject({ width: 384, height: 640 });
    expect(width - (box?.x ?? 0) - 384).toBe(20);
    expect(height).toBeGreaterThan(640);
  });

  test('may be a frame without storage', async () => {
    bench.site.isStrict = false;
    const frame = `<iframe sandbox="allow-scripts" src="/inner" width="800" height="700"></iframe>`;
    const { page } = await bench.openPage({ tags: 0 });
    await page.setContent(
      frame.replace(
        'src="/inner"',
        `srcdoc='<script>window.flexChatConfig={url:"${bench.chat.customerSocketUrl}"}</script><body><script src="${bench.site.url}embed.js"></script></body>'`,
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
  test('reads a right-to-left language from the right, loaded when it is asked for', async () => {
    const { page, panel } = await bench.openPage({ config: { locale: 'he' } });
    await page.locator('flex-chat .launcher').click();
    await panel.waitFor();

    expect(bench.site.takeRequests().some((name) => name.startsWith('he-'))).toBe(true);
    const box = await panel.boundingBox();
    expect(box?.x).toBe(20);
    expect(await panel.getAttribute('dir')).toBe('rtl');
  });
});

describe('files', () => {
  const FILES = { maxBytes: 1_000, types: { 'image/png': ['png'], 'text/plain': ['txt'] } };
  const PICTURE = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const picture = { name: 'a.png', mimeType: 'image/png', buffer: PICTURE };
  const note = { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('note') };

  async function openWithFiles(options: Parameters<typeof bench.openPage>[0] = {}) {
    bench.chat.files = FILES;
    const opened = await bench.openPage(options);
    await opened.open();
    const clip = opened.panel.getByRole('button', { name: 'Attach files' });
    await clip.waitFor();
    const choose = (...files: readonly { name: string; mimeType: string; buffer: Buffer }[]) =>
      opened.panel.locator('input[type=file]').setInputFiles([...files]);
    return { ...opened, clip, choose };
  }

  test('are offered, and their code loaded, only where the server has them', async () => {
    const { launcher, message, open, panel } = await bench.openPage();
    await launcher.waitFor();
    await open();
    await message.waitFor();

    expect(await panel.getByRole('button', { name: 'Attach files' }).count()).toBe(0);
    expect(bench.site.takeRequests().join()).not.toContain('files');
  });

  test('are shown before they are sent, then with their text and in their order', async () => {
    const { bubble, choose, message, page, panel, problems } = await openWithFiles();
    await choose(picture, note, { ...note, name: 'c.txt' });
    await panel.getByRole('button', { name: 'Remove c.txt' }).click();
    expect(await focused(page)).toBe('Message');

    await message.fill('two files');
    await message.press('Enter');
    await bubble('two files').getByText('Delivered').waitFor();

    const texts = await panel.locator('.bubble .body').allInnerTexts();
    expect(texts.map((text) => text.split(/\s/)[0])).toEqual(['a.png', 'b.txt', 'two']);
    expect(await panel.locator('.tray').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test('that can not be sent are refused in words', async () => {
    const { choose, panel } = await openWithFiles();

    await choose({ ...picture, buffer: Buffer.alloc(1_001) }, { ...note, name: 'b.exe' }, note);

    const alert = panel.getByRole('alert');
    await alert.getByText('a.png is too large. At most 1 kB.').waitFor();
    await alert.getByText('b.exe: files of this type can’t be sent.').waitFor();
    expect(await panel.locator('.tray li').count()).toBe(1);
  });

  test('show how far they are, for everybody, and can be stopped', async () => {
    bench.site.isStrict = false;
    const { bubble, choose, message, page, panel } = await openWithFiles();
    bench.chat.bucket = new Promise(() => {});
    await choose(picture, note);
    expect(await axeOn(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Remove a.png' }).click();
    await message.press('Enter');
    await panel.getByRole('progressbar', { name: 'Uploading b.txt' }).waitFor();
    expect(await axeOn(page)).toEqual([]);

    await panel.getByRole('button', { name: 'Cancel b.txt' }).click();

    await bubble('b.txt').waitFor({ state: 'detached' });
  });

  test('that are rejected say why, and can be tried again', async () => {
    const { bubble, choose, message, panel } = await openWithFiles();
    bench.chat.bucket = new Promise(() => {});
    await choose(note);
    await message.press('Enter');
    await panel.getByRole('progressbar').waitFor();
    const [id] = bench.chat.attached;
    bench.chat.emit({ type: 'rejected', id, code: 'unsafe_file' });
    await panel.getByRole('alert').getByText('The file was found to be unsafe.').waitFor();

    bench.chat.bucket = 204;
    await panel.getByRole('button', { name: 'Try again' }).click();

    await bubble('b.txt').getByText('Delivered').waitFor();
  });

  test('are taken when they are dropped or pasted', async () => {
    bench.site.isStrict = false;
    const { page, panel } = await openWithFiles();

    await page.evaluate(`(() => {
      const box = document.querySelector('flex-chat').shadowRoot.querySelector('textarea');
      const give = (Kind, type, field, name) => {
        const data = new DataTransfer();
        data.items.add(new File(['x'], name, { type: 'text/plain' }));
        box.dispatchEvent(new Kind(type, { bubbles: true, cancelable: true, [field]: data }));
      };
      give(DragEvent, 'drop', 'dataTransfer', 'dropped.txt');
      give(ClipboardEvent, 'paste', 'clipboardData', 'pasted.txt');
    })()`);
    await panel.getByText('pasted.txt').waitFor();

    expect(await panel.locator('.tray .name').allInnerTexts()).toEqual([
      'dropped.txt',
      'pasted.txt',
    ]);
  });

  test('of agents are asked for when they are opened: pictures are shown, others open beside the page', async () => {
    bench.site.isStrict = false;
    const { choose: _, page, panel } = await openWithFiles();
    bench.chat.sayFile('label.pdf', 'application/pdf');
    bench.chat.sayFile('photo.png', 'image/png');
    const pdf = panel.getByRole('button', { name: 'Open label.pdf' });
    await pdf.waitFor();
    expect(bench.chat.actions).not.toContain('media');

    const [other] = await Promise.all([page.context().waitForEvent('page'), pdf.click()]);
    await panel.getByRole('button', { name: 'Open photo.png' }).click();
    await panel.getByRole('link', { name: 'Open photo.png' }).waitFor();

    expect(other.url()).toContain('/media/ME0');
    expect(await panel.locator('.attached img').getAttribute('src')).toContain('/media/ME1');
  });
});
