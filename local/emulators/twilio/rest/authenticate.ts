import type { ApiKeyType, TwilioAccount } from '../options.ts';
import { TwilioError } from './twilio-error.ts';

/**
 * Basic authentication with the account's SID and auth token, or with an API key's SID and secret.
 * @returns the type of the key; the auth token may do what a Main key may do.
 * @throws TwilioError 20003 for anything else.
 */
export function authenticate(
  { accountSid, authToken, apiKeys }: TwilioAccount,
  authorization: string | undefined,
): ApiKeyType {
  const [scheme, encoded = ''] = (authorization ?? '').split(' ');
  const given = Buffer.from(encoded, 'base64').toString('utf8');
  if (scheme?.toLowerCase() === 'basic') {
    if (given === `${accountSid}:${authToken}`) return 'main';
    const key = apiKeys.find(({ sid, secret }) => given === `${sid}:${secret}`);
    if (key !== undefined) return key.type ?? 'standard';
  }
  throw new TwilioError(401, 20003, 'Authenticate');
}
