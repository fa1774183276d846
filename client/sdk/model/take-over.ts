import { emptied } from './apply-listing.ts';
import { loseTouch } from './catch-up.ts';
import { stopTyping } from './chat-life.ts';
import type { ChatModel } from './chat-model.ts';
import { failUnconfirmed, type Outbox, withoutSaid } from './outbox.ts';

/**
 * The model that a tab begins to lead with. Pure.
 * @param model what it knew so far, which may be old or of an earlier session.
 * @param sessionId of the session that is resumed, if one is known.
 * @param outbox what is to be sent; replaces the model's.
 */
export function takeOver(
  model: ChatModel,
  sessionId: string | undefined,
  outbox: Outbox,
): ChatModel {
  const known = sessionId ?? model.sessionId;
  const isOfOther = model.sessionId !== undefined && model.sessionId !== known;
  const base = isOfOther ? emptied(model) : stopTyping(loseTouch(model));
  const left = withoutSaid(outbox, base.transcript);
  return known === undefined
    ? { ...base, outbox: failUnconfirmed(left) }
    : { ...base, sessionId: known, outbox: left };
}
