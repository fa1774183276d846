import twilio from 'twilio';
import { WEBHOOK_PATHS } from '#adapters/twilio/webhooks/paths';
import { isAuthToken } from '../twilio/credentials.ts';
import type { Finding, OfflineCheck, Subject } from './check.ts';

const FIELD = 'operations.webhookUrl';
/** How long Twilio waits. Source: https://www.twilio.com/docs/conversations-classic/conversations-webhooks */
const TWILIO_WAITS_MS = 5000;
const TIMEOUT_MS = 12_000;

interface Reply {
  readonly status: number;
  readonly tookMs: number;
}

/**
 * Sends the deployed stack an event that belongs to no chat, once with a wrong signature and,
 * given the auth token, once with a right one; then no events at all, as Event Streams would.
 */
export const webhookRoundTrip: OfflineCheck = {
  name: 'webhook round trip',
  needs: [],
  isLive: false,
  async run(subject) {
    if (subject.webhookUrl === undefined) return [notDeployed()];
    const url = `${subject.webhookUrl}/${WEBHOOK_PATHS.channelUpdate}/doctor`;
    try {
      return await roundTrip(url, subject);
    } catch (error) {
      // fetch tells the reason in the cause.
      return [unreachable(url, ((error as Error).cause ?? error) as Error)];
    }
  },
};

async function roundTrip(url: string, subject: Subject): Promise<Finding[]> {
  const { credentials, draft } = subject;
  const form = {
    EventType: 'onUserUpdated',
    AccountSid: draft.twilio?.accountSid ?? '',
    Source: 'API',
  };
  const findings = aboutForged(url, await post(url, form, 'Zm9yZ2VkIHNpZ25hdHVyZQ=='));
  if (findings.length > 0) return findings;
  const { authToken } = credentials;
  if (authToken === undefined || !isAuthToken(authToken)) return [halfChecked()];
  const signature = twilio.getExpectedTwilioSignature(authToken, url, form);
  const signed = aboutSigned(url, await post(url, form, signature));
  return signed.length > 0
    ? signed
    : taskEvents(`${subject.webhookUrl}/${WEBHOOK_PATHS.taskEvent}`, authToken);
}

async function taskEvents(address: string, authToken: string): Promise<Finding[]> {
  const body = '[]';
  const url = `${address}?bodySHA256=${twilio.getExpectedBodyHash(body)}`;
  const { status } = await post(url, body, twilio.getExpectedTwilioSignature(authToken, url, {}));
  if (status >= 200 && status < 300) return [];
  return [
    finding(
      address,
      `it answers ${status} to a well signed request of Event Streams`,
      'deploy this version: an earlier one does not have the address, and chats whose task is gone would stay open',
    ),
  ];
}

/**
 * @param content the fields of a form, or JSON.
 * @throws what `fetch` throws.
 */
async function post(
  url: string,
  content: Record<string, string> | string,
  signature: string,
): Promise<Reply> {
  const startedAt = performance.now();
  const isJson = typeof content === 'string';
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'X-Twilio-Signature': signature,
      ...(isJson && { 'Content-Type': 'application/json' }),
    },
    body: isJson ? content : new URLSearchParams(content),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.arrayBuffer();
  return { status: response.status, tookMs: performance.now() - startedAt };
}

function aboutForged(url: string, { status }: Reply): Finding[] {
  if (status === 403) return [];
  if (status >= 200 && status < 300) {
    return [
      finding(
        url,
        'it accepts a wrong signature',
        'anyone could write into chats: something else than this stack answers there',
      ),
    ];
  }
  return [
    finding(
      url,
      `it answers ${status}, where this stack answers 403 to a wrong signature`,
      cureOfStatus(status),
    ),
  ];
}

function cureOfStatus(status: number): string {
  if (status === 404)
    return 'compare it with the output WebhookUrl of the stack; with a custom domain, check its base path mapping';
  if (status >= 300 && status < 400)
    return 'Twilio signs the address it was given: enter the one that the redirect leads to';
  if (status >= 500)
    return "look into the log of the function FlexWebhook: it can't read its secrets or its settings";
  return 'check what stands before the API: a firewall, a proxy or another mapping';
}

function aboutSigned(url: string, { status, tookMs }: Reply): Finding[] {
  if (status === 403) {
    return [
      finding(
        url,
        "it refuses a signature made with this account's auth token",
        'store the token: npx flex-channel secrets set; if it is stored, the stack signs for another address: operations.webhookUrl has to be the very address that Twilio calls',
      ),
    ];
  }
  if (status < 200 || status >= 300) {
    return [finding(url, `it answers ${status} to a well signed event`, cureOfStatus(status))];
  }
  if (tookMs < TWILIO_WAITS_MS) return [];
  return [
    {
      ...finding(
        url,
        `it took ${Math.round(tookMs)} ms to answer`,
        'try again; if it stays slow, look at the duration of the function FlexWebhook',
      ),
      severity: 'warning',
      expected: 'an answer within 5 s: then Twilio gives up',
    },
  ];
}

const finding = (value: string, problem: string, cure: string): Finding => ({
  severity: 'error',
  field: FIELD,
  value,
  problem,
  expected: 'the public address of the webhook API',
  cure,
});

const unreachable = (url: string, error: Error): Finding =>
  finding(
    url,
    `it can't be reached: ${(error as NodeJS.ErrnoException).code ?? error.message}`,
    'check that the stack is deployed, and that name and certificate of a custom domain are public and valid',
  );

const notDeployed = (): Finding => ({
  severity: 'info',
  field: FIELD,
  problem: 'not checked: there is no WebhookUrl',
  cure: 'after the deployment pass --outputs <file> or --webhook-url <url>',
});

const halfChecked = (): Finding => ({
  severity: 'info',
  field: 'TWILIO_AUTH_TOKEN',
  problem: 'wrong signatures are refused; whether right ones are accepted was not checked',
  cure: 'set TWILIO_AUTH_TOKEN as well, for this run only',
});
