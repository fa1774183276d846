import type { FlexNames } from '#core/flex';
import { ExpiringCache } from './expiring-cache.ts';

export interface FallbackNames {
  readonly agent: string;
  readonly bot: string;
}

const FOUND_TTL_MS = 10 * 60_000;
const FAILED_TTL_MS = 30_000;
const MAX_CACHED = 500;

/**
 * Names agents by what `readName` finds for their identity, cached in memory.
 *
 * Identities of agents are worker names, often e-mail addresses in disguise
 * (`ann_40example_2Ecom`): a name that gives one away is not used.
 *
 * @param readName the friendly name of a user; may throw.
 */
export function createDisplayNames(
  readName: (identity: string) => Promise<string>,
  fallback: FallbackNames,
  now: () => number = Date.now,
): FlexNames {
  const cache = new ExpiringCache<string>(MAX_CACHED, now);
  const remember = (identity: string, name: string, ttlMs: number): string => {
    cache.set(identity, name, ttlMs);
    return name;
  };

  return {
    async displayName(author, role) {
      if (role !== 'agent') return fallback.bot;
      if (author === '') return fallback.agent;
      const cached = cache.get(author);
      if (cached !== undefined) return cached;
      try {
        const name = (await readName(author)).trim();
        return remember(author, isShowable(name, author) ? name : fallback.agent, FOUND_TTL_MS);
      } catch {
        return remember(author, fallback.agent, FAILED_TTL_MS);
      }
    },
  };
}

function isShowable(name: string, identity: string): boolean {
  const looksEncoded = /_(2[0-9a-f]|40)/i.test(name);
  const isAddress = name.includes('@');
  const isIdentity = plain(name) === plain(identity);
  return name !== '' && !looksEncoded && !isAddress && !isIdentity;
}

/** Flex writes characters that an identity can't hold as `_` and their code: `.` is `_2E`. */
function plain(identity: string): string {
  return identity
    .replace(/_([0-9a-f]{2})/gi, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    )
    .toLowerCase();
}
