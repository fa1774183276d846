/** The evidence of docs/accessibility.md, which names these tests (`npm run accessibility`). */
import type { Locator, Page } from 'playwright-core';
import { axeOn, focused, widgetBench } from '#test/support/widget-bench';

const bench = widgetBench();

const FORM = [
  { name: 'name', label: 'Your name', type: 'text', required: true },
  { name: 'email', label: 'E-mail', type: 'email' },
  { name: 'topic', label: 'Topic', type: 'choice', options: ['order', 'return'] },
  { name: 'consent', label: 'I agree', type: 'checkbox', required: true },
];

/** Goes through all that the widget can show, and has each state looked at. */
async function walk(page: Page, panel: Locator, look: (state: string) => Promise<void>) {
  const { chat } = bench;
  const launcher = page.locator('flex-chat .launcher');
  const primary = panel.locator('.primary');
  const box = panel.locator('textarea');
  const send = async (text: string) => {
    await box.fill(text);
    await box.press('Enter');
  };
  await launcher.waitFor();
  await look('closed');
  await launcher.click();
  await primary.waitFor();
  await look('questions');
  await primary.click();
  await panel.locator('.problem').first().waitFor();
  await look('errors');
  await panel.locator('#field-name').fill('Mia');
  await panel.locator('#field-consent').check();
  await primary.click();
  await send('hello https://a.example/');
  await panel.locator('[data-state=delivered]').waitFor();
  chat.emit({ type: 'participant', chat: 1, event: 'joined', role: 'agent', name: 'Ana' });
  chat.say('**hi**\n- `one`\n- https://b.example/', 'Ana');
  await panel.locator('.bubble strong').waitFor();
  await look('chatting');
  chat.fate = 'rejected';
  await send('lost');
  await panel.locator('[data-state=failed]').waitFor();
  await look('failed');
  chat.cut();
  await panel.locator('.status:not([data-connection=online])').waitFor();
  await send('later');
  await panel.locator('[data-state=queued]').waitFor();
  await look('offline');
  chat.fate = 'echoed';
  chat.restore();
  await panel.locator('[data-state=queued]').waitFor({ state: 'detached' });
  await panel.locator('.end').click();
  await look('confirm');
  await panel.locator('.confirm .danger').click();
  await panel.locator('.rating').waitFor();
  await look('ended');
  await panel.locator('[type=radio]').nth(3).check();
  await panel.locator('.rating [type=submit]').click();
  await panel.locator('.rating').waitFor({ state: 'detached' });
  await look('rated');
}

/** In the page: what can be pressed or filled in, with its size, what is read on it, and its name. */
const CONTROLS = `(() => {
  const root = document.querySelector('flex-chat').shadowRoot;
  return [...root.querySelectorAll('button, input, select, textarea')]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 0)
    .map((one) => {
      const { width, height } = one.getBoundingClientRect();
      const name = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent;
      return { width, height, read: one.tagName === 'SELECT' ? '' : one.innerText, name: name.trim() };
    });
})()`;

interface Control {
  readonly width: number;
  readonly height: number;
  readonly read: string;
  readonly name: string;
}

const isSmall = ({ width, height }: Control) => Math.min(width, height) < 24;
const isNamedOtherwise = ({ read, name }: Control) =>
  name === '' || !name.toLowerCase().includes(read.trim().toLowerCase());

test.each([
  ['light', 'en'],
  ['dark', 'en'],
  ['light', 'he'],
  ['dark', 'ar'],
])(
  'axe finds nothing, targets have 24 px, and names hold what is read, in every state: %s, %s',
  async (theme, locale) => {
    bench.site.isStrict = false;
    const { page, panel } = await bench.openPage({ config: { theme, locale, form: FORM } });
    const found: Record<string, string[]> = {};

    await walk(page, panel, async (state) => {
      const controls: Control[] = await page.evaluate(CONTROLS);
      const bad = controls.filter((one) => isSmall(one) || isNamedOtherwise(one));
      found[state] = [...(await axeOn(page)), ...bad.map((one) => JSON.stringify(one))];
    });

    expect(found).toEqual({
      closed: [],
      questions: [],
      errors: [],
      chatting: [],
      failed: [],
      offline: [],
      confirm: [],
      ended: [],
      rated: [],
    });
  },
);

