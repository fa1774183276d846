/** Pages and browsers that make it hard: several tabs, no storage, a keyboard in the way, hooks that fail. */

import { startScriptedChat } from '#test/support/scripted-chat';
import { widgetBench, widgetOn } from '#test/support/widget-bench';

const bench = widgetBench();

async function startedChat(...options: Parameters<typeof bench.openPage>) {
  const opened = await bench.openPage(...options);
  await opened.open();
  await opened.write('hello');
  await opened.bubble('hello').getByText('Delivered').waitFor();
  return opened;
}

describe('the chat', () => {
  test('is one in two tabs: messages, draft and what has been read', async () => {
    const { message, page, bubble } = await startedChat();
    const second = await page.context().newPage();
    second.setDefaultTimeout(5_000);
    await second.goto(bench.site.url);
    const other = widgetOn(second);
    await other.open();
    await other.bubble('hello').waitFor();

    await other.write('from the second');
    await bubble('from the second').getByText('Delivered').waitFor();
    await message.fill('half a sentence');
    await second.waitForFunction(
      `document.querySelector('flex-chat').shadowRoot.querySelector('textarea').value === 'half a sentence'`,
    );
    await page.close();
    await other.write('alone');

    await other.bubble('alone').getByText('Delivered').waitFor();
  });

  test('goes on where it was when its page comes out of the back-forward cache', async () => {
    const { bubble, message, page, write } = await startedChat();
    await message.fill('a draft');
    await page.evaluate(`dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))`);
    bench.chat.say('while away');

    await page.evaluate(`dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))`);
    await bubble('while away').waitFor();
    expect(await bubble('hello').count()).toBe(1);
    expect(await message.inputValue()).toBe('a draft');
    await page.goto('about:blank');
    await page.goBack();

    const back = widgetOn(page);
    await back.open();
    await back.bubble('while away').waitFor();
    expect(await back.message.inputValue()).toBe('a draft');
    await write('back');
    await back.bubble('back').getByText('Delivered').waitFor();
  });

  test('shows that the agent has ended it while the customer was away, and begins anew', async () => {
    const { bubble, message, open, page, panel, write } = await startedChat();
    await page.goto('about:blank');
    bench.chat.end();

    await page.goto(bench.site.url);
    await open();
    await panel.getByText('This chat has ended').waitFor();
    await panel.getByRole('button', { name: 'Start a new chat' }).click();
    await message.waitFor();
    await write('once more');

    await bubble('once more').getByText('Delivered').waitFor();
  });

  test('does without storage that is blocked', async () => {
    const { message, page, problems } = await startedChat({
      script: `for (const name of ['localStorage', 'sessionStorage']) {
        Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
      }`,
    });

    await message.fill('a draft');
    await page.evaluate('window.flexChat.close()');
    await page.evaluate('window.flexChat.open()');

    expect(await message.inputValue()).toBe('a draft');
    expect(problems).toEqual([]);
  });

  test('stands beside another one on the same page, each with its own server', async () => {
    const second = await startScriptedChat();
    const { page, panel, bubble } = await startedChat();
    await page.evaluate(`(() => {
      const other = document.createElement('flex-chat');
      other.id = 'other';
      other.config = { url: '${second.customerSocketUrl}' };
      document.body.append(other);
    })()`);
    await page.evaluate('window.flexChat.close()');
    await panel.waitFor({ state: 'hidden' });
    await page.evaluate(`document.querySelector('#other').open()`);
    const other = page.locator('#other');
    await other.locator('textarea').fill('to the other');
    await other.locator('textarea').press('Enter');
    await other.getByText('Delivered').waitFor();
    bench.chat.say('to the first');
    await page.getByRole('button', { name: 'Chat, 1 unread message' }).waitFor();
    await page.evaluate('document.querySelector("#other").close(); window.flexChat.open()');

    await bubble('to the first').waitFor();
    expect(await bubble('to the other').count()).toBe(0);
    await second.close();
  });

  test('fits above the keyboard of a phone, and is not zoomed', async () => {
    const { message, page, panel, bubble } = await startedChat({
      context: { viewport: { width: 375, height: 667 }, hasTouch: true, isMobile: true },
      head: '<meta name="viewport" content="width=device-width, initial-scale=1">',
      script: `
        const screen = Object.assign(new EventTarget(), { height: 667, offsetTop: 0 });
        Object.defineProperty(window, 'visualViewport', { value: screen });`,
    });
    for (let n = 0; n < 20; n++) bench.chat.say(`line ${n}`);
    await bubble('line 19').waitFor();

    await page.evaluate(
      `visualViewport.height = 300; visualViewport.dispatchEvent(new Event('resize'))`,
    );

    expect(await panel.boundingBox()).toEqual({ x: 0, y: 0, width: 375, height: 300 });
    for (const shown of [message, bubble('line 19')]) {
      const { y = 0, height = 0 } = (await shown.boundingBox()) ?? {};
      expect(y + height).toBeLessThanOrEqual(300);
      expect(y).toBeGreaterThan(0);
    }
    const size = await page.evaluate(
      `parseFloat(getComputedStyle(document.querySelector('flex-chat').shadowRoot.querySelector('textarea')).fontSize)`,
    );
    expect(size).toBeGreaterThanOrEqual(16);
  });
});

