import type { FrameLocator, Locator } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '#test/support/browser';
import { useLocalStack } from '#test/support/started-stack';

const MARKUP = '<img src=x onerror=alert(1)>';

const stack = useLocalStack();
let browser: TestBrowser;

beforeAll(async () => {
  browser = await launchBrowser();
}, 30_000);

afterAll(() => browser?.close());

/** Both sides of one window, with a desk that shows the tasks of every test: newest first. */
async function openBothSides() {
  const { page, problems } = await browser.open(stack().outputs.PageUrl);
  const customer = page.frameLocator('iframe[src="/customer.html"]');
  const desk = page.frameLocator('iframe[src="/desk.html"]');
  return { page, problems, customer, desk };
}

async function write(customer: FrameLocator, text: string): Promise<void> {
  await customer.getByTestId('text').fill(text);
  await customer.getByTestId('text').press('Enter');
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
  const deadlineMs = Date.now() + 10_000;
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
  }, 60_000);

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
  }, 30_000);
});
