import type { Profile } from '#protocol/frames';
import { HIGHEST_MAX_BODY_BYTES } from '#protocol/limits';
import { insist } from './basics/errors.ts';
import { isSecurePage, type SessionScope } from './platform/default-environment.ts';
import type { Environment } from './platform/environment.ts';

/** What a client has to be told, and whatever of its environment is to be replaced. */
export interface ChatClientOptions extends Partial<Environment> {
  /** The stack output `CustomerSocketUrl`. */
  readonly url: string;
  /** Shown to the agent when the chat opens; one that can't be used is left out, and told by `problem`. */
  readonly profile?: Profile;
  /** UTF-8 bytes, as configured in the stack. Default: 8192. */
  readonly maxBodyBytes?: number;
  /** Default: `browser`. */
  readonly scope?: SessionScope;
}

/** Browsers trust the machine they run on. */
const INSECURE = /^ws:\/\/(?!(localhost|127\.[\d.]+|\[::1])([:/]|$))/i;

/** What it says of itself, and all of `Environment`. */
const NAMES = (
  'url profile maxBodyBytes scope createSocket timers storage random nowMs newId ' +
  'tabId broadcast locks wake leave isVisible upload'
).split(' ');

/**
 * Refuses what would fail later without a word: a browser gets no connection through to such an
 * address, or throws at the attempt.
 * @throws ChatClientError `bad_argument` that names the option.
 */
export function checkOptions(options: ChatClientOptions): void {
  const { url, scope, maxBodyBytes = 1 } = options;
  for (const name of Object.keys(options)) insist(NAMES.includes(name), `no option ${name}`);
  const isAddress = /^wss?:\/\/[^\s#]+$/i.test(url);
  insist(isAddress && !(INSECURE.test(url) && isSecurePage()), 'url: wss://…, without #');
  insist([undefined, 'browser', 'tab'].includes(scope), 'scope: browser or tab');
  insist(
    maxBodyBytes > 0 && maxBodyBytes <= HIGHEST_MAX_BODY_BYTES,
    `maxBodyBytes: 1 to ${HIGHEST_MAX_BODY_BYTES}`,
  );
}
