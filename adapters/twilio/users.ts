/** Users of the chat service, as Conversations shows them: agents and customers. */
import * as v from 'valibot';
import type { ConversationsConfig } from './conversations-config.ts';
import { NAME_TIMEOUT_MS, type NamedUser } from './display-names.ts';
import { CONVERSATIONS_HOST } from './hosts.ts';
import type { TwilioRest } from './rest-client.ts';
import { path } from './twilio-path.ts';
import { unlessUnknown } from './unless-unknown.ts';

export const UserSchema = v.pipe(
  v.object({ friendly_name: v.nullish(v.string(), ''), attributes: v.nullish(v.string(), '') }),
  v.transform(
    ({ friendly_name, attributes }): NamedUser => ({ friendlyName: friendly_name, attributes }),
  ),
);

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
