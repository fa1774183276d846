import { NAME_TIMEOUT_MS } from '../flex/display-names.ts';
import { ExpiringCache } from '../flex/expiring-cache.ts';
import { type NamedUser, UserSchema } from '../flex/named-user.ts';
import { CHAT_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { path } from '../rest/twilio-path.ts';
import { unlessUnknown } from '../rest/unless-unknown.ts';
import type { ProgrammableChatConfig } from './config.ts';

const TTL_MS = 10 * 60_000;
const MAX_CACHED = 500;

/** Users of the chat service: customers and agents. */
export interface ChatUsers {
  /** @returns undefined when there is no such user. */
  find(identity: string): Promise<NamedUser | undefined>;
}

/** Asks Twilio and remembers in memory, those who are no users as well. */
export function createChatUsers(
  rest: TwilioRest,
  { chatServiceSid }: ProgrammableChatConfig,
  now: () => number = Date.now,
): ChatUsers {
  const cache = new ExpiringCache<{ readonly user: NamedUser | undefined }>(MAX_CACHED, now);

  const read = (identity: string): Promise<NamedUser | undefined> =>
    unlessUnknown(undefined, () =>
      rest({
        method: 'GET',
        host: CHAT_HOST,
        path: path`/v2/Services/${chatServiceSid}/Users/${identity}`,
        answer: UserSchema,
        timeoutMs: NAME_TIMEOUT_MS,
      }),
    );

  return {
    async find(identity) {
      if (identity === '') return undefined;
      const cached = cache.get(identity);
      if (cached !== undefined) return cached.user;
      const user = await read(identity);
      cache.set(identity, { user }, TTL_MS);
      return user;
    },
  };
}
