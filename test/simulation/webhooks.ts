import { WEBHOOK_URL } from './cloud.ts';
import type { Conversation, ModelMessage, ModelTask } from './flex-model.ts';
import type { World } from './world.ts';

/** Twilio's calls of our webhooks: once as a rule, in no order, without a second try. */
export class Webhooks {
  readonly #world: World;
  readonly #call: (path: string, form: Record<string, string>) => void;
  readonly #callTaskEvents: (body: string) => void;

  /**
   * @param call hands a form to the webhook at this path below the public base URL.
   * @param callTaskEvents hands a body to the sink of Event Streams.
   */
  constructor(
    world: World,
    call: (path: string, form: Record<string, string>) => void,
    callTaskEvents: (body: string) => void,
  ) {
    this.#world = world;
    this.#call = call;
    this.#callTaskEvents = callTaskEvents;
  }

  tell(
    conversation: Conversation,
    eventType: string,
    fields: Readonly<Record<string, string>>,
    message?: ModelMessage,
  ): void {
    const isInteraction = 'InteractionSid' in fields;
    const about = isInteraction ? 'MediaChannelSid' : 'ConversationSid';
    const form = { EventType: eventType, [about]: conversation.sid, ...fields };
    // Lines of a flow's widgets don't reach the conversation's own webhooks.
    const isWidget = message?.author === 'studio';
    for (const { target, url, filters } of conversation.webhooks) {
      if (target !== 'webhook' || !filters.includes(eventType) || isWidget) continue;
      this.#send((url ?? '').replace(WEBHOOK_URL, ''), form);
    }
    const ofService = eventType.startsWith('onMessage') ? '/new-message' : '/channel-update';
    this.#send(ofService, form);
  }

  /** Event Streams: at least once, in no order, and with all faults of a webhook. */
  tellOfTask(conversation: Conversation, type: string, { sid }: ModelTask): void {
    const { weather, random, scheduler, trace } = this.#world;
    // Of a task that a flow makes nothing else may tell. Event Streams try for hours.
    const hasFlow = conversation.webhooks.some(({ target }) => target === 'studio');
    if (!hasFlow && weather.strikes('taskEventLost')) {
      trace.add('twilio', `loses ${type}`);
      return;
    }
    const attributes = JSON.stringify({ conversationSid: conversation.sid });
    const payload = { task_sid: sid, task_attributes: attributes };
    const body = JSON.stringify([{ type: `com.twilio.taskrouter.${type}`, data: { payload } }]);
    const times = weather.strikes('taskEventDoubled') ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      scheduler.after(random.between(100, 8_000), () => this.#callTaskEvents(body));
    }
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
