/** How events change the model. Pure. */
import type { ServerEvent } from '#protocol/events';
import { receive } from './arrivals.ts';
import {
  applyChat,
  applyEnd,
  applyIdle,
  applyParticipant,
  applyRead,
  stopTyping,
} from './chat-life.ts';
import type { ChatModel } from './chat-model.ts';
import { applyDeleted, applyEdited } from './edits.ts';
import { markFailed, markSent, type Outbox } from './outbox.ts';
import type { Message } from './transcript.ts';

/** Events that change nothing here, and replies that their request handles, leave the same model. */
export function applyEvent(model: ChatModel, event: ServerEvent): ChatModel {
  switch (event.type) {
    case 'message':
      return applyMessage(model, event);
    case 'messageEdited':
      return applyEdited(model, event);
    case 'messageDeleted':
      return applyDeleted(model, event);
    case 'accepted':
      return withOutbox(model, markSent(model.outbox, event.id));
    case 'rejected':
      return withOutbox(model, markFailed(model.outbox, event.id, event.code));
    case 'participant':
      return event.role === 'customer' ? model : applyParticipant(model, event);
    case 'read':
      return applyRead(model, { chat: event.chat, index: event.index });
    case 'typing':
      return event.chat === model.chat?.number ? { ...model, typing: event.name } : model;
    case 'idle':
      return applyIdle(model, event);
    case 'ended':
      return stopTyping(applyEnd(model, event.chat, event.by));
    default:
      return model;
  }
}

/** The same model when the outbox is the same. */
export function withOutbox(model: ChatModel, outbox: Outbox): ChatModel {
  return outbox === model.outbox ? model : { ...model, outbox };
}

function applyMessage(model: ChatModel, message: Message): ChatModel {
  const received = receive(model, message);
  const read = message.author.name === model.typing ? stopTyping(received) : received;
  return applyChat(read, { number: message.chat, state: 'open' });
}
