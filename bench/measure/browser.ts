/** A browser as customers use it, and what a chat that is long, or open for long, costs it. */
import type { CDPSession, Locator, Page } from 'playwright-core';
import { launchBrowser, type TestBrowser } from '../../test/support/browser.ts';
import { type ScriptedChat, startScriptedChat } from '../../test/support/scripted-chat.ts';
import { startWidgetSite, type WidgetSite } from '../../test/support/widget-site.ts';
import type { Figure } from './figure.ts';
import { median, rounded } from './statistics.ts';

const RUNS = 5;
const LONG_CHAT = 10_000;
/** Of a page each, by the button for earlier messages. */
const STEPS_BACK = 60;
const NEWS = 30;
/** As many messages as come in an hour, one a second, and after how many of them everything is warm. */
const HOUR = 3_600;
const WARM = 1_200;

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Processor time in microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

interface Run {
  readonly page: Page;
  readonly log: Locator;
  readonly chat: ScriptedChat;
}

/** What a chat of 10,000 messages costs the page of a customer, and an hour of one message a second. */
export async function measureBrowser(): Promise<Figure[]> {
  const [browser, site] = await Promise.all([launchBrowser(), startWidgetSite()]);
  try {
    return [...(await measureLongChat(browser, site)), ...(await measureHour(browser, site))];
  } finally {
    await Promise.all([browser.close(), site.close()]);
  }
}

async function measureLongChat(browser: TestBrowser, site: WidgetSite): Promise<Figure[]> {
  const runs: Record<string, number>[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    runs.push(await withChat(browser, site, LONG_CHAT, longChat));
  }
  const inMs = (name: string) => rounded(median(runs.map((run) => run[name] ?? 0)));
  return [
    figure('first screen', inMs('open'), 'ms', 300),
    figure('first screen in a second tab', inMs('openSecond'), 'ms', 300),
    figure('longest task while opening', inMs('opening'), 'ms', 50),
    figure('longest task while a second tab opens', inMs('openingSecond'), 'ms', 50),
    figure(`longest task while ${NEWS} messages come, two tabs`, inMs('receiving'), 'ms', 50),
    figure(`longest task while ${STEPS_BACK} pages are read back`, inMs('reading'), 'ms', 50),
    figure(`longest task while ${NEWS} messages come then`, inMs('receivingThen'), 'ms', 50),
    figure('elements on the page then', inMs('elements'), 'elements', 1_500),
  ];
}

const figure = (name: string, value: number, unit: Figure['unit'], atMost: number): Figure => ({
  name: `chat of ${LONG_CHAT} messages: ${name}`,
  value,
  unit,
  atMost,
});

async function longChat({ chat, log, page }: Run): Promise<Record<string, number>> {
  let open = 0;
  const opening = await longestTask(page, async () => {
    open = await openChat(page);
  });
  const second = await page.context().newPage();
  let openSecond = 0;
  const openingSecond = await longestTask(page, async () => {
    await second.goto(page.url());
    openSecond = await openChat(second);
  });
  const receiving = await longestTask(page, () => hear(chat, log, NEWS));
  await second.close();
  await page.bringToFront();
  const reading = await longestTask(page, async () => {
    for (let step = 0; step < STEPS_BACK; step += 1) await readBack(log);
  });
  const elements = await log.evaluate((element) => element.querySelectorAll('*').length);
  const input = page.locator('flex-chat textarea');
  await input.fill('back at the end');
  await input.press('Enter');
  const receivingThen = await longestTask(page, () => hear(chat, log, NEWS, 'more news'));
  return { open, openSecond, opening, openingSecond, receiving, reading, receivingThen, elements };
}

async function readBack(log: Locator): Promise<void> {
  const first = log.locator('.bubble').first();
  const before = await first.textContent();
  await log.locator('.earlier').click();
  while ((await first.textContent()) === before) await log.page().waitForTimeout(1);
}

/** An hour in which an agent says something every second, without the waiting. */
async function measureHour(browser: TestBrowser, site: WidgetSite): Promise<Figure[]> {
  return withChat(browser, site, 1, async ({ chat, log, page }) => {
    await openChat(page);
    const devtools = await page.context().newCDPSession(page);
    await hear(chat, log, WARM);
    const warm = await heap(devtools);
    await hear(chat, log, HOUR - WARM);
    const grown = (await heap(devtools)) - warm;
    return [
      {
        name: 'memory of the page: growth from the 20th to the 60th minute, one message a second',
        value: Math.max(0, Math.round(grown)),
        unit: 'bytes',
        atMost: 256 * 1024,
      },
    ];
  });
}

async function heap(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize;
}

async function hear(chat: ScriptedChat, log: Locator, count: number, what = 'news'): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const text = `${what} ${n} of ${count}`;
    chat.say(text);
    // What comes in one turn is drawn in one.
    if (n % 10 === 9 || n === count - 1) await log.getByText(text, { exact: true }).waitFor();
  }
}

async function withChat<Result>(
  browser: TestBrowser,
  site: WidgetSite,
  messages: number,
  run: (run: Run) => Promise<Result>,
): Promise<Result> {
  const chat = await startScriptedChat();
  chat.fill(messages);
  site.page = {
    script: `window.flexChatConfig = ${JSON.stringify({ url: chat.customerSocketUrl })};`,
  };
  const { page } = await browser.open('about:blank', { reducedMotion: 'reduce' });
  try {
    await page.goto(site.url);
    return await run({ page, log: page.locator('flex-chat .log'), chat });
  } finally {
    await page.context().close();
    await chat.close();
  }
}

/**
 * By processor time, which a busy machine does not lengthen.
 * @returns for how many milliseconds the longest task has kept a page busy meanwhile, of all pages.
 */
async function longestTask(page: Page, meanwhile: () => Promise<void>): Promise<number> {
  const browser = page.context().browser();
  if (!browser) throw new Error('the page has no browser');
  await browser.startTracing(page, { categories: ['toplevel'] });
  await meanwhile();
  const trace = JSON.parse(String(await browser.stopTracing()));
  const { traceEvents }: { traceEvents: TraceEvent[] } = trace;
  const ofPages = traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(threadOf);
  const tasks = traceEvents.filter((event) => event.name.endsWith('RunTask') && event.tdur);
  const counted = tasks.filter((task) => ofPages.includes(threadOf(task)));
  if (counted.length === 0) throw new Error('the trace has no task of a page');
  return Math.max(...counted.map(({ tdur = 0 }) => tdur)) / 1_000;
}

const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}:${tid}`;

/** @returns how many milliseconds pass from the click until the last message has been painted. */
function openChat(page: Page): Promise<number> {
  return page.evaluate(`new Promise((resolve) => {
    const root = document.querySelector('flex-chat').shadowRoot;
    const startedAt = performance.now();
    const look = () => {
      if (root.querySelector('.log .bubble')) resolve(performance.now() - startedAt);
      else requestAnimationFrame(look);
    };
    root.querySelector('button').click();
    requestAnimationFrame(look);
  })`);
}