test('forced colours leave every control and bubble an edge, and contrast to it', async () => {
  bench.site.isStrict = false;
  const { page, panel } = await bench.openPage({
    config: { form: FORM },
    context: { forcedColors: 'active' },
  });
  const found: Record<string, unknown[]> = {};

  await walk(page, panel, async (state) => {
    const bare = await page.evaluate(`(() => {
      const root = document.querySelector('flex-chat').shadowRoot;
      return [...root.querySelectorAll('.launcher, .primary, .body, .box, input:not([type=checkbox]), select, .confirm .danger')]
        .filter((one) => one.checkVisibility() && getComputedStyle(one).opacity !== '0')
        .filter((one) => parseFloat(getComputedStyle(one).borderTopWidth) < 1)
        .map(({ className, tagName }) => tagName + '.' + className);
    })()`);
    const contrast = (await axeOn(page)).filter((problem) => problem.startsWith('color-contrast'));
    found[state] = [...(bare as string[]), ...contrast];
  });

  expect(Object.values(found).flat()).toEqual([]);
});

test('the keyboard alone leads through a chat, and every stop is seen and in sight', async () => {
  const { launcher, page, panel } = await bench.openPage({ config: { form: FORM } });
  await launcher.waitFor();
  const hidden: string[] = [];
  const to = async (name: string) => {
    for (let steps = 0; steps < 20; steps++) {
      if ((await focused(page)).includes(name)) return;
      await page.keyboard.press('Tab');
      const seen = await page.evaluate(`(() => {
        const one = document.activeElement?.shadowRoot?.activeElement;
        if (!one) return true;
        const ring = [one, one.parentElement, one.nextElementSibling].some((near) => {
          const { outlineStyle, outlineWidth } = near ? getComputedStyle(near) : {};
          return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2;
        });
        const { top, bottom } = one.getBoundingClientRect();
        return ring && top < innerHeight && bottom > 0;
      })()`);
      if (!seen) hidden.push(await focused(page));
    }
    throw new Error(`Tab does not lead to ${name}`);
  };
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());

  await to('Chat');
  await press('Enter');
  await panel.locator('#field-name:focus').waitFor();
  await page.keyboard.type('Mia');
  await press('Tab', 'Tab', 'Tab', 'Space', 'Tab', 'Enter');
  await panel.locator('textarea:focus').waitFor();
  await page.keyboard.type('hello');
  await press('Enter');
  await panel.locator('[data-state=delivered]').waitFor();
  bench.chat.say('**hi** https://a.example/');
  await panel.getByRole('link').waitFor();
  await to('Send');
  await press('Shift+Tab', 'Shift+Tab');
  expect(await focused(page)).toBe('https://a.example/');
  await press('Shift+Tab');
  expect(await focused(page)).toContain('Conversation');
  await press('Shift+Tab', 'Escape');
  expect(await focused(page)).toBe('Chat, 0 unread messages'.slice(0, 4));
  await press('Enter');
  await panel.locator('textarea:focus').waitFor();
  await press('Shift+Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab');
  await to('End chat');
  await press('Enter');
  await to('End chat');
  await press('Enter');
  await panel.locator('.rating').waitFor();
  expect(await focused(page)).toBe('Start a new chat');
  await press('Enter');
  await panel.locator('textarea:focus, #field-email:focus').waitFor();

  expect(hidden).toEqual([]);
});

const LISTEN = `
  window.spoken = [];
  new MutationObserver((changes) => {
    const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
    const said = added.filter((node) => node.parentElement?.closest('[role=log]'));
    window.spoken.push(...said.map(({ textContent }) => textContent));
  }).observe(document.querySelector('flex-chat').shadowRoot, { childList: true, subtree: true });`;

