/** How chats of a session begin, are joined and left, and end. Pure. */
import type { EventOf } from '#protocol/events';
import type { Cursor } from '#protocol/frames';
import type { ChatModel, CurrentChat } from './chat-model.ts';
import { compareCursors, countBefore } from './transcript.ts';
import { addNotice } from './window.ts';

/** A chat never goes back: not to a lower number, and not from its end. */
export function applyChat(model: ChatModel, { number, state }: CurrentChat): ChatModel {
  const chat = model.chat ?? { number, state: 'none' };
  if (number < chat.number) return model;
  if (number > chat.number) {
    const begun: CurrentChat = { number, state: 'none' };
    return applyChat({ ...model, chat: begun, agents: [], endsAt: undefined }, { number, state });
  }
  if (state === 'ended') return applyEnd({ ...model, chat }, number);
  const isNews = model.chat === undefined || (chat.state === 'none' && state === 'open');
  return isNews ? { ...model, chat: { number, state } } : model;
}

export function applyEnd(model: ChatModel, number: number, by?: EventOf<'ended'>['by']): ChatModel {
  if (model.chat !== undefined && number < model.chat.number) return model;
  if (model.chat?.number === number && model.chat.state === 'ended') return model;
  const ended: CurrentChat = { number, state: 'ended' };
  return addNotice(
    { ...model, chat: ended, agents: [], endsAt: undefined },
    { chat: number, afterIndex: Infinity, event: 'ended', by },
  );
}

/** The chat ends soon, unless somebody writes. */
export function applyIdle(model: ChatModel, { chat, endsAt }: EventOf<'idle'>): ChatModel {
  const isOpen = model.chat?.number === chat && model.chat.state !== 'ended';
  return isOpen ? { ...model, endsAt } : model;
}

/** Before the first message of a page something is left out. */
export function applyGap(model: ChatModel, { chat, messages }: EventOf<'history'>): ChatModel {
  const [first] = messages;
  return first ? addNotice(model, { chat, afterIndex: first.index - 1, event: 'gap' }) : model;
}

export function applyParticipant(model: ChatModel, event: EventOf<'participant'>): ChatModel {
  const { chat, name } = event;
  // That everybody leaves an ended chat is no news.
  if (model.chat?.number === chat && model.chat.state === 'ended') return model;
  const last = model.notices.filter((notice) => notice.chat === chat && notice.name === name).pop();
  if (last?.event === event.event) return model;
  const shown = model.transcript.slice(
    0,
    countBefore(model.transcript, { chat: chat + 1, index: -1 }),
  );
  const said = [...shown.slice(-1), ...model.held].filter((message) => message.chat === chat);
  const afterIndex = Math.max(-1, ...said.map(({ index }) => index));
  const others = model.agents.filter((agent) => agent !== name);
  const agents = event.event === 'joined' ? [...others, name] : others;
  return addNotice({ ...model, agents }, { chat, afterIndex, event: event.event, name });
}

/** The agent has read up to here, at least. */
export function applyRead(model: ChatModel, readUpTo: Cursor): ChatModel {
  return model.readUpTo !== undefined && compareCursors(readUpTo, model.readUpTo) <= 0
    ? model
    : { ...model, readUpTo };
}

/** The customer has read up to here, at least. */
export function applySeen(model: ChatModel, seenUpTo: Cursor): ChatModel {
  return model.seenUpTo !== undefined && compareCursors(seenUpTo, model.seenUpTo) <= 0
    ? model
    : { ...model, seenUpTo };
}

/** @returns how many of the messages of others that are kept the customer has not read. */
export function countUnread({ seenUpTo, transcript }: ChatModel): number {
  const { chat, index } = seenUpTo ?? { chat: 0, index: 0 };
  return transcript
    .slice(countBefore(transcript, { chat, index: index + 1 }))
    .filter(({ author }) => author.role !== 'customer').length;
}

/** Nobody is typing any more. */
export const stopTyping = (model: ChatModel): ChatModel =>
  model.typing === undefined ? model : { ...model, typing: undefined };
