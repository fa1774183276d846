/** What the plugin shows agents of a customer: it stands in the attributes of the customer's participant. */
import * as v from 'valibot';
import type { FlexSignals } from '#core/flex';
import type { Channel, ChatRef } from '#core/session';
import { CONVERSATIONS_HOST } from '../rest/hosts.ts';
import type { Form, TwilioRest } from '../rest/rest-client.ts';
import { below, path } from '../rest/twilio-path.ts';
import { type ConversationsConfig, conversationPath } from './config.ts';

/** A sign that takes longer comes too late. */
const SIGNAL_TIMEOUT_MS = 2_000;

/** Only `null` says that there is none. */
const HorizonSchema = v.fallback(
  v.object({ last_read_message_index: v.exactOptional(v.nullable(v.unknown())) }),
  {},
);

/**
 * Each write replaces the attributes as a whole: nobody else writes those of this participant.
 * REST writes are silent, so no webhook comes of them.
 */
export function createConversationSignals(
  rest: TwilioRest,
  config: ConversationsConfig,
  participantOf: (channel: Channel, chat: ChatRef) => Promise<string>,
): FlexSignals {
  const update = async (channel: Channel, chat: ChatRef, form: Form) =>
    rest({
      method: 'POST',
      host: CONVERSATIONS_HOST,
      path: below(
        conversationPath(config, channel.sid),
        path`/Participants/${await participantOf(channel, chat)}`,
      ),
      form,
      answer: HorizonSchema,
      timeoutMs: SIGNAL_TIMEOUT_MS,
    });
  return {
    async showTyping(channel, chat, { atMs, seenIndex }) {
      const flexChannel = { typingAt: new Date(atMs).toISOString() };
      const Attributes = JSON.stringify({ flexChannel });
      const { last_read_message_index: horizon } = await update(channel, chat, { Attributes });
      // Agents see "Read" by the horizon of whoever was updated last, which is this participant now.
      if (horizon === null && seenIndex !== undefined) {
        await update(channel, chat, { LastReadMessageIndex: String(seenIndex) });
      }
    },
  };
}
