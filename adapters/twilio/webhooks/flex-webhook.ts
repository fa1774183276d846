import type { FlexEvent } from '#core/flex';
import { channelSid } from '#core/ids';
import { parseConversationEvent } from './conversation-event.ts';
import type { WebhookForm } from './form.ts';
import { parseInteractionEvent } from './interaction-event.ts';
import { parseProgrammableChatEvent } from './programmable-chat-event.ts';

/** An event about no channel: nothing changes. */
const NOT_OURS: FlexEvent = { kind: 'other', channelSid: channelSid('') };

/**
 * Reads a webhook of Flex: about a conversation, an interaction or a channel of Programmable Chat,
 * whether it was registered there or on the whole service. The SID in it says which of them it is
 * about. The event's name does not: conversations and interactions both have `onParticipantUpdated`.
 *
 * @param receivedAtMs stands in for the time that an event does not tell.
 * @throws ChatError `INVALID_INPUT` that names the field, never its value.
 */
export function parseFlexWebhook(form: WebhookForm, receivedAtMs: number = Date.now()): FlexEvent {
  const { EventType } = form;
  if (typeof EventType !== 'string') return NOT_OURS;
  if ('InteractionSid' in form) return parseInteractionEvent(EventType, form, receivedAtMs);
  if ('ConversationSid' in form) return parseConversationEvent(EventType, form, receivedAtMs);
  // Interaction webhooks have a ChannelSid too, but were taken above.
  if ('ChannelSid' in form) return parseProgrammableChatEvent(EventType, form, receivedAtMs);
  // Events of users belong to no channel.
  return NOT_OURS;
}
