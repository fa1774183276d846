/** How the replies that list messages, `session` and `history`, change the model. Pure. */
import type { EventOf } from '#protocol/events';
import type { Cursor } from '#protocol/frames';
import { list } from './arrivals.ts';
import { beginCatchUp, continueCatchUp, noticeChat } from './catch-up.ts';
import { applyChat, applyGap, applyRead } from './chat-life.ts';
import { type CatchUp, type ChatModel, EMPTY_MODEL, type LossCause } from './chat-model.ts';
import { applyKept } from './edits.ts';
import { assignChat, moveToNewSession } from './outbox.ts';
import { withProfile } from './profile.ts';
import { compareCursors } from './transcript.ts';
import { beginWindow } from './window.ts';

/**
 * @param after the cursor that the answered `hello` carried. Without one, such as in
 * `startChat`, the cursor of a session that goes on stays where it is.
 * @param cause why this may be another session.
 */
export function applySession(
  model: ChatModel,
  reply: EventOf<'session'>,
  after: Cursor | undefined,
  cause?: LossCause,
): ChatModel {
  const { sessionId, chat, missed, files } = reply;
  const isOther = model.sessionId !== undefined && model.sessionId !== sessionId;
  const base: ChatModel = isOther
    ? { ...emptied(model, cause), outbox: moveToNewSession(model.outbox, chat.number) }
    : { ...model, outbox: assignChat(model.outbox, chat.number) };
  const catchUp = renewCatchUp(base.catchUp, reply, after);
  const { earlier } = reply;
  const isEnd = base.catchUp === undefined && earlier !== undefined;
  const begun = isEnd ? beginWindow(base, chat.number, missed, earlier) : base;
  const listed = applyKept(list({ ...begun, sessionId, catchUp, files }, missed), reply.kept);
  return applyPresence(applyChat(listed, chat), chat.number, chat);
}

function renewCatchUp(
  known: CatchUp | undefined,
  reply: EventOf<'session'>,
  after: Cursor | undefined,
): CatchUp {
  if (known === undefined) return beginCatchUp(reply, undefined);
  if (after === undefined) return noticeChat(known, reply.chat.number);
  const begun = beginCatchUp(reply, after);
  // Events may have moved the cursor on since it was sent.
  return compareCursors(known.cursor, begun.cursor) > 0
    ? { ...begun, cursor: known.cursor }
    : begun;
}

/**
 * Applies a page that was asked for with the model's own cursor.
 * @param knownAgents who was in the chat when the page was asked for; events since then are newer than the page.
 */
export function applyPage(
  model: ChatModel,
  page: EventOf<'history'>,
  knownAgents = model.agents,
): ChatModel {
  const { catchUp, chat } = model;
  if (catchUp === undefined || chat === undefined) return model;
  const { messages, state, earlier } = page;
  const chatNow = { number: page.chat, state };
  // The end of a later chat than the one that is to be read first.
  if (earlier !== undefined && page.chat > catchUp.cursor.chat) return applyChat(model, chatNow);
  const begun = earlier === undefined ? model : beginWindow(model, page.chat, messages, earlier);
  const read = continueCatchUp(catchUp, page, chat.number);
  const listed = applyKept(list({ ...begun, catchUp: read }, messages), page.kept);
  const ofChat = applyChat(page.gap ? applyGap(listed, page) : listed, chatNow);
  const present = applyPresence(ofChat, page.chat, page);
  return model.agents === knownAgents ? present : { ...present, agents: ofChat.agents };
}

/** What another session keeps of the model; the outbox is moved separately. */
export function emptied(model: ChatModel, cause: LossCause = 'unknown'): ChatModel {
  return withProfile({ ...EMPTY_MODEL, replaced: cause }, model.profile);
}

/** Takes over who is in the chat and how far the agent has read, if the server says so. */
function applyPresence(
  model: ChatModel,
  chat: number,
  { agents, readIndex }: { readonly agents?: readonly string[]; readonly readIndex?: number },
): ChatModel {
  const read = readIndex === undefined ? model : applyRead(model, { chat, index: readIndex });
  const isOpen = model.chat?.number === chat && model.chat.state === 'open';
  return agents && isOpen ? { ...read, agents } : read;
}