describe('alerts', () => {
  const script = `
    window.shown = [];
    window.asked = 0;
    window.Notification = class {
      static permission = 'default';
      static async requestPermission() { window.asked++; return (Notification.permission = 'granted'); }
      constructor(title, { body }) { window.shown.push(title + ': ' + body); window.last = this; }
      close() { window.isClosed = true; }
    };
    window.hide = (isHidden) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, value: isHidden ? 'hidden' : 'visible' });
      document.dispatchEvent(new Event('visibilitychange'));
    };`;

  test('are notifications once the customer has asked for them, while the page is hidden and not muted', async () => {
    const { bubble, page, panel } = await startedChat({ script });
    expect(await page.evaluate('window.asked')).toBe(0);
    await panel.getByRole('button', { name: 'Notify me of replies' }).click();
    await panel
      .getByRole('button', { name: 'Notify me of replies' })
      .waitFor({ state: 'detached' });

    bench.chat.say('seen');
    await bubble('seen').waitFor();
    await page.evaluate('hide(true)');
    bench.chat.say('unseen');
    await page.waitForFunction('window.shown.length === 1');
    await page.evaluate('hide(false)');
    await panel.getByRole('button', { name: 'Mute alerts' }).click();
    await page.evaluate('hide(true)');
    bench.chat.say('muted');
    await bubble('muted').waitFor();
    await page.evaluate('window.flexChat.close(); hide(false); window.last.onclick()');

    await panel.waitFor();
    expect(await page.evaluate('[window.asked, window.shown, window.isClosed]')).toEqual([
      1,
      ['Ada: unseen'],
      true,
    ]);
  });

  test.each([[{ notifications: false }], [{ quickExitUrl: 'https://weather.example' }]])(
    'are never offered as notifications with %j',
    async (config) => {
      const { panel } = await startedChat({ script, config });

      expect(await panel.getByRole('button', { name: 'Notify me of replies' }).count()).toBe(0);
    },
  );
});

describe('the page’s side', () => {
  test('tells who the customer is and what the visit is about, and nothing is loaded for it', async () => {
    const { launcher, open, page, write, bubble } = await bench.openPage({
      config: { profile: { name: 'Mia', fields: { plan: 'free' } } },
    });
    await launcher.waitFor();
    await page.evaluate(`
      window.flexChat.setContext({ basket: '4711', plan: 'gold' });
      window.flexChat.setProfile({ email: 'mia@example.com' });
      window.flexChat.setContext({ basket: undefined, page: 'returns' });`);
    expect(bench.site.takeRequests()).toEqual(['embed.js']);
    await open();
    await write('hello');
    await bubble('hello').getByText('Delivered').waitFor();

    const response = await fetch(bench.chat.twilioUrl);
    const [task] = (await response.json()) as [{ attributes: Record<string, object> }];

    expect(task.attributes['pre_engagement_data']).toMatchObject({
      name: 'Mia',
      email: 'mia@example.com',
      fields: { plan: 'gold', page: 'returns' },
    });
    expect(task.attributes['pre_engagement_data']).not.toHaveProperty('fields.basket');
  });

  test('replaces texts, icons, colours, the header and what an empty chat shows', async () => {
    bench.site.isStrict = false;
    const { open, page, panel, problems } = await bench.openPage({
      config: { texts: { title: 'Help', placeholder: 'Ask away', launcher: 'Chat now' } },
      head: '<style>flex-chat { --flex-chat-accent: rgb(120, 0, 60); } flex-chat::part(panel) { border-radius: 3px; }</style>',
      script: `addEventListener('DOMContentLoaded', () => {
        for (const [slot, text] of [['icon-send', 'go'], ['header', 'Our shop'], ['empty', 'Ask us!']]) {
          const own = document.createElement('span');
          own.slot = slot;
          own.textContent = text;
          window.flexChat.append(own);
        }
      })`,
    });
    await open();

    for (const text of ['Our shop', 'Ask us!', 'go']) {
      await page.locator('flex-chat').getByText(text, { exact: true }).waitFor();
    }
    expect(await panel.getAttribute('aria-label')).toBe('Help');
    await panel.getByPlaceholder('Ask away').waitFor();
    const looks = await page.evaluate(`(() => {
      const panel = document.querySelector('flex-chat').shadowRoot.querySelector('.panel');
      return [getComputedStyle(panel.querySelector('.primary')).backgroundColor, getComputedStyle(panel).borderRadius];
    })()`);
    expect(looks).toEqual(['rgb(120, 0, 60)', '3px']);
    expect(problems).toEqual([]);
  });

  test('speaks another language with texts that the page brings', async () => {
    const texts = { title: 'Ota yhteyttä', message: 'Viesti', cannotConnect: 'Ei yhteyttä' };
    const { open, panel } = await bench.openPage({ config: { locale: 'fi', texts } });
    await open();

    await panel.getByLabel('Viesti').waitFor();
    expect(await panel.getAttribute('lang')).toBe('fi');
  });

  test('keeps a message back when its hook fails, from the eye and from the ear', async () => {
    const { bubble, page } = await startedChat({
      script: `window.flexChatConfig.beforeShow = (message) => {
        if (message.body.startsWith('card')) throw new Error('no hook');
        return message.body === 'hide' ? undefined : message;
      };
      window.spoken = [];
      addEventListener('flex-chat:message', ({ detail }) => window.spoken.push(detail.body));`,
    });

    bench.chat.say('card 4111');
    bench.chat.say('hide');
    bench.chat.say('shown');
    await bubble('shown').waitFor();

    expect(await bubble('card').count()).toBe(0);
    expect(await page.evaluate('window.spoken')).toEqual(['shown']);
  });
});
