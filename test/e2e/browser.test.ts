import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '#test/support/browser';
import { useLocalStack } from '#test/support/started-stack';

const MARKUP = '<img src=x onerror=alert(1)>';

const stack = useLocalStack();
let browser: TestBrowser;

/** A busy machine may take this long to start a function; nothing is measured by it. */
const PATIENCE_MS = 45_000;

beforeAll(async () => {
  browser = await launchBrowser();
  // The pages are built when somebody first asks.
  await fetch(stack().outputs.PageUrl);
});

afterEach(() => fetch(`${stack().outputs.PageUrl}/demo/faults`, { method: 'PUT', body: '[]' }));

afterAll(() => browser?.close());

/** Both sides of one window, with a desk that shows the tasks of every test: newest first. */
async function openDemo(options?: Parameters<TestBrowser['open']>[1]) {
  const { page, problems } = await browser.open(stack().outputs.PageUrl, options);
  page.setDefaultTimeout(PATIENCE_MS);
  const shop = page.frameLocator('#shop');
  return { page, problems, shop, chat: chatOn(shop), desk: page.frameLocator('#desk') };
}

/** The widget on a page of the shop. */
function chatOn(shop: FrameLocator | Page) {
  const widget = shop.locator('flex-chat');
  const message = widget.getByLabel('Message', { exact: true });
  const start = widget.getByRole('button', { name: 'Start chat' });
  return {
    widget,
    message,
    bodies: widget.locator('.bubble .body'),
    notices: widget.locator('li.notice'),
    status: widget.locator('.status'),
    button: (name: string) => widget.getByRole('button', { name, exact: true }),
    open: () => widget.getByRole('button', { name: /^Chat/ }).click(),
    /** Answers the questions and writes the first message. */
    async begin(name: string, text: string) {
      await widget.getByRole('button', { name: /^Chat/ }).click();
      await widget.getByLabel('Your name').fill(name);
      await start.click();
      await this.write(text);
    },
    async write(text: string) {
      await message.fill(text);
      await message.press('Enter');
    },
  };
}

/** The shop in a tab of its own, its chat open. */
async function openShop(context: BrowserContext) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const sockets: string[] = [];
  page.on('websocket', (socket) => sockets.push(socket.url()));
  await page.goto(`${stack().outputs.PageUrl}/shop.html`);
  const chat = chatOn(page);
  await chat.open();
  return { page, sockets, ...chat };
}

async function acceptFirstTask(desk: FrameLocator, customerName: string): Promise<void> {
  await desk.getByTestId('task').filter({ hasText: customerName }).first().click();
  await desk.getByTestId('accept').click();
}

async function answer(desk: FrameLocator, text: string): Promise<void> {
  await desk.getByTestId('answer').fill(text);
  await desk.getByTestId('send-answer').click();
}

/** Waits until the elements' texts are these, in this order. */
async function shows(elements: Locator, texts: readonly string[]): Promise<void> {
  const deadlineMs = Date.now() + PATIENCE_MS;
  let seen = await elements.allTextContents();
  while (Date.now() < deadlineMs && JSON.stringify(seen) !== JSON.stringify(texts)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    seen = await elements.allTextContents();
  }
  expect(seen).toEqual(texts);
}

