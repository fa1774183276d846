/** What a customer does in a browser that the suite does not have. */
import type { WidgetSite } from '../../test/support/widget-site.ts';
import { type Browser, click, ENTER, inputOf, see, type Tab, type as typeKeys } from './tab.ts';

export interface World {
  readonly site: WidgetSite;
  readonly chatUrl: string;
  readonly deskUrl: string;
}

type Scenario = (browser: Browser, world: World) => Promise<void>;

const BUBBLE = '.bubble';

/** Violations of the page's policy, and errors that nobody has caught. */
const COLLECT_PROBLEMS = `
  window.problems = [];
  addEventListener('error', ({ message }) => problems.push(message));
  addEventListener('unhandledrejection', ({ reason }) => problems.push(String(reason)));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    problems.push(violatedDirective + ' ' + blockedURI));`;

const FORBID_STORAGE = `
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
    Object.defineProperty(window, name, { get() { throw new DOMException(name, 'SecurityError'); } });
  }`;

/** In this order: each finds what the one before has left. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'customer and agent talk': async (browser, world) => {
    const name = `Ada in ${browser.name}`;
    const customer = await openChat(browser, world, { profile: { name } });
    await write(customer, 'Hello');
    await see(customer, BUBBLE, 'Hello');
    const desk = await browser.newTab();
    await desk.goto(world.deskUrl);
    await click(desk, '#tasks button, #tasks a', name);
    await click(desk, '#accept');
    await click(desk, '#text');
    await typeKeys(desk, `Good morning${ENTER}`);
    await see(customer, BUBBLE, 'Good morning');
    await write(customer, 'Thank you');
    // A desk behind another tab rests.
    await click(desk, '#text');
    await see(desk, '#log', 'Thank you');
    await expectNoProblem(customer);
  },

  'a reload keeps transcript and draft': async (browser, world) => {
    const customer = await openChat(browser, world);
    await see(customer, BUBBLE, 'Good morning');
    await click(customer, 'textarea');
    await typeKeys(customer, 'half a sen');
    await customer.goto(world.site.url);
    await click(customer, 'button.launcher');
    await see(customer, BUBBLE, 'Thank you');
    const draft = await inputOf(customer, 'textarea');
    if (draft !== 'half a sen') throw new Error(`the draft is ${JSON.stringify(draft)}`);
    await typeKeys(customer, `tence${ENTER}`);
    await see(customer, BUBBLE, 'half a sentence');
    await expectNoProblem(customer);
  },

  'two tabs show the same': async (browser, world) => {
    const first = await openChat(browser, world);
    const second = await openChat(browser, world);
    await write(second, 'From the second tab');
    await see(first, BUBBLE, 'From the second tab');
    await write(first, 'From the first tab');
    await see(second, BUBBLE, 'From the first tab');
    await expectNoProblem(first);
    await expectNoProblem(second);
  },

  'without storage the chat lives as long as the page': async (browser, world) => {
    const customer = await openChat(browser, world, {}, FORBID_STORAGE);
    await write(customer, 'Nothing of this is stored');
    await see(customer, BUBBLE, 'Nothing of this is stored');
    await expectNoProblem(customer);
  },
};

async function openChat(
  browser: Browser,
  { site, chatUrl }: World,
  config: object = {},
  script = '',
): Promise<Tab> {
  const settings = JSON.stringify({ url: chatUrl, ...config });
  site.page = { script: `${COLLECT_PROBLEMS}${script}\nwindow.flexChatConfig = ${settings};` };
  const tab = await browser.newTab();
  await tab.goto(site.url);
  await click(tab, 'button.launcher');
  await see(tab, 'textarea');
  return tab;
}

async function write(tab: Tab, text: string): Promise<void> {
  await click(tab, 'textarea');
  await typeKeys(tab, `${text}${ENTER}`);
}

async function expectNoProblem(tab: Tab): Promise<void> {
  const problems = (await tab.evaluate('problems')) as string[];
  if (problems.length > 0) throw new Error(`the page has problems: ${problems.join('; ')}`);
}
