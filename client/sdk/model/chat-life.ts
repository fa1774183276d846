/** How chats of a session begin, are joined and left, and end. Pure. */
import type { EventOf } from '#protocol/events';
import type { Cursor } from '#protocol/frames';
import type { ChatModel, CurrentChat, Notice } from './chat-model.ts';
import { compareCursors } from './transcript.ts';

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
  const notice: Notice = { chat: number, afterIndex: Infinity, event: 'ended', by };
  return {
    ...model,
    chat: { number, state: 'ended' },
    agents: [],
    endsAt: undefined,
    notices: [...model.notices, notice],
  };
}

/** The chat ends soon, unless somebody writes. */
export function applyIdle(model: ChatModel, { chat, endsAt }: EventOf<'idle'>): ChatModel {
  const isOpen = model.chat?.number === chat && model.chat.state !== 'ended';
  return isOpen ? { ...model, endsAt } : model;
}

/** Before the first message of a page something is left out. */
export function applyGap(model: ChatModel, { chat, messages }: EventOf<'history'>): ChatModel {
  const [first] = messages;
  if (first === undefined) return model;
  const notice: Notice = { chat, afterIndex: first.index - 1, event: 'gap' };
  return { ...model, notices: [...model.notices, notice] };
}

export function applyParticipant(model: ChatModel, event: EventOf<'participant'>): ChatModel {
  const { chat, name } = event;
  // That everybody leaves an ended chat is no news.
  if (model.chat?.number === chat && model.chat.state === 'ended') return model;
  const last = model.notices.filter((notice) => notice.chat === chat && notice.name === name).pop();
  if (last?.event === event.event) return model;
  const said = [...model.transcript, ...model.held].filter((message) => message.chat === chat);
  const afterIndex = Math.max(-1, ...said.map(({ index }) => index));
  const others = model.agents.filter((agent) => agent !== name);
  return {
    ...model,
    agents: event.event === 'joined' ? [...others, name] : others,
    notices: [...model.notices, { chat, afterIndex, event: event.event, name }],
  };
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

/** @returns how many messages of others the customer has not read. */
export function countUnread({ seenUpTo, transcript }: ChatModel): number {
  return transcript.filter(
    (message) =>
      message.author.role !== 'customer' && !(seenUpTo && compareCursors(message, seenUpTo) <= 0),
  ).length;
}

/** Nobody is typing any more. */
export const stopTyping = (model: ChatModel): ChatModel =>
  model.typing === undefined ? model : { ...model, typing: undefined };