describe('customer and agent in a browser', () => {
  test('talk to each other from the first message to a second chat', async () => {
    const { page, problems, chat, desk } = await openDemo();

    await chat.begin('Grace Hopper', 'Where is my order?');
    await acceptFirstTask(desk, 'Grace Hopper');
    await shows(chat.notices, ['Ada joined']);
    await answer(desk, 'Let me look.');
    await shows(chat.bodies, ['Where is my order?', 'Let me look.']);
    await shows(chat.widget.locator('.state').first(), ['Read']);

    for (const text of ['one', 'two', MARKUP]) await chat.write(text);
    const said = ['Where is my order?', 'Let me look.', 'one', 'two', MARKUP];
    await shows(chat.bodies, said);
    await shows(desk.getByTestId('desk-body'), said);
    expect(await chat.widget.locator('img').count()).toBe(0);
    expect(await desk.locator('img').count()).toBe(0);

    await page.reload();
    await chat.open();
    await shows(chat.bodies, said);
    await chat.status.filter({ hasNotText: 'Connecting' }).waitFor();
    await desk.getByTestId('task').first().click();
    await answer(desk, MARKUP);
    await shows(chat.bodies, [...said, MARKUP]);

    await page.getByTestId('agent-ends').click();
    await shows(chat.notices.last(), ['The chat has ended']);
    expect(await chat.message.count()).toBe(0);

    await chat.button('Start a new chat').click();
    await chat.button('Start chat').or(chat.message).first().waitFor();
    if (await chat.button('Start chat').isVisible()) await chat.button('Start chat').click();
    await chat.write('One more thing');
    await shows(desk.getByTestId('task').locator('.phase'), ['Waiting', 'Completed']);
    await desk.getByTestId('task').first().click();
    await shows(desk.getByTestId('desk-body'), ['One more thing']);

    expect(problems).toEqual([]);
  });

  test('choose what the agent offers: one tap, one message, shown as taken after a reload', async () => {
    const { page, problems, chat, desk } = await openDemo();
    await chat.begin('Emmy Noether', 'Hello');
    await acceptFirstTask(desk, 'Emmy Noether');
    await desk.getByTestId('template').selectOption({ label: 'Quick replies' });

    await chat.button('Yes, thanks').dblclick();

    const said = ['Hello', 'Did that answer your question?', 'Yes, thanks'];
    await shows(desk.getByTestId('desk-body'), said);
    await page.reload();
    await chat.open();
    const taken = chat.widget.getByRole('button', { name: 'Yes, thanks', pressed: true });
    await taken.waitFor();
    await chat.button('Not quite').click({ force: true });
    await chat.write('Bye');
    await desk.getByTestId('task').filter({ hasText: 'Emmy Noether' }).first().click();
    await shows(desk.getByTestId('desk-body'), [...said, 'Bye']);
    expect(problems).toEqual([]);
  });

  test('see what the agent changes and deletes, without a word read out', async () => {
    const { page, problems, chat, desk } = await openDemo();
    await chat.begin('Ida Rhodes', 'Hello');
    await acceptFirstTask(desk, 'Ida Rhodes');
    for (const text of ['We open at 8', 'My password is 1234']) await answer(desk, text);
    await shows(chat.bodies, ['Hello', 'We open at 8', 'My password is 1234']);
    const spoken = await chat.widget.locator('[aria-live]').allTextContents();

    // Any other dialog counts as a problem, and is dismissed.
    page.removeAllListeners('dialog');
    page.once('dialog', (dialog) => void dialog.accept('We open at 9'));
    await desk.getByRole('button', { name: 'Edit' }).first().click();
    await shows(chat.bodies, ['Hello', 'We open at 9', 'My password is 1234']);
    await desk.getByRole('button', { name: 'Delete' }).last().click();

    await shows(chat.bodies, ['Hello', 'We open at 9']);
    await shows(chat.widget.locator('.edited'), ['Edited']);
    expect(await chat.widget.locator('[aria-live]').allTextContents()).toEqual(spoken);
    expect(problems).toEqual([]);
  });

  test('end the chat from the customer only after a confirmation', async () => {
    const { problems, chat, desk } = await openDemo();
    await chat.begin('Edsger', 'Hello');
    await acceptFirstTask(desk, 'Edsger');
    await chat.button('End chat').click();
    await chat.button('Keep chatting').click();
    await chat.message.waitFor();

    await chat.button('End chat').click();
    await chat.widget.locator('.confirm').getByRole('button', { name: 'End chat' }).click();

    await shows(chat.notices.last(), ['You ended the chat']);
    expect(problems).toEqual([]);
  });

  test('lose nothing when the network is cut by a button, not even over a reload', async () => {
    const { page, chat, desk } = await openDemo();
    await chat.begin('Katherine', 'One');
    await acceptFirstTask(desk, 'Katherine');
    await shows(chat.notices, ['Ada joined']);
    // What is not seen in Flex yet would outlast the reload, too.
    await chat.widget.locator('.own[data-state=delivered], .own[data-state=read]').waitFor();

    await page.getByTestId('network').click();
    await chat.status.filter({ hasText: 'Connection lost' }).waitFor();
    await chat.write('Two');
    await page.reload();
    await chat.open();
    await shows(chat.bodies, ['Two']);
    await page.getByTestId('clear-faults').click();
    await page.getByTestId('network').filter({ hasText: 'Cut network' }).waitFor();

    await shows(chat.bodies, ['One', 'Two']);
    await desk.getByTestId('task').filter({ hasText: 'Katherine' }).first().click();
    await shows(desk.getByTestId('desk-body'), ['One', 'Two']);
  });

  test('see the same in two tabs, over one connection, and go on when one is closed', async () => {
    const { page, problems, chat, desk } = await openDemo();
    await chat.begin('Dorothy', 'One');
    await acceptFirstTask(desk, 'Dorothy');
    const context = page.context();
    const [second, third] = [await openShop(context), await openShop(context)];
    const sockets = () => [...second.sockets, ...third.sockets];
    await shows(second.bodies, ['One']);

    await second.write('Two');
    await answer(desk, 'Three');
    const said = ['One', 'Two', 'Three'];
    for (const tab of [chat, second, third]) await shows(tab.bodies, said);
    await shows(desk.getByTestId('desk-body'), said);
    expect(sockets()).toEqual([]);

    // The agent's desk is in the window that goes: a new one takes its place.
    await page.goto('about:blank');
    await third.write('Four');
    await shows(second.bodies, [...said, 'Four']);
    expect(sockets()).toHaveLength(1);
    await page.goto(`${stack().outputs.PageUrl}/desk.html`);
    await page.getByTestId('task').filter({ hasText: 'Dorothy' }).first().click();
    await shows(page.getByTestId('desk-body'), [...said, 'Four']);
    expect(problems).toEqual([]);
  });

  test('are watched on the wire: the whole way of a message, its token masked', async () => {
    const { page, problems, chat, desk } = await openDemo();
    await page.getByTestId('wire-toggle').click();
    const wire = page.frameLocator('iframe[src="/wire.html"]');
    const lines = wire.getByTestId('wire-entry');
    const line = (kind: string, text: string) =>
      wire.locator(`[data-kind=${kind}][data-testid=wire-entry]`).filter({ hasText: text }).first();
    await wire.getByTestId('clear-wire').click();

    await chat.begin('Radia', 'Seen by everybody');
    await acceptFirstTask(desk, 'Radia');
    await answer(desk, 'And so is this');
    await shows(chat.bodies, ['Seen by everybody', 'And so is this']);

    await line('frame', 'sendMessage').waitFor();
    await line('letter', 'received from').filter({ hasText: 'done' }).waitFor();
    await line('twilio', '/Messages').filter({ hasText: '201' }).waitFor();
    await line('webhook', 'onMessageAdded').filter({ hasText: '20' }).waitFor();
    await line('push', 'POST @connections').filter({ hasText: '200' }).waitFor();
    await line('event', 'message').waitFor();
    await line('event', 'session').locator('summary').click();
    await wire
      .locator('pre')
      .filter({ hasText: '"token": "' })
      .filter({ hasText: '••••' })
      .waitFor();

    await wire.getByTestId('pause').click();
    const shown = await lines.count();
    await chat.write('While nobody looks');
    await shows(desk.getByTestId('desk-body').last(), ['While nobody looks']);
    expect(await lines.count()).toBe(shown);
    await wire.getByTestId('pause').click();
    await wire.locator('#filters').getByRole('button', { name: 'Twilio REST' }).click();
    await wire
      .locator('[data-kind=twilio][data-testid=wire-entry]')
      .first()
      .waitFor({ state: 'detached' });
    expect(await lines.count()).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });

  test('fit a phone, one place at a time, where the page says what it is', async () => {
    const { page, problems, chat, desk } = await openDemo({
      viewport: { width: 375, height: 740 },
    });

    await page.getByTestId('about').filter({ hasText: 'Flex Conversations, routed' }).waitFor();
    await chat.open();
    await chat.widget.getByLabel('Your name').waitFor();
    expect(await desk.getByTestId('tasks').isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Agent', exact: true }).click();
    await desk.getByTestId('task').first().waitFor();
    expect(await chat.widget.getByLabel('Your name').isVisible()).toBe(false);

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
    expect(problems).toEqual([]);
  });
});
