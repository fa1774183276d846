/** Users of the chat service, as Conversations shows them: agents and customers. */

import { NAME_TIMEOUT_MS } from '../flex/display-names.ts';
import { type NamedUser, UserSchema } from '../flex/named-user.ts';
import { CONVERSATIONS_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { path } from '../rest/twilio-path.ts';
import { unlessUnknown } from '../rest/unless-unknown.ts';
import type { ConversationsConfig } from './config.ts';

/** @returns undefined when there is no such user. */
export function readUser(
  rest: TwilioRest,
  config: ConversationsConfig,
  identity: string,
): Promise<NamedUser | undefined> {
  return unlessUnknown(undefined, () =>
    rest({
      method: 'GET',
      host: CONVERSATIONS_HOST,
      path: userPath(config, identity),
      answer: UserSchema,
      timeoutMs: NAME_TIMEOUT_MS,
    }),
  );
}

export const userPath = ({ chatServiceSid }: ConversationsConfig, identity: string) =>
  path`/v1/Services/${chatServiceSid}/Users/${identity}`;
