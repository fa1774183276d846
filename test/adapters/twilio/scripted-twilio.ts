import { createTwilioRest, type TwilioRest } from '#adapters/twilio/rest/rest-client';

/** One request as Twilio sees it. */
export interface SeenRequest {
  /** Such as `POST chat.twilio.com/v2/…`. */
  readonly call: string;
  /** Array for a repeated key. */
  readonly form: Readonly<Record<string, string | string[]>>;
  readonly webhookEnabled: boolean;
}

type Answer = { readonly status?: number; readonly body: object };

/** A rule answers calls that start with its key; a list is used up one by one, its last stays. */
export type Script = Readonly<Record<string, Answer | readonly Answer[]>>;

export const answer = (body: object, status = 200): Answer => ({ status, body });
export const fault = (status: number, code: number): Answer => ({
  status,
  body: { code, message: 'refused', more_info: '', status },
});

/**
 * A Twilio that says what the script says, for what a simulator can't vary. The longest key
 * that fits decides; a call without one fails the test.
 */
export function scriptedTwilio(script: Script): { rest: TwilioRest; requests: SeenRequest[] } {
  const requests: SeenRequest[] = [];
  const left = new Map(Object.entries(script).map(([key, value]) => [key, [value].flat()]));
  const keys = [...left.keys()].sort((a, b) => b.length - a.length);

  const scripted: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const call = `${init?.method} ${url.host}${url.pathname}`;
    const form = init?.method === 'POST' ? (init.body as URLSearchParams) : url.searchParams;
    requests.push({
      call,
      form: Object.fromEntries(
        [...new Set(form.keys())].map((key) => {
          const values = form.getAll(key);
          return [key, values.length > 1 ? values : (values[0] ?? '')];
        }),
      ),
      webhookEnabled: new Headers(init?.headers).get('x-twilio-webhook-enabled') === 'true',
    });
    const answers = left.get(keys.find((key) => call.startsWith(key)) ?? '');
    const next = answers !== undefined && answers.length > 1 ? answers.shift() : answers?.[0];
    if (next === undefined) throw new Error(`no answer in the script for ${call}`);
    return Response.json(next.body, { status: next.status ?? 200 });
  };
  const rest = createTwilioRest({
    credentials: async () => ({ user: 'SK1', password: 'made-up-secret' }),
    fetch: scripted,
  });
  return { rest, requests };
}
