import { Agents } from './agents.ts';
import { Browser, type SocketFilter } from './browser.ts';
import { Cloud, type CloudVariant } from './cloud.ts';
import { Customer } from './customer.ts';
import { FlexModel } from './flex-model.ts';
import { ApiGateway } from './gateway.ts';
import { ToFlexQueue } from './queue.ts';
import { TwilioModel } from './twilio-rest.ts';
import type { Fault } from './weather.ts';
import { Webhooks } from './webhooks.ts';
import { createWorld, type World } from './world.ts';

/** From the last fault on, everything has to come to rest within this time. */
const SETTLE_MS = 25 * 60_000;
const MINUTE_MS = 60_000;

/** By then letters that were held back have been delivered. */
const LAST_WORD_AFTER_MS = 13 * MINUTE_MS;

/** What was said earlier is read by then. */
const READ_BACK_MS = 5 * MINUTE_MS;

/** In one of so many seeds agents write so much that a reply holds few messages. */
const WORDY_EVERY = 6;

/** Our code, or code that is broken in one place. */
export interface Variant extends CloudVariant {
  readonly socket?: SocketFilter;
}

export interface SimulationOptions {
  readonly seed: number;
  readonly variant?: Variant;
  readonly maxTabs?: number;
  readonly without?: ReadonlySet<Fault>;
}

/** Everything of one seed, wired together. */
export class Simulation {
  readonly world: World;
  readonly gateway: ApiGateway;
  readonly flex: FlexModel;
  readonly cloud: Cloud;
  readonly queue: ToFlexQueue;
  readonly customers: readonly Customer[];
  readonly accepted: { readonly sessionId: string; readonly id: string; readonly chat?: number }[] =
    [];
  /** Ids of messages that were given up or refused. */
  readonly rejected = new Set<string>();
  readonly #agents: Agents;
  readonly #actEveryMs: number;
  readonly #actForMs: number;

  constructor({ seed, variant = {}, maxTabs = 3, without }: SimulationOptions) {
    this.world = createWorld(seed, without);
    const { random } = this.world;
    const routing = random.pick([
      { type: 'task', workflowSid: 'WW1' } as const,
      { type: 'studio', flowSid: 'FW1' } as const,
    ]) ?? { type: 'external', url: '' };
    const webhooks = new Webhooks(
      this.world,
      (path, form) => void this.cloud.webhook(path, form),
      (body) => void this.cloud.taskEvents(body),
    );
    this.flex = new FlexModel(
      this.world,
      (chat, eventType, fields, message) => {
        webhooks.tell(chat, eventType, fields, message);
        const isCustomer = message?.author.startsWith('customer-');
        const hasFlow = chat.webhooks.some(({ target }) => target === 'studio');
        if (isCustomer && hasFlow) {
          this.world.scheduler.after(random.between(100, 2_000), () => this.#agents.hear(chat));
        }
      },
      (chat, type, task) => webhooks.tellOfTask(chat, type, task),
    );
    this.gateway = new ApiGateway(this.world);
    this.queue = new ToFlexQueue(this.world);
    this.cloud = new Cloud({
      world: this.world,
      twilio: new TwilioModel(this.world, this.flex),
      customers: this.gateway,
      routing,
      servicePolicy: {
        whenNobodyServes: random.chance(0.5) ? 'reroute' : 'end',
        rerouteAttempts: random.between(1, 3),
      },
      variant,
      queue: this.queue,
      onRejected: (id) => void this.rejected.add(id),
      onLetter: (letter) => {
        if (letter.kind === 'message') this.accepted.push(letter);
        this.queue.poll();
      },
    });
    this.queue.feed(this.cloud);
    this.gateway.serve(this.cloud);
    const isWordy = seed % WORDY_EVERY === 0;
    this.#agents = new Agents(this.world, this.flex, isWordy);
    const customers = random.chance(0.3) ? 2 : 1;
    this.customers = Array.from({ length: customers }, (_, place) => {
      const browser = new Browser(this.world, `C${place + 1}`, this.gateway, variant.socket);
      return new Customer(this.world, browser, maxTabs, isWordy);
    });
    this.#actForMs = (random.pick([1, 3, 10, 10, 30, 180]) ?? 10) * MINUTE_MS;
    this.#actEveryMs = Math.max(3_000, this.#actForMs / random.between(10, 60));
  }

  async run(): Promise<void> {
    const { scheduler, weather, trace } = this.world;
    const calmAtMs = scheduler.nowMs + this.#actForMs;
    for (const customer of this.customers) {
      customer.browser.openTab();
      this.#repeat(calmAtMs, () => customer.act());
    }
    this.#repeat(calmAtMs, () => this.#agents.act());
    this.#repeat(calmAtMs, () => {
      if (weather.strikes('sessionExpires')) this.cloud.expireSession();
    });
    await scheduler.runUntil(calmAtMs);
    trace.add('world', 'nothing goes wrong from now on');
    weather.calmDown();
    for (const { browser } of this.customers) {
      browser.shared.allow();
      browser.wake();
    }
    const acts = ['beginLastWord', 'sayLastWord', 'beginLastWord', 'insistOnLastWord'] as const;
    for (const [step, act] of acts.entries()) {
      await scheduler.runUntil(calmAtMs + LAST_WORD_AFTER_MS + step * MINUTE_MS);
      for (const customer of this.customers) customer[act]();
    }
    await scheduler.runUntil(calmAtMs + SETTLE_MS);
    for (const customer of this.customers) customer.readBack();
    await scheduler.runUntil(calmAtMs + SETTLE_MS + READ_BACK_MS);
  }

  #repeat(untilMs: number, act: () => void): void {
    const { scheduler, random } = this.world;
    scheduler.after(this.#actEveryMs * 2 * random.next(), () => {
      if (scheduler.nowMs >= untilMs) return;
      act();
      this.#repeat(untilMs, act);
    });
  }
}
