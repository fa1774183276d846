import type { ProgrammableChatConfig } from './chat-config.ts';
import { NAME_TIMEOUT_MS, type NamedUser } from './display-names.ts';
import { ExpiringCache } from './expiring-cache.ts';
import { CHAT_HOST } from './hosts.ts';
import type { TwilioRest } from './rest-client.ts';
import { path } from './twilio-path.ts';
import { unlessUnknown } from './unless-unknown.ts';
import { UserSchema } from './users.ts';

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
