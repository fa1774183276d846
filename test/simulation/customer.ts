import type { Browser, Tab } from './browser.ts';
import { befall } from './mishaps.ts';
import type { World } from './world.ts';

/** A message that a customer has typed. */
export interface Typed {
  readonly id: string;
  readonly tab: string;
  readonly browser: string;
  /** Where it was typed; absent before the session was known. */
  readonly chat?: number;
  /** As JSON, when it was typed. */
  readonly attributes: object;
  /** How often this tab had been told who the customer is. */
  readonly profile: number;
  /** Sent again by hand after it had failed. */
  isRetried: boolean;
}

/** What a customer does at one browser, and what happens to that browser. */
export class Customer {
  readonly typed: Typed[] = [];
  /** Id of the message that is written once nothing goes wrong any more. */
  lastWord: string | undefined;
  readonly browser: Browser;
  readonly #world: World;
  /** By tab, the number of the last profile. */
  readonly #profiles = new Map<string, number>();
  #introductions = 0;
  readonly #maxTabs: number;
  readonly #scrolls: boolean;

  /** @param scrolls looks at what was said earlier, now and then. */
  constructor(world: World, browser: Browser, maxTabs: number, scrolls: boolean) {
    this.#world = world;
    this.#maxTabs = maxTabs;
    this.#scrolls = scrolls;
    this.browser = browser;
  }

  /** Does one thing; now and then the browser has something happen to it first. */
  act(): void {
    const { random } = this.#world;
    if (this.browser.isAsleep) return;
    befall(this.browser, this.#world, this.#maxTabs);
    const tab = random.pick(this.browser.liveTabs.filter(({ isAsleep }) => !isAsleep));
    if (tab === undefined) {
      this.browser.openTab();
      return;
    }
    // Some pages do it as soon as they are there.
    const isNew = tab === this.browser.tabs.at(-1) && !this.#profiles.has(tab.name);
    if (random.chance(isNew ? 0.3 : 0.05)) this.#introduce(tab);
    if (this.#scrolls) tab.client.loadEarlier().catch(refused);
    const failed = pendingOf(tab).find(({ state }) => state === 'failed');
    if (random.chance(0.04)) this.#endChat(tab);
    else if (failed && random.chance(0.5)) this.#retry(tab, failed.id);
    else if (random.chance(0.1)) markRead(tab);
    else this.write(tab);
  }

  /** Begins the next chat if there has to be one. */
  beginLastWord(): void {
    const tab = this.#anyTab();
    if (tab.client.state.chat?.state === 'ended') this.write(tab);
  }

  sayLastWord(): void {
    this.lastWord = this.#type(this.#anyTab());
  }

  /** It may have been the first to learn of the end of its chat. */
  insistOnLastWord(): void {
    const tab = this.#anyTab();
    const id = this.lastWord ?? this.#type(tab);
    this.lastWord = id;
    if (id && pendingOf(tab).some((entry) => entry.id === id && entry.state === 'failed')) {
      this.#retry(tab, id);
    }
  }

  /** Looks at everything that was said, in each tab. */
  readBack(): void {
    for (const { client } of this.browser.liveTabs) {
      const goOn = () => {
        if (client.state.hasEarlier) client.loadEarlier().then(goOn, goOnLater);
      };
      const goOnLater = () => void this.#world.scheduler.after(READ_BACK_AGAIN_MS, goOn);
      goOn();
    }
  }

  #anyTab(): Tab {
    return this.browser.liveTabs[0] ?? this.browser.openTab();
  }

  /** Writes a message, or a few in one go; after the end of a chat the next is begun first. */
  write(tab: Tab): void {
    const { random, trace } = this.#world;
    if (tab.client.state.chat?.state === 'ended') {
      trace.add(tab.name, 'starts the next chat');
      tab.client.startChat().catch(refused);
      return;
    }
    tab.client.typing();
    for (let count = random.chance(0.2) ? random.between(2, 5) : 1; count > 0; count -= 1) {
      this.#type(tab);
    }
  }

  /** @returns its id; undefined when nothing can be sent now. */
  #type(tab: Tab): string | undefined {
    const body = `word ${this.typed.length + 1} of ${this.browser.name}`;
    if (tab.client.problemWith(body) !== undefined) return undefined;
    const chat = tab.client.state.chat?.number;
    const attributes = this.#world.random.chance(0.2) ? { word: this.typed.length } : {};
    // The page goes on using what it hands over, which its framework watches.
    const watched = new Proxy({ ...attributes }, {});
    const id = tab.client.send(body, { attributes: watched });
    watched.word = -1;
    this.#world.trace.add(tab.name, `types ${id} for chat ${chat ?? '?'}`);
    const { name: browser } = this.browser;
    const named = chat === undefined ? {} : { chat };
    const profile = this.#profiles.get(tab.name) ?? 0;
    const where = { tab: tab.name, browser, ...named };
    this.typed.push({ id, attributes, profile, isRetried: false, ...where });
    return id;
  }

  #introduce(tab: Tab): void {
    this.#introductions += 1;
    this.#profiles.set(tab.name, this.#introductions);
    const name = `${this.browser.name} ${this.#introductions}`;
    this.#world.trace.add(tab.name, `is told the name ${name}`);
    tab.client.setProfile(new Proxy({ name }, {}));
  }

  #retry(tab: Tab, id: string): void {
    this.#world.trace.add(tab.name, `tries ${id} again`);
    const typed = this.typed.find((one) => one.id === id);
    if (typed) typed.isRetried = true;
    tab.client.retry(id);
  }

  #endChat(tab: Tab): void {
    this.#world.trace.add(tab.name, 'ends the chat');
    tab.client.endChat().catch(refused);
  }
}

export function pendingOf(tab: Tab) {
  return tab.client.state.timeline.flatMap((item) => (item.kind === 'pending' ? [item.entry] : []));
}

function markRead(tab: Tab): void {
  const { chat, timeline } = tab.client.state;
  const last = timeline.findLast((item) => item.kind === 'message');
  const isCurrent = last?.kind === 'message' && last.message.chat === chat?.number;
  if (isCurrent) tab.client.markRead(last.message.index);
}

/** The server may have been asked too often, or the leading tab have been replaced. */
const READ_BACK_AGAIN_MS = 30_000;

/** Offline, or the server said no: the state tells the customer. */
const refused = () => {};
