import { type Conversation, type FlexModel, isLive, type ModelTask } from './flex-model.ts';
import type { World } from './world.ts';

/** What agents, bots and timers do in Flex. */
export class Agents {
  readonly #world: World;
  readonly #flex: FlexModel;
  readonly #padding: string;
  #words = 0;

  /** @param isWordy each message takes much of a reply. */
  constructor(world: World, flex: FlexModel, isWordy: boolean) {
    this.#world = world;
    this.#flex = flex;
    this.#padding = isWordy ? '.'.repeat(WORDY_CHARACTERS) : '';
  }

  /** Somebody does one thing in one of the open chats. */
  act(): void {
    const { random, weather } = this.#world;
    const open = [...this.#flex.conversations.values()].filter(
      ({ isClosed, isDeleted }) => !isClosed && !isDeleted,
    );
    const chat = random.pick(open);
    if (chat === undefined) return;
    const agent = [...chat.participants.keys()].find((identity) => identity.startsWith('agent'));
    const task = chat.tasks.at(-1);
    if (weather.strikes('endsUnseen')) this.#flex.close(chat, { isHeard: false });
    else if (weather.strikes('conversationDeleted')) this.#delete(chat);
    else if (task === undefined || !isLive(task)) return;
    else if (this.#dies(chat, task, agent)) return;
    else if (agent) this.#serve(chat, task, agent);
    else this.#accept(chat, task);
  }

  /** What becomes of a task without anybody's ending the chat: nobody is there any more. */
  #dies(chat: Conversation, task: ModelTask, agent: string | undefined): boolean {
    const { weather } = this.#world;
    if (agent !== undefined && weather.strikes('agentVanishes')) {
      this.#flex.setTask(chat, task, 'completed');
      this.#flex.leave(chat, agent);
    } else if (task.status === 'pending' && weather.strikes('taskTimesOut')) {
      this.#flex.setTask(chat, task, 'canceled');
    } else if (task.status === 'pending' && weather.strikes('taskDeleted')) {
      this.#flex.setTask(chat, task, 'deleted');
    } else {
      return false;
    }
    return true;
  }

  /** Retention rules delete what is there for long; what is being opened stays. */
  #delete(chat: Conversation): void {
    const first = chat.messages.at(0);
    const isOld = first !== undefined && this.#world.scheduler.nowMs - first.atMs > OLD_MS;
    if (isOld) this.#flex.delete(chat);
  }

  #accept(chat: Conversation, task: ModelTask): void {
    this.#flex.setTask(chat, task, 'assigned');
    this.#flex.join(chat, this.#world.random.pick(AGENTS) ?? AGENTS[0], true);
  }

  #serve(chat: Conversation, task: ModelTask, agent: string): void {
    const act = this.#world.random.next();
    if (act < 0.05) this.#complete(chat, task, agent);
    else if (act < 0.1) this.#flex.pause(chat, agent);
    else if (act < 0.2) this.#readAll(chat, agent);
    else if (act < 0.35) this.#change(chat);
    else this.#write(chat, agent);
  }

  /** Studio's flow hears a customer's message: it greets, then hands over to an agent. */
  hear(chat: Conversation): void {
    if (chat.interaction !== undefined || chat.isClosed || chat.isDeleted) return;
    this.#words += 1;
    this.#flex.say(chat, { author: 'studio', body: `bot line ${this.#words}` });
    this.#world.scheduler.after(this.#world.random.between(50, 3_000), () => {
      const isNeeded = chat.interaction === undefined && !chat.isClosed && !chat.isDeleted;
      if (isNeeded) this.#flex.route(chat, { mayFail: false });
    });
  }

  #write(chat: Conversation, author: string): void {
    const { random } = this.#world;
    for (let count = random.chance(0.3) ? random.between(2, 6) : 1; count > 0; count -= 1) {
      this.#words += 1;
      const hasMedia = random.chance(0.1);
      const body = hasMedia ? '' : `agent line ${this.#words}${this.#padding}`;
      this.#flex.say(chat, { author, body, hasMedia, isPerson: true });
    }
  }

  /** Of whomever; what customers wrote is not deleted, as a lost one could not be told from it. */
  #change(chat: Conversation): void {
    const { random } = this.#world;
    const nowMs = this.#world.scheduler.nowMs;
    // Flex tells times to the second: that one was changed in its very first is not seen later.
    const message = random.pick(chat.messages.filter(({ atMs }) => nowMs - atMs >= 1_000));
    if (message === undefined) return;
    this.#words += 1;
    if (random.chance(0.2) && !message.author.startsWith('customer-'))
      this.#flex.edit(chat, message);
    else if (random.chance(0.5) || message.author.startsWith('customer-')) {
      this.#flex.edit(chat, message, `edited line ${this.#words}`);
    } else this.#flex.deleteMessage(chat, message);
  }

  #readAll(chat: Conversation, agent: string): void {
    this.#flex.read(chat, agent, chat.messages.at(-1)?.index ?? 0);
  }

  #complete(chat: Conversation, task: ModelTask, agent: string): void {
    if (this.#world.random.chance(0.5)) this.#write(chat, agent);
    this.#flex.setTask(chat, task, 'completed');
    this.#flex.leave(chat, agent);
    this.#flex.close(chat, { reason: this.#world.random.chance(0.3) ? 'TIMER' : 'API' });
  }
}

/** Longer than the opening of a chat takes, with all its retries. */
const OLD_MS = 3 * 60_000;

/** Four of them fit into a reply. */
const WORDY_CHARACTERS = 7_000;

const AGENTS = ['agent-ann', 'agent-bob'] as const;
