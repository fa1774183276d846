import { axeOn, widgetBench } from '#test/support/widget-bench';

const bench = widgetBench();

const REPLIES = {
  type: 'quickReply',
  actions: [
    { type: 'reply', id: 'yes', title: 'Yes' },
    { type: 'reply', id: 'no', title: 'No' },
  ],
};
const LIST = {
  type: 'listPicker',
  button: 'Choose a time',
  items: [
    { id: 'am', title: 'Morning', description: '8 to 12' },
    { id: 'pm', title: 'Afternoon' },
  ],
};
const CARD = {
  type: 'card',
  title: 'Pour-over kettle',
  subtitle: 'Back in stock',
  media: ['https://shop.example/kettle.pdf'],
  actions: [
    { type: 'reply', id: 'keep', title: 'Keep one' },
    { type: 'url', title: 'See it', url: 'https://shop.example/kettle' },
    { type: 'phone', title: 'Call us', phone: '+1 (500) 555-0006' },
  ],
};

/** A chat that is open, with the panel in sight. */
async function openChat(options: Parameters<typeof bench.openPage>[0] = {}) {
  const opened = await bench.openPage(options);
  await opened.open();
  await opened.write('hello');
  await opened.bubble('hello').getByText('Delivered').waitFor();
  return opened;
}

/** Although it is told to be disabled. */
const ANYWAY = { force: true };

const taps = () => bench.chat.sent.filter(({ choice }) => choice !== undefined);

describe('rich messages', () => {
  test('load their code with the first of them', async () => {
    const { page, problems } = await openChat();
    bench.site.takeRequests();

    bench.chat.offer('Sure?', REPLIES);
    await page.getByRole('button', { name: 'Yes' }).waitFor();

    expect(bench.site.takeRequests()).toEqual([expect.stringMatching(/^content-\w{8}\.js$/)]);
    expect(problems).toEqual([]);
  });

  test('draw nothing more in a chat that has left the page before their code came', async () => {
    const { page, problems } = await openChat();
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route(/content-\w+\.js/, async (route) => {
      await held;
      await route.continue();
    });
    const asked = page.waitForRequest(/content-\w+\.js/);
    bench.chat.offer('Sure?', REPLIES);
    await asked;
    const chat = await page.locator('flex-chat').elementHandle();
    await chat?.evaluate((element) => element.remove());

    const answered = page.waitForResponse(/content-\w+\.js/);
    letGo();
    await (await answered).finished();
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 100))');

    expect(await chat?.$('.log')).toBeNull();
    expect(problems).toEqual([]);
  });

  test('a tap says the title and names the choice, once; it is shown as taken', async () => {
    const { bubble, page, panel } = await openChat();
    bench.chat.offer('Sure?', REPLIES);
    const group = panel.getByRole('group', { name: 'Sure?' });

    await group.getByRole('button', { name: 'Yes' }).dblclick();
    await group.getByRole('button', { name: 'No' }).click(ANYWAY);
    await bubble('Yes').getByText('Delivered').waitFor();
    await group.getByRole('button', { name: 'No' }).click(ANYWAY);

    const choice = { chat: 1, index: 1, id: 'yes' };
    expect(taps()).toEqual([{ id: 'choice-1-1', body: 'Yes', choice }]);
    expect(await group.getByRole('button', { name: 'Yes', pressed: true }).count()).toBe(1);
    expect(await group.getByRole('button', { disabled: true }).count()).toBe(2);
    await page.reload();
    await page.locator('flex-chat .launcher').click();
    await group.getByRole('button', { name: 'Yes', pressed: true }).waitFor();
    await group.getByRole('button', { name: 'No' }).click(ANYWAY);
    expect(taps()).toHaveLength(1);
  });

  test('taps in two tabs are one message', async () => {
    const { page, panel } = await openChat();
    bench.chat.offer('Sure?', REPLIES);
    const other = await page.context().newPage();
    await other.goto(bench.site.url);
    await other.locator('flex-chat .launcher').click();
    const yes = panel.getByRole('button', { name: 'Yes' });
    const no = other.getByRole('dialog').getByRole('button', { name: 'No' });
    await Promise.all([yes.waitFor(), no.waitFor()]);

    await Promise.all([yes.click(), no.click()]);

    await panel.locator('.own').nth(1).getByText('Delivered').waitFor();
    await other.locator('.own').nth(1).getByText('Delivered').waitFor();
    expect(taps()).toHaveLength(1);
    for (const one of [panel, other.getByRole('dialog')]) {
      expect(await one.locator('.own').count()).toBe(2);
      expect(await one.locator('[aria-pressed=true]').count()).toBe(1);
    }
  });

  test('lists, cards, links and places are shown, and keep the rules of accessibility', async () => {
    bench.site.isStrict = false;
    const { page, panel, problems } = await openChat();
    bench.chat.offer('When shall we deliver?', LIST);
    bench.chat.offer('Look at this', CARD);
    bench.chat.offer('Our shop', { type: 'location', latitude: 52.37, longitude: 4.89 });
    bench.chat.offer('Sure?', REPLIES);
    await panel.getByText('Choose a time').click();
    await panel.getByRole('button', { name: 'Afternoon' }).click();
    await panel.getByRole('button', { name: 'Afternoon', pressed: true }).waitFor();

    expect(await axeOn(page)).toEqual([]);

    const links = await panel
      .getByRole('link')
      .evaluateAll((all) => all.map((link) => [link.textContent, link.getAttribute('href')]));
    expect(links).toEqual([
      ['kettle.pdf', 'https://shop.example/kettle.pdf'],
      ['See it', 'https://shop.example/kettle'],
      ['Call us', 'tel:+15005550006'],
      ['52.37, 4.89', expect.stringMatching(/^https:\/\/www\.openstreetmap\.org\/\?mlat=52\.37&/)],
    ]);
    expect(problems).toEqual([]);
  });

  test('what is unknown or hostile is its plain body', async () => {
    const { bubble, panel, problems } = await openChat();
    const link = { type: 'url', title: 'Click', url: 'javascript:alert(1)' };

    bench.chat.offer('A carousel', { type: 'carousel', cards: [] });
    bench.chat.offer('A link', { type: 'callToAction', actions: [link, { type: 'other' }] });
    bench.chat.offer('<b>Markup</b>', {
      type: 'quickReply',
      actions: [{ type: 'reply', id: 'x', title: '<img src=x onerror=alert(1)>' }],
    });

    await bubble('<b>Markup</b>').getByRole('button', { name: '<img src=x' }).waitFor();
    await bubble('A carousel').waitFor();
    await bubble('A link').getByText('Click').waitFor();
    expect(await panel.getByRole('link').count()).toBe(0);
    expect(await panel.locator('img').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test('choices of a chat that has ended can not be made', async () => {
    const { panel } = await openChat();
    bench.chat.offer('Sure?', REPLIES);
    await panel.getByRole('button', { name: 'Yes' }).waitFor();

    bench.chat.end();
    await panel.getByRole('button', { name: 'Yes', disabled: true }).click(ANYWAY);

    expect(taps()).toEqual([]);
  });

  test('a page changes what a tap says, and it stays a choice', async () => {
    const { bubble, panel } = await openChat({
      script:
        'window.flexChatConfig.beforeSend = ({ body, choice }) => ({ body: choice ? "I say " + body : body });',
    });
    bench.chat.offer('Sure?', REPLIES);

    await panel.getByRole('button', { name: 'Yes' }).click();

    await bubble('I say Yes').waitFor();
    expect(taps()).toMatchObject([{ body: 'I say Yes', choice: { id: 'yes' } }]);
  });
});
