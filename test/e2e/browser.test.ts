import type { BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '#test/support/browser';
import { useLocalStack } from '#test/support/started-stack';

const MARKUP = '<img src=x onerror=alert(1)>';

const stack = useLocalStack();
let browser: TestBrowser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(() => browser?.close());

/** Both sides of one window, with a desk that shows the tasks of every test: newest first. */
async function openBothSides() {
  const { page, problems } = await browser.open(stack().outputs.PageUrl);
  const customer = page.frameLocator('iframe[src="/customer.html"]');
  const desk = page.frameLocator('iframe[src="/desk.html"]');
  return { page, problems, customer, desk };
}

async function write(customer: FrameLocator | Page, text: string): Promise<void> {
  await customer.getByTestId('text').fill(text);
  await customer.getByTestId('text').press('Enter');
}

/** The customer's page in a tab of its own. */
async function openCustomer(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await page.goto(`${stack().outputs.PageUrl}/customer.html`);
  return page;
}

/** Cuts the customer's connections, and lets none through until `restore`. Pages still load. */
async function faultyNetwork(context: BrowserContext) {
  const cuts = new Set<() => void>();
  let isCut = false;
  await context.routeWebSocket(/\/live$/, (socket) => {
    if (isCut) return void socket.close();
    const server = socket.connectToServer();
    cuts.add(() => {
      void socket.close();
      void server.close();
    });
  });
  return {
    cut() {
      isCut = true;
      for (const cut of cuts) cut();
      cuts.clear();
    },
    restore() {
      isCut = false;
    },
  };
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
  const deadlineMs = Date.now() + 45_000;
  let seen = await elements.allTextContents();
  while (Date.now() < deadlineMs && JSON.stringify(seen) !== JSON.stringify(texts)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    seen = await elements.allTextContents();
  }
  expect(seen).toEqual(texts);
}

describe('customer and agent in a browser', () => {
  test('talk to each other from the first message to a second chat', async () => {
    const { page, problems, customer, desk } = await openBothSides();
    const bodies = customer.getByTestId('body');
    const notices = customer.getByTestId('notice');

    await customer.getByTestId('name').fill('Grace Hopper');
    await write(customer, 'Where is my order?');
    await acceptFirstTask(desk, 'Grace Hopper');
    await shows(notices, ['Ada joined']);
    await answer(desk, 'Let me look.');
    await shows(bodies, ['Where is my order?', 'Let me look.']);
    await shows(customer.getByTestId('state').first(), ['Read']);

    for (const text of ['one', 'two', MARKUP]) await write(customer, text);
    const said = ['Where is my order?', 'Let me look.', 'one', 'two', MARKUP];
    await shows(bodies, said);
    await shows(desk.getByTestId('desk-body'), said);
    expect(await customer.locator('img').count()).toBe(0);
    expect(await desk.locator('img').count()).toBe(0);

    await page.reload();
    await shows(bodies, said);
    await customer.getByTestId('status').filter({ hasNotText: 'Connecting' }).waitFor();
    await desk.getByTestId('task').first().click();
    await answer(desk, MARKUP);
    await shows(bodies, [...said, MARKUP]);

    await desk.getByTestId('complete').click();
    await shows(notices.last(), ['The chat has ended']);
    await customer.getByTestId('over').waitFor();
    expect(await customer.getByTestId('composer').isVisible()).toBe(false);

    await customer.getByTestId('start-chat').click();
    await write(customer, 'One more thing');
    await shows(desk.getByTestId('task').locator('.phase'), ['Waiting', 'Completed']);
    await desk.getByTestId('task').first().click();
    await shows(desk.getByTestId('desk-body'), ['One more thing']);

    expect(problems).toEqual([]);
  });

  test('end the chat from the customer only after a confirmation', async () => {
    const { problems, customer, desk } = await openBothSides();
    await customer.getByTestId('name').fill('Edsger');
    await write(customer, 'Hello');
    await acceptFirstTask(desk, 'Edsger');
    await customer.getByTestId('end-chat').click();
    await customer.getByTestId('keep-chat').click();
    expect(await customer.getByTestId('composer').isVisible()).toBe(true);

    await customer.getByTestId('end-chat').click();
    await customer.getByTestId('confirm-end').click();

    await shows(customer.getByTestId('notice').last(), ['You ended the chat']);
    expect(problems).toEqual([]);
  });

  test('find a message again that was unsent when the page was reloaded', async () => {
    const { page, problems, customer, desk } = await openBothSides();
    const network = await faultyNetwork(page.context());
    await page.reload();
    await customer.getByTestId('name').fill('Katherine');
    await write(customer, 'One');
    await acceptFirstTask(desk, 'Katherine');
    await shows(customer.getByTestId('notice'), ['Ada joined']);

    network.cut();
    await write(customer, 'Two');
    await customer.getByTestId('status').filter({ hasText: 'Connection lost' }).waitFor();
    await page.reload();
    await shows(customer.getByTestId('body'), ['Two']);
    network.restore();

    await shows(customer.getByTestId('body'), ['One', 'Two']);
    await desk.getByTestId('task').filter({ hasText: 'Katherine' }).first().click();
    await shows(desk.getByTestId('desk-body'), ['One', 'Two']);
    expect(problems).toEqual([]);
  });

  test('see the same in two tabs, over one connection, and go on when one is closed', async () => {
    const { page, problems, customer, desk } = await openBothSides();
    await customer.getByTestId('name').fill('Dorothy');
    await write(customer, 'One');
    await acceptFirstTask(desk, 'Dorothy');
    const context = page.context();
    const [second, third] = [await openCustomer(context), await openCustomer(context)];
    const sockets: string[] = [];
    for (const tab of [second, third]) tab.on('websocket', (socket) => sockets.push(socket.url()));
    await shows(second.getByTestId('body'), ['One']);

    await write(second, 'Two');
    await answer(desk, 'Three');
    const said = ['One', 'Two', 'Three'];
    for (const tab of [customer, second, third]) await shows(tab.getByTestId('body'), said);
    await shows(desk.getByTestId('desk-body'), said);
    expect(sockets).toEqual([]);

    // The agent's desk is in the window that goes: a new one takes its place.
    await page.goto('about:blank');
    await write(third, 'Four');
    await shows(second.getByTestId('body'), [...said, 'Four']);
    expect(sockets).toHaveLength(1);
    await page.goto(`${stack().outputs.PageUrl}/desk.html`);
    await page.getByTestId('task').filter({ hasText: 'Dorothy' }).first().click();
    await shows(page.getByTestId('desk-body'), [...said, 'Four']);
    expect(problems).toEqual([]);
  });
});
