import { randomUuid, systemRandom } from '../../random.ts';
import type { Faults } from './faults.ts';
import { signWebhook, withoutFragment } from './signature.ts';
import type { ScopedWebhook } from './state/scoped-webhook.ts';
import type { ConversationEvent, World } from './world.ts';

/** One attempt to call a webhook. */
export interface Delivery {
  readonly webhookSid: string;
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  /** Of the answer; absent when there was none. */
  readonly status?: number;
  /** Why there was no answer. */
  readonly failure?: string;
}

export interface WebhookSettings {
  readonly timeoutMs: number;
  readonly log: (line: string) => void;
}

const MAX_DELIVERIES = 1000;

/**
 * Calls the webhooks of conversations. A failed call is not repeated: conversation-scoped
 * webhooks take no retry count, and no source says that Twilio retries them.
 * Source: https://www.twilio.com/docs/conversations-classic/conversations-webhooks
 */
export class Webhooks {
  /** Newest last, at most 1000. */
  readonly deliveries: Delivery[] = [];
  readonly #world: World;
  readonly #faults: Faults;
  readonly #settings: WebhookSettings;

  constructor(world: World, faults: Faults, settings: WebhookSettings) {
    this.#world = world;
    this.#faults = faults;
    this.#settings = settings;
    world.subscribers.push((event) => this.#onEvent(event));
  }

  #onEvent(event: ConversationEvent): void {
    for (const webhook of event.conversation.webhooks) {
      if (listens(webhook, event))
        this.#schedule(webhook, webhookForm(this.#world, webhook, event));
    }
  }

  /** A repeated call carries the same idempotency token. */
  #schedule(webhook: ScopedWebhook, form: Record<string, string>): void {
    const token = randomUuid(systemRandom);
    for (const delayMs of this.#faults.deliveryDelaysMs()) {
      this.#world.scheduler.after(delayMs, () => this.#call(webhook, form, token));
    }
  }

  async #call(webhook: ScopedWebhook, form: Record<string, string>, token: string): Promise<void> {
    const { url = '', method = 'post' } = webhook.configuration;
    const request = webhookRequest(this.#world.account.authToken, method, url, form);
    const timeout = AbortSignal.timeout(this.#settings.timeoutMs);
    let outcome: Pick<Delivery, 'status' | 'failure'>;
    try {
      const answer = await fetch(request.url, {
        ...request.init,
        headers: { ...request.init.headers, 'i-twilio-idempotency-token': token },
        signal: AbortSignal.any([timeout, this.#world.scheduler.signal]),
        redirect: 'manual',
      });
      await answer.arrayBuffer();
      outcome = { status: answer.status };
    } catch (error) {
      outcome = { failure: timeout.aborted ? 'timed out' : String(error) };
    }
    this.#record({ webhookSid: webhook.sid, url, form, ...outcome });
  }

  #record(delivery: Delivery): void {
    this.deliveries.push(delivery);
    if (this.deliveries.length > MAX_DELIVERIES) this.deliveries.shift();
    const { status, failure, url, form } = delivery;
    if (status !== undefined && status < 300) return;
    const code = failure === 'timed out' ? 50076 : 50057;
    this.#settings.log(`Twilio ${code}: ${form['EventType']} to ${url}: ${failure ?? status}`);
  }
}

/**
 * Whether a webhook is called for an event. A webhook without filters hears nothing: Twilio
 * documents no default, so ours is the one that shows the omission.
 */
function listens(webhook: ScopedWebhook, event: ConversationEvent): boolean {
  if (event.onlyForWebhook !== undefined && event.onlyForWebhook !== webhook.sid) return false;
  const { filters = [], triggers = [] } = webhook.configuration;
  if (webhook.target === 'webhook') return filters.includes(event.type);
  if (webhook.target === 'studio' || event.type !== 'onMessageAdded') return false;
  return triggers.some((word) => event.fields['Body']?.includes(word));
}

/** All fields of an event as a webhook of its conversation gets them. */
function webhookForm(
  { account }: World,
  webhook: ScopedWebhook,
  { type, actor, conversation, fields }: ConversationEvent,
): Record<string, string> {
  const form = {
    EventType: type,
    AccountSid: account.accountSid,
    Source: actor.source,
    ClientIdentity: actor.clientIdentity,
    ...fields,
    ChatServiceSid: conversation.serviceSid,
    RetryCount: '0',
    WebhookType: webhook.target,
    WebhookSid: webhook.sid,
  };
  const present = Object.entries(form).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Record<string, string>;
}

function webhookRequest(
  authToken: string,
  method: 'get' | 'post',
  url: string,
  form: Record<string, string>,
): { readonly url: string; readonly init: RequestInit & { headers: Record<string, string> } } {
  // Twilio writes blanks as %20, URLSearchParams as a plus sign; a real plus sign is %2B in both.
  const body = new URLSearchParams(form).toString().replaceAll('+', '%20');
  const headers = { accept: '*/*', 'user-agent': 'TwilioProxy/1.1' };
  if (method === 'get') {
    const bare = withoutFragment(url);
    const full = `${bare}${bare.includes('?') ? '&' : '?'}${body}`;
    const signature = signWebhook(authToken, full, {});
    return {
      url: full,
      init: { method: 'GET', headers: { ...headers, 'x-twilio-signature': signature } },
    };
  }
  return {
    url,
    init: {
      method: 'POST',
      body,
      headers: {
        ...headers,
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'x-twilio-signature': signWebhook(authToken, url, form),
      },
    },
  };
}
