/** Which account credentials belong to. */
import { CommandError } from '../command.ts';
import { explained } from '../failures/describe.ts';
import type { Twilio } from './client.ts';

/**
 * Asks Conversations, since no API key of type Standard may read the account itself.
 * Source: https://www.twilio.com/docs/iam/api-keys/keys-in-console
 */
export async function accountOf(twilio: Twilio): Promise<string> {
  const { accountSid } = await twilio.conversations.v1.configuration().fetch();
  return accountSid;
}

/**
 * An API key works in its own account, whichever account the file names.
 * @throws CommandError when the two are not the same.
 */
export async function refuseOtherAccount(twilio: Twilio, wanted: string): Promise<void> {
  const actual = await explained('Account', () => accountOf(twilio));
  if (actual === wanted) return;
  throw new CommandError(
    `The credentials belong to account ${actual}, but twilio.accountSid names ${wanted}. Nothing was changed. ` +
      'Set the API key of that account, or correct twilio.accountSid.',
  );
}
