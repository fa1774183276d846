import { type ChatModel, withOutbox } from '../model/chat-model.ts';
import {
  addEntry,
  address,
  discardFailed,
  type OutboxEntry,
  retryFailed,
} from '../model/outbox.ts';
import type { Command } from './command.ts';

export type OutboxCommand = Extract<Command, { name: 'add' | 'retry' | 'discard' }>;

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
      return withOutbox(model, discardFailed(outbox, command.id));
  }
}

function add(model: ChatModel, entry: OutboxEntry): ChatModel {
  // A tab that was cut off may offer what has long been delivered.
  if (model.transcript.some(({ id }) => id === entry.id)) return model;
  const state = entry.state === 'failed' ? 'failed' : 'queued';
  const outbox = addEntry(model.outbox, { ...entry, state });
  // A tab that has just been opened does not know the chat.
  return withOutbox(model, model.chat ? address(outbox, model.chat.number) : outbox);
}
