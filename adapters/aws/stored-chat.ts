/** A chat as the session item holds it, and under which names. */
import * as v from 'valibot';
import { channelSid } from '#core/ids';
import type { Channel, Chat } from '#core/session';

type ChannelField = keyof Channel;

const ChannelSchema = v.pipe(
  v.object({
    sid: v.pipe(v.string(), v.transform(channelSid)),
    interactionSid: v.exactOptional(v.string()),
    interactionChannelSid: v.exactOptional(v.string()),
    taskSid: v.exactOptional(v.string()),
    awaitedSinceMs: v.exactOptional(v.number()),
    servedAtMs: v.exactOptional(v.number()),
    doubtedSinceMs: v.exactOptional(v.number()),
    wasServed: v.exactOptional(v.literal(true)),
    isPaused: v.exactOptional(v.literal(true)),
    isRerouting: v.exactOptional(v.literal(true)),
    participantSid: v.exactOptional(v.string()),
  }),
  v.transform(({ doubtedSinceMs: unverifiedSinceMs, ...channel }) => ({
    ...channel,
    ...(unverifiedSinceMs !== undefined && { unverifiedSinceMs }),
  })),
);

export const ChatSchema = v.variant('state', [
  v.object({ number: v.number(), state: v.literal('none') }),
  v.object({
    number: v.number(),
    state: v.picklist(['open', 'ended']),
    channel: ChannelSchema,
    endRequestedByCustomer: v.exactOptional(v.literal(true)),
    endRequestedBySystem: v.exactOptional(v.literal(true)),
    reroutes: v.exactOptional(v.number()),
  }),
]);

export function toStoredChat(chat: Chat): object {
  if (chat.state === 'none') return chat;
  const channel = Object.entries(chat.channel).map(([field, value]) => [
    storedField(field as ChannelField),
    value,
  ]);
  return { ...chat, channel: Object.fromEntries(channel) };
}

/** One field keeps, in the table, the name that it had first: sessions of earlier versions hold it. */
export function storedField(field: ChannelField): string {
  return field === 'unverifiedSinceMs' ? 'doubtedSinceMs' : field;
}
