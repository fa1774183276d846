import { randomUuid, systemRandom } from '../../../random.ts';
import type { Faults } from '../faults/faults.ts';
import type { World } from '../world/world.ts';
import { callOut, TIMED_OUT } from './call-out.ts';
import { signWebhook, withoutFragment } from './signature.ts';

type Form = Readonly<Record<string, string>>;

/** One attempt to call a webhook. */
export interface Delivery {
  /** Of the webhook; of the service, flow or account for one that has no SID of its own. */
  readonly webhookSid: string;
  readonly url: string;
  readonly form: Form;
  /** Of the answer; absent when there was none. */
  readonly status?: number;
  /** Why there was no answer. */
  readonly failure?: string;
}

/** Who is to be called, and with what. */
export interface WebhookCall {
  readonly webhookSid: string;
  readonly url: string;
  readonly method: 'get' | 'post';
  readonly form: Form;
  /** How often a call that timed out or was answered 429, 503 or 504 is repeated; default 0. */
  readonly retries?: number;
  /** Default 0. */
  readonly delayMs?: number;
  /** Default true. */
  readonly isSigned?: boolean;
}

interface WebhookSettings {
  readonly timeoutMs: number;
  readonly log: (line: string) => void;
}

const MAX_DELIVERIES = 1000;
const RETRYABLE = [429, 503, 504];

/** Signs and calls webhooks of all products. */
export class WebhookCaller {
  /** Newest last, at most 1000. */
  readonly deliveries: Delivery[] = [];
  readonly #world: World;
  readonly #faults: Faults;
  readonly #settings: WebhookSettings;

  constructor(world: World, faults: Faults, settings: WebhookSettings) {
    this.#world = world;
    this.#faults = faults;
    this.#settings = settings;
  }

  /** A repeated call carries the same idempotency token. */
  call(call: WebhookCall): void {
    const token = randomUuid(systemRandom);
    for (const delayMs of this.#faults.deliveryDelaysMs()) {
      this.#world.scheduler.after(delayMs + (call.delayMs ?? 0), () =>
        this.#attempt(call, token, 0),
      );
    }
  }

  async #attempt(call: WebhookCall, token: string, earlier: number): Promise<void> {
    const form = earlier === 0 ? call.form : { ...call.form, RetryCount: String(earlier) };
    await this.#world.file?.kept();
    const outcome = await this.#send({ ...call, form }, token);
    this.#record({ webhookSid: call.webhookSid, url: call.url, form, ...outcome });
    const isRetryable = outcome.failure === TIMED_OUT || RETRYABLE.includes(outcome.status ?? 0);
    if (!isRetryable || earlier >= (call.retries ?? 0)) return;
    this.#world.scheduler.after(0, () => this.#attempt(call, token, earlier + 1));
  }

  async #send(call: WebhookCall, token: string): Promise<Pick<Delivery, 'status' | 'failure'>> {
    const { url, init } = webhookRequest(this.#world.account.authToken, call);
    const headers = { ...init.headers, 'i-twilio-idempotency-token': token };
    const { signal } = this.#world.scheduler;
    const { form } = call;
    const ended = this.#world.watch({
      kind: 'webhook',
      title: form['EventType'] ?? 'webhook',
      about: form['ConversationSid'] ?? form['ChannelSid'],
      body: { url: call.url, ...form },
    });
    const outcome = await callOut(url, { ...init, headers }, this.#settings.timeoutMs, signal);
    ended({ status: outcome.status ?? outcome.failure });
    return outcome;
  }

  #record(delivery: Delivery): void {
    this.deliveries.push(delivery);
    if (this.deliveries.length > MAX_DELIVERIES) this.deliveries.shift();
    const { status, failure, url, form } = delivery;
    if (status !== undefined && status < 300) return;
    const code = failure === TIMED_OUT ? 50076 : 50057;
    this.#settings.log(`Twilio ${code}: ${form['EventType']} to ${url}: ${failure ?? status}`);
  }
}

/** Without the fields that are undefined. */
export function presentFields(fields: Readonly<Record<string, string | undefined>>): Form {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present) as Form;
}

function webhookRequest(
  authToken: string,
  { method, url, form, isSigned = true }: WebhookCall,
): { readonly url: string; readonly init: RequestInit & { headers: Record<string, string> } } {
  // Twilio writes blanks as %20, URLSearchParams as a plus sign; a real plus sign is %2B in both.
  const body = new URLSearchParams(form).toString().replaceAll('+', '%20');
  const headers = { accept: '*/*', 'user-agent': 'TwilioProxy/1.1' };
  const signature = (signedUrl: string, signedForm: Form) =>
    isSigned ? { 'x-twilio-signature': signWebhook(authToken, signedUrl, signedForm) } : {};
  if (method === 'get') {
    const bare = withoutFragment(url);
    const full = `${bare}${bare.includes('?') ? '&' : '?'}${body}`;
    return { url: full, init: { method: 'GET', headers: { ...headers, ...signature(full, {}) } } };
  }
  return {
    url,
    init: {
      method: 'POST',
      body,
      headers: {
        ...headers,
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        ...signature(url, form),
      },
    },
  };
}
