/** Everything the client knows about the session, and how each event changes it. Pure. */
import type { ChatState, EventOf, ServerEvent } from '#protocol/events';
import type { Cursor } from '#protocol/frames';
import { beginCatchUp, type CatchUp, continueCatchUp } from './catch-up.ts';
import {
  address,
  EMPTY_OUTBOX,
  markDelivered,
  markFailed,
  markSent,
  moveToNewSession,
  type Outbox,
  resendUnsettled,
} from './outbox.ts';
import {
  addMessages,
  compareCursors,
  EMPTY_TRANSCRIPT,
  type Message,
  type Transcript,
} from './transcript.ts';

/** The chat that messages go to now. */
export interface CurrentChat {
  readonly number: number;
  /** `none`: begins with the first message. */
  readonly state: ChatState;
}

/** Something that happened between messages. */
export interface Notice {
  readonly chat: number;
  /** It happened after the message with this index; -1 is before the first. */
  readonly afterIndex: number;
  readonly event: 'joined' | 'left' | 'ended';
  /** Who joined or left. */
  readonly name?: string;
  /** Who ended the chat; absent when that is not known. */
  readonly by?: EventOf<'ended'>['by'];
}

export interface ChatModel {
  /** Absent until the first `session` reply. */
  readonly sessionId?: string;
  readonly chat?: CurrentChat;
  readonly transcript: Transcript;
  readonly outbox: Outbox;
  readonly notices: readonly Notice[];
  /** Names of the agents in the current chat, as far as this client saw them join. */
  readonly agents: readonly string[];
  /** The agent has read up to here. */
  readonly readUpTo?: Cursor;
  readonly catchUp?: CatchUp;
}

export const EMPTY_MODEL: ChatModel = {
  transcript: EMPTY_TRANSCRIPT,
  outbox: EMPTY_OUTBOX,
  notices: [],
  agents: [],
};

/**
 * @param after the cursor that the answered `hello` carried. Without one, such as in
 * `startChat`, the cursor of a session that goes on stays where it is.
 */
export function applySession(
  model: ChatModel,
  reply: EventOf<'session'>,
  after: Cursor | undefined,
): ChatModel {
  const known = model.sessionId === reply.sessionId;
  const isOther = model.sessionId !== undefined && !known;
  const base: ChatModel = isOther
    ? { ...EMPTY_MODEL, outbox: moveToNewSession(model.outbox, reply.chat.number) }
    : { ...model, outbox: address(model.outbox, reply.chat.number) };
  const withMissed = applyMessages(base, reply.missed);
  return applyChat(
    {
      ...withMissed,
      sessionId: reply.sessionId,
      catchUp: (known && !after && model.catchUp) || beginCatchUp(reply, known ? after : undefined),
    },
    reply.chat,
  );
}

/** After a reconnect, once the reply to `hello` is applied. */
export function resend(model: ChatModel): ChatModel {
  return { ...model, outbox: resendUnsettled(model.outbox) };
}

/** Applies a page that was asked for with the model's own cursor. */
export function applyPage(model: ChatModel, page: EventOf<'history'>): ChatModel {
  const { catchUp, chat } = model;
  if (catchUp === undefined || chat === undefined) return model;
  return {
    ...applyMessages(model, page.messages),
    catchUp: continueCatchUp(catchUp, page, chat.number),
  };
}

/** Events that change nothing here, and replies that their request handles, leave the same model. */
export function applyEvent(model: ChatModel, event: ServerEvent): ChatModel {
  switch (event.type) {
    case 'message':
      return applyChat(applyMessages(model, [event]), { number: event.chat, state: 'open' });
    case 'accepted':
      return { ...model, outbox: markSent(model.outbox, event.id) };
    case 'rejected':
      return { ...model, outbox: markFailed(model.outbox, event.id, event.code) };
    case 'participant':
      return event.role === 'customer' ? model : applyParticipant(model, event);
    case 'read':
      return applyRead(model, { chat: event.chat, index: event.index });
    case 'ended':
      return applyEnd(model, event.chat, event.by);
    default:
      return model;
  }
}

function applyMessages(model: ChatModel, messages: readonly Message[]): ChatModel {
  const echoed = messages.flatMap(({ id }) => (id === undefined ? [] : [id]));
  return {
    ...model,
    transcript: addMessages(model.transcript, messages),
    outbox: echoed.reduce(markDelivered, model.outbox),
  };
}

/** A chat never goes back: not to a lower number, and not from its end. */
function applyChat(model: ChatModel, { number, state }: CurrentChat): ChatModel {
  const chat = model.chat ?? { number, state: 'none' };
  if (number < chat.number) return model;
  if (number > chat.number) {
    return applyChat({ ...model, chat: { number, state: 'none' }, agents: [] }, { number, state });
  }
  if (state === 'ended') return applyEnd({ ...model, chat }, number);
  return chat.state === 'ended' || state === 'none'
    ? { ...model, chat }
    : { ...model, chat: { number, state } };
}

function applyEnd(model: ChatModel, number: number, by?: EventOf<'ended'>['by']): ChatModel {
  if (model.chat !== undefined && number < model.chat.number) return model;
  if (model.chat?.number === number && model.chat.state === 'ended') return model;
  const notice: Notice = {
    chat: number,
    afterIndex: Number.POSITIVE_INFINITY,
    event: 'ended',
    ...(by !== undefined && { by }),
  };
  return {
    ...model,
    chat: { number, state: 'ended' },
    agents: [],
    notices: [...model.notices, notice],
  };
}

function applyParticipant(model: ChatModel, event: EventOf<'participant'>): ChatModel {
  const { chat, name } = event;
  // That everybody leaves an ended chat is no news.
  if (model.chat?.number === chat && model.chat.state === 'ended') return model;
  const last = model.notices.findLast((notice) => notice.chat === chat && notice.name === name);
  if (last?.event === event.event) return model;
  const afterIndex = model.transcript.findLast((message) => message.chat === chat)?.index ?? -1;
  const others = model.agents.filter((agent) => agent !== name);
  return {
    ...model,
    agents: event.event === 'joined' ? [...others, name] : others,
    notices: [...model.notices, { chat, afterIndex, event: event.event, name }],
  };
}

function applyRead(model: ChatModel, readUpTo: Cursor): ChatModel {
  return model.readUpTo !== undefined && compareCursors(readUpTo, model.readUpTo) <= 0
    ? model
    : { ...model, readUpTo };
}
