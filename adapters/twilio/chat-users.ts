import * as v from 'valibot';
import type { ProgrammableChatConfig } from './chat-config.ts';
import { ExpiringCache } from './expiring-cache.ts';
import { CHAT_HOST } from './hosts.ts';
import type { TwilioRest } from './rest-client.ts';
import { path } from './twilio-path.ts';
import { unlessUnknown } from './unless-unknown.ts';

/** A webhook is to be answered within 5 s, and a name may be looked up on its way. */
const TIMEOUT_MS = 1_500;

const TTL_MS = 10 * 60_000;
const MAX_CACHED = 500;

const UserSchema = v.object({ friendly_name: v.nullish(v.string(), '') });

/** Users of the chat service: customers and agents. */
export interface ChatUsers {
  /** @returns the friendly name, perhaps empty; undefined when there is no such user. */
  findName(identity: string): Promise<string | undefined>;
}

/** Asks Twilio and remembers in memory, those who are no users as well. */
export function createChatUsers(
  rest: TwilioRest,
  { chatServiceSid }: ProgrammableChatConfig,
  now: () => number = Date.now,
): ChatUsers {
  const cache = new ExpiringCache<{ readonly name: string | undefined }>(MAX_CACHED, now);

  const read = (identity: string): Promise<string | undefined> =>
    unlessUnknown(undefined, async () => {
      const user = await rest({
        method: 'GET',
        host: CHAT_HOST,
        path: path`/v2/Services/${chatServiceSid}/Users/${identity}`,
        answer: UserSchema,
        timeoutMs: TIMEOUT_MS,
      });
      return user.friendly_name;
    });

  return {
    async findName(identity) {
      if (identity === '') return undefined;
      const cached = cache.get(identity);
      if (cached !== undefined) return cached.name;
      const name = await read(identity);
      cache.set(identity, { name }, TTL_MS);
      return name;
    },
  };
}
