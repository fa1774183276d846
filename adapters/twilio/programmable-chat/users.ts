import { ExpiringCache } from '../flex/expiring-cache.ts';
import { type NamedUser, readUser } from '../flex/read-user.ts';
import { PROGRAMMABLE_CHAT_HOST } from '../rest/hosts.ts';
import type { TwilioRest } from '../rest/rest-client.ts';
import { path } from '../rest/twilio-path.ts';
import type { ProgrammableChatConfig } from './config.ts';

const TTL_MS = 10 * 60_000;
const MAX_CACHED = 500;

/** Users of the chat service: customers and agents. */
export interface ServiceUsers {
  /** @returns undefined when there is no such user. */
  find(identity: string): Promise<NamedUser | undefined>;
}

/** Asks Twilio and remembers in memory, those who are no users as well. */
export function createServiceUsers(
  rest: TwilioRest,
  { chatServiceSid }: ProgrammableChatConfig,
  now: () => number = Date.now,
): ServiceUsers {
  const cache = new ExpiringCache<{ readonly user: NamedUser | undefined }>(MAX_CACHED, now);
  return {
    async find(identity) {
      if (identity === '') return undefined;
      const cached = cache.get(identity);
      if (cached !== undefined) return cached.user;
      const user = await readUser(rest, {
        host: PROGRAMMABLE_CHAT_HOST,
        path: path`/v2/Services/${chatServiceSid}/Users/${identity}`,
      });
      cache.set(identity, { user }, TTL_MS);
      return user;
    },
  };
}