test('what others write is read out once and in order; the backlog, own messages and receipts never', async () => {
  const { bubble, open, page, write } = await bench.openPage();
  await page.evaluate(LISTEN);
  await open();
  await write('hello');
  await bubble('hello').getByText('Delivered').waitFor();
  bench.chat.say('one');
  bench.chat.say('two');
  await bubble('two').waitFor();
  bench.chat.emit({ type: 'read', chat: 1, index: 0 });
  await bubble('hello').getByText('Read', { exact: true }).waitFor();
  const before = await page.evaluate('window.spoken');

  await page.reload();
  await page.evaluate(LISTEN);
  await open();
  await bubble('two').waitFor();
  bench.chat.say('three');
  await bubble('three').waitFor();

  expect(before).toEqual(['Ada says: one', 'Ada says: two']);
  expect(await page.evaluate('window.spoken')).toEqual(['Ada says: three']);
});

test('focus goes into the chat and back to the launcher, and stays where it is when something happens', async () => {
  const { bubble, launcher, open, page, panel, write } = await bench.openPage();
  await open();
  expect(await focused(page)).toBe('Message');
  await write('hello');
  await bubble('hello').getByText('Delivered').waitFor();
  await panel.getByRole('button', { name: 'Mute alerts' }).focus();

  bench.chat.say('one');
  await bubble('one').waitFor();
  bench.chat.cut();
  await panel.getByText('Connection lost').waitFor();
  expect(await focused(page)).toBe('Mute alerts');
  bench.chat.restore();
  await panel.locator('[data-connection=online]').waitFor();
  expect(await focused(page)).toBe('Mute alerts');
  await page.keyboard.press('Escape');

  await panel.waitFor({ state: 'hidden' });
  expect(await focused(page)).toBe('Chat');
  await launcher.waitFor();
});

test('has room at 320 px and at 400 %, and with the text spacing of WCAG', async () => {
  const { bubble, message, open, page, panel, write } = await bench.openPage({
    context: { viewport: { width: 320, height: 256 } },
  });
  await open();
  await message.waitFor();
  await page.evaluate(`(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }');
    const root = document.querySelector('flex-chat').shadowRoot;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  })()`);

  await write('hello '.repeat(30));
  await bubble('hello').getByText('Delivered').scrollIntoViewIfNeeded();

  expect(await panel.boundingBox()).toMatchObject({ x: 0, y: 0, width: 320 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  const cut = await page.evaluate(`[...document.querySelector('flex-chat').shadowRoot
    .querySelectorAll('.panel, .log, .body, header, button:not(.icon)')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1)
    .map(({ className, tagName }) => tagName + '.' + className)`);
  expect(cut).toEqual([]);
});

test('nothing moves where motion is reduced', async () => {
  const { open, panel, bubble, write } = await bench.openPage();
  await open();
  await write('hello');
  await bubble('hello').getByText('Delivered').waitFor();
  bench.chat.emit({ type: 'typing', chat: 1, name: 'Ana' });
  await panel.locator('.dots').waitFor();

  expect(await panel.evaluate((element) => element.getAnimations({ subtree: true }).length)).toBe(
    0,
  );
});

test('a name in the other direction leaves a notice in order', async () => {
  const { bubble, open, page, panel, write } = await bench.openPage();
  await open();
  await write('hello');
  await bubble('hello').getByText('Delivered').waitFor();

  bench.chat.emit({ type: 'participant', chat: 1, event: 'joined', role: 'agent', name: 'נועה' });

  const notice = panel.locator('.notice').filter({ hasText: 'נועה' });
  await notice.waitFor();
  const lefts: number[] = await page.evaluate(`(() => {
    const root = document.querySelector('flex-chat').shadowRoot;
    const text = [...root.querySelectorAll('.notice')].at(-1).firstChild;
    return ['נועה', 'joined'].map((part) => {
      const range = document.createRange();
      range.setStart(text, text.data.indexOf(part));
      range.setEnd(text, text.data.indexOf(part) + part.length);
      return range.getBoundingClientRect().left;
    });
  })()`);
  expect(lefts[0]).toBeLessThan(lefts[1] ?? 0);
});
