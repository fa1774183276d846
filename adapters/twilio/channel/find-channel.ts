import * as v from 'valibot';
import type { TwilioRest } from '../rest/rest-client.ts';
import type { TwilioPath } from '../rest/twilio-path.ts';
import { unlessUnknown } from '../rest/unless-unknown.ts';

/**
 * Reads a channel by its service. Twilio answers 404 for a channel that is gone and for one in a
 * service that is not there: the difference is whether all chats have ended or none.
 *
 * @returns undefined when the service does not have the channel.
 * @throws ChatError `MISCONFIGURED` when the account does not have the service.
 */
export async function unlessGone<Channel>(
  rest: TwilioRest,
  service: { readonly host: string; readonly path: TwilioPath },
  read: () => Promise<Channel>,
): Promise<Channel | undefined> {
  const channel = await unlessUnknown<Channel | undefined>(undefined, read);
  if (channel !== undefined) return channel;
  await rest({ ...service, method: 'GET', answer: v.unknown(), notFound: 'MISCONFIGURED' });
  return undefined;
}
