import * as v from 'valibot';
import type { TwilioRequest, TwilioRest } from '../rest/rest-client.ts';
import { unlessUnknown } from '../rest/unless-unknown.ts';

/** A webhook is to be answered within 5 s, and a name is looked up on its way. */
export const NAME_TIMEOUT_MS = 1_500;

/** A user of the chat service: an agent or a customer. */
export interface NamedUser {
  readonly friendlyName: string;
  /** JSON text. */
  readonly attributes: string;
}

const UserSchema = v.pipe(
  v.object({ friendly_name: v.nullish(v.string(), ''), attributes: v.nullish(v.string(), '') }),
  v.transform(
    ({ friendly_name, attributes }): NamedUser => ({ friendlyName: friendly_name, attributes }),
  ),
);

/**
 * Reads a user where either product shows it.
 * @returns undefined when there is no such user.
 */
export function readUser(
  rest: TwilioRest,
  user: Pick<TwilioRequest<unknown>, 'host' | 'path'>,
): Promise<NamedUser | undefined> {
  return unlessUnknown<NamedUser | undefined>(undefined, () =>
    rest({ ...user, method: 'GET', answer: UserSchema, timeoutMs: NAME_TIMEOUT_MS }),
  );
}
