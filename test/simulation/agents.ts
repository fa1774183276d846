import type { Conversation, FlexModel } from './flex-model.ts';
import type { World } from './world.ts';

/** What agents, bots and timers do in Flex. */
export class Agents {
  readonly #world: World;
  readonly #flex: FlexModel;
  #words = 0;

  constructor(world: World, flex: FlexModel) {
    this.#world = world;
    this.#flex = flex;
  }

  /** Somebody does one thing in one of the open chats. */
  act(): void {
    const { random, weather } = this.#world;
    const open = [...this.#flex.conversations.values()].filter(({ isClosed }) => !isClosed);
    const chat = random.pick(open);
    if (chat === undefined) return;
    const agent = [...chat.participants.keys()].find((identity) => identity.startsWith('agent'));
    if (weather.strikes('endsUnseen')) this.#flex.close(chat, { isHeard: false });
    else if (chat.task === undefined) return;
    else if (agent) this.#serve(chat, agent);
    else this.#flex.join(chat, random.pick(AGENTS) ?? AGENTS[0], true);
  }

  #serve(chat: Conversation, agent: string): void {
    const act = this.#world.random.next();
    if (act < 0.05) this.#complete(chat, agent);
    else if (act < 0.1) this.#flex.leave(chat, agent);
    else if (act < 0.2) this.#readAll(chat, agent);
    else this.#write(chat, agent);
  }

  /** Studio's flow hears a customer's message: it greets, then hands over to an agent. */
  hear(chat: Conversation): void {
    if (chat.task !== undefined || chat.isClosed) return;
    this.#words += 1;
    this.#flex.say(chat, { author: 'studio', body: `bot line ${this.#words}` });
    this.#world.scheduler.after(this.#world.random.between(50, 3_000), () => {
      if (chat.task === undefined && !chat.isClosed) this.#flex.route(chat);
    });
  }

  #write(chat: Conversation, author: string): void {
    const { random } = this.#world;
    for (let count = random.chance(0.3) ? random.between(2, 6) : 1; count > 0; count -= 1) {
      this.#words += 1;
      const hasMedia = random.chance(0.1);
      const body = hasMedia ? '' : `agent line ${this.#words}`;
      this.#flex.say(chat, { author, body, hasMedia, isPerson: true });
    }
  }

  #readAll(chat: Conversation, agent: string): void {
    this.#flex.read(chat, agent, chat.messages.at(-1)?.index ?? 0);
  }

  #complete(chat: Conversation, agent: string): void {
    if (this.#world.random.chance(0.5)) this.#write(chat, agent);
    this.#flex.leave(chat, agent);
    this.#flex.close(chat, { reason: this.#world.random.chance(0.3) ? 'TIMER' : 'API' });
  }
}

const AGENTS = ['agent-ann', 'agent-bob'] as const;
