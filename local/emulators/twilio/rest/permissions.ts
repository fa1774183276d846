import type { ApiKeyType } from '../options.ts';
import { TwilioError } from './twilio-error.ts';

/**
 * Accounts and API keys, under any of their addresses. What belongs to an account has a longer
 * path than these and is open to every key.
 */
const FOR_MAIN_KEYS: Readonly<Record<string, RegExp>> = {
  'api.twilio.com': /^\/2010-04-01\/Accounts(\/[^/]+)?(\/(Signing)?Keys(\/[^/]+)?)?(\.json)?$/,
  'iam.twilio.com': /^\/v1\/(Accounts|Keys)(\/(?!AC[0-9a-f]{32}\/Tokens\/validate$)|$)/,
};

/** Of the products that are simulated; the documentation lists neither Conversations nor Flex. */
const FOR_RESTRICTED_KEYS = ['studio.twilio.com', 'taskrouter.twilio.com'];

/**
 * Refuses what a key of this type may not do, before it is asked whether there is such a resource.
 * The status for a restricted key is documented, the code in the body is `unconfirmed`.
 * Source: https://www.twilio.com/docs/iam/api-keys/keys-in-console
 * https://www.twilio.com/docs/iam/api-keys/restricted-api-keys
 * @throws TwilioError 20003 with 401 for an account or a key, 20403 with 403 for a product.
 */
export function assertPermitted(type: ApiKeyType, host: string, path: string): void {
  if (type === 'main') return;
  if (FOR_MAIN_KEYS[host]?.test(path)) {
    throw new TwilioError(401, 20003, 'Authentication Error - invalid username');
  }
  if (type === 'restricted' && !FOR_RESTRICTED_KEYS.includes(host)) {
    throw new TwilioError(403, 20403, 'Forbidden');
  }
}
