import type { Code } from '#protocol/codes';
import type { Cursor, Frame, Profile } from '#protocol/frames';
import { withOutbox } from '../model/apply-event.ts';
import type { ChatModel } from '../model/chat-model.ts';
import {
  addEntry,
  assignChat,
  discard,
  markFailed,
  markProgress,
  type OutboxEntry,
  retryFailed,
} from '../model/outbox.ts';

/** What a tab asks of the one that leads, which may be itself. Plain data: it travels between tabs. */
export type Command =
  | { readonly name: 'add'; readonly entry: OutboxEntry }
  | { readonly name: 'retry' | 'discard'; readonly id: string }
  /** The tab that has the file says how much of it is uploaded, or why it can't be. */
  | { readonly name: 'progress'; readonly id: string; readonly progress: number }
  | { readonly name: 'fail'; readonly id: string; readonly code: Code }
  | { readonly name: 'ask'; readonly frame: AskFrame }
  | { readonly name: 'markRead'; readonly index: number }
  | { readonly name: 'setProfile'; readonly profile: Profile }
  | { readonly name: 'readEarlier'; readonly before: Cursor }
  | { readonly name: 'startChat' | 'endChat' | 'typing' | 'wake' };

/** A frame whose reply goes to the tab that asks. */
export type AskFrame = Extract<Frame, { action: 'attach' | 'media' }>;

type OutboxCommand = Extract<Command, { name: 'add' | 'retry' | 'discard' | 'progress' | 'fail' }>;

/** What a command makes of the leader's outbox; a command that does not fit changes nothing. Pure. */
export function applyOutboxCommand(model: ChatModel, command: OutboxCommand): ChatModel {
  const { chat, outbox } = model;
  switch (command.name) {
    case 'add':
      return add(model, command.entry);
    case 'retry':
      if (chat?.state === 'ended') return model;
      return withOutbox(model, retryFailed(outbox, command.id, chat?.number));
    case 'discard':
      return withOutbox(model, discard(outbox, command.id));
    case 'progress':
      return withOutbox(model, markProgress(outbox, command.id, command.progress));
    case 'fail':
      return withOutbox(model, markFailed(outbox, command.id, command.code));
  }
}

function add(model: ChatModel, entry: OutboxEntry): ChatModel {
  // A tab that was cut off may offer what has long been delivered.
  if (model.transcript.some(({ id }) => id === entry.id)) return model;
  const isOnItsWay = entry.state !== 'failed' && entry.state !== 'queued';
  const added: OutboxEntry = isOnItsWay ? { ...entry, state: 'queued' } : entry;
  const outbox = addEntry(model.outbox, added);
  // A tab that has just been opened does not know the chat.
  return withOutbox(model, model.chat ? assignChat(outbox, model.chat.number) : outbox);
}
