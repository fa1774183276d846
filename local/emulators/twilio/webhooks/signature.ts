import { createHmac } from 'node:crypto';

/**
 * `X-Twilio-Signature` of a form post: HMAC-SHA1 over the URL as Twilio was told it (without
 * fragment) followed by each name and value, names sorted by code unit; Base64.
 * Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function signWebhook(
  authToken: string,
  url: string,
  form: Readonly<Record<string, string>>,
): string {
  const names = Object.keys(form).sort();
  const signed = withoutFragment(url) + names.map((name) => `${name}${form[name]}`).join('');
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}

export const withoutFragment = (url: string): string => url.split('#', 1)[0] ?? '';
