import type { TwilioAccount } from '../options.ts';
import { TwilioError } from './twilio-error.ts';

/**
 * Basic authentication with the account's SID and auth token, or with an API key's SID and secret.
 * @throws TwilioError 20003 for anything else.
 */
export function authenticate(account: TwilioAccount, authorization: string | undefined): void {
  const [scheme, encoded = ''] = (authorization ?? '').split(' ');
  const given = Buffer.from(encoded, 'base64').toString('utf8');
  const accepted = [
    `${account.accountSid}:${account.authToken}`,
    ...account.apiKeys.map(({ sid, secret }) => `${sid}:${secret}`),
  ];
  if (scheme?.toLowerCase() === 'basic' && accepted.includes(given)) return;
  throw new TwilioError(401, 20003, 'Authenticate');
}
