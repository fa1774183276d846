/** Who the customer is, as any tab has told last, and whether a page may say so. Pure. */
import type { Profile } from '#protocol/frames';
import { MAX_PROFILE_BYTES, utf8Bytes } from '#protocol/limits';
import { parseObject } from '#protocol/parse-object';
import { ChatClientError } from '../basics/errors.ts';
import type { ChatModel } from './chat-model.ts';

/** The same model when the profile says the same. */
export function withProfile(model: ChatModel, profile: Profile | undefined): ChatModel {
  return isSameProfile(profile, model.profile) ? model : { ...model, profile };
}

/** Comparing texts is enough: a copy keeps the order of its fields. */
export function isSameProfile(a: Profile | undefined, b: Profile | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * @returns a copy, or the problem: the server is sure to refuse it, or the frame would be too
 * large to be refused, and the gateway would close the connection instead.
 */
export function usableProfile(profile: Profile): Profile | ChatClientError {
  const copy = jsonCopy(profile);
  if (copy && utf8Bytes(JSON.stringify(copy)) <= MAX_PROFILE_BYTES) return copy;
  return new ChatClientError(
    copy ? 'too_large' : 'bad_frame',
    `profile: a JSON object of at most ${MAX_PROFILE_BYTES} bytes`,
  );
}

/**
 * A copy of what a page has handed over, as the server will get it: nobody changes it later,
 * and it can travel to other tabs, as a framework's proxies can not.
 * @returns undefined when it can't be told as a JSON object.
 */
export function jsonCopy<Value extends object>(value: Value): Value | undefined {
  try {
    return parseObject(JSON.stringify(value)) as Value | undefined;
  } catch {
    return undefined;
  }
}
