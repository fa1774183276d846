import { WEBHOOK_URL } from './cloud.ts';
import type { Conversation, ModelMessage } from './flex-model.ts';
import type { World } from './world.ts';

/** Twilio's calls of our webhooks: once as a rule, in no order, without a second try. */
export class Webhooks {
  readonly #world: World;
  readonly #call: (path: string, form: Record<string, string>) => void;

  /** @param call hands a form to the webhook at this path below the public base URL. */
  constructor(world: World, call: (path: string, form: Record<string, string>) => void) {
    this.#world = world;
    this.#call = call;
  }

  tell(
    conversation: Conversation,
    eventType: string,
    fields: Readonly<Record<string, string>>,
    message?: ModelMessage,
  ): void {
    const form = { EventType: eventType, ConversationSid: conversation.sid, ...fields };
    // Lines of a flow's widgets don't reach the conversation's own webhooks.
    const isWidget = message?.author === 'studio';
    for (const { target, url, filters } of conversation.webhooks) {
      if (target !== 'webhook' || !filters.includes(eventType) || isWidget) continue;
      this.#send((url ?? '').replace(WEBHOOK_URL, ''), form);
    }
    const ofService = eventType === 'onMessageAdded' ? '/new-message' : '/channel-update';
    this.#send(ofService, form);
  }

  #send(path: string, form: Record<string, string>): void {
    const { weather, random, scheduler, trace } = this.#world;
    if (weather.strikes('webhookDropped')) {
      trace.add('twilio', `drops ${form['EventType']}`);
      return;
    }
    const times = weather.strikes('webhookDoubled') ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      const isSlow = weather.strikes('webhookSlow');
      const delayMs = isSlow ? random.between(500, 20_000) : random.between(30, 300);
      scheduler.after(delayMs, () => this.#call(path, form));
    }
  }
}
