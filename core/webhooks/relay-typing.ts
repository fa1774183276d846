import { type Published, type PublishPorts, publish } from '#core/connections/publish';
import { ChatError } from '#core/errors';
import type { FlexNames } from '#core/flex';
import type { ChannelSid } from '#core/ids';
import { presentIn } from '#core/participants';
import type { ChannelIndex, FlexUsers, SessionStore } from '#core/ports';
import type { RateLimiter } from '#core/rate-limiter';
import { agentName } from '#core/transcript/authorship';

export interface RelayTypingPorts extends PublishPorts {
  readonly flexUsers: FlexUsers;
  readonly channels: ChannelIndex;
  readonly sessions: SessionStore;
  readonly names: FlexNames;
  /** Counts by agent and channel. */
  readonly signals: RateLimiter;
}

/** Twice the pause of the plugin, which tells of it every 3 s. */
const SHOWN_MS = 6_000;

/**
 * Tells the customer that an agent is writing. Nothing that the request says is believed but the
 * token: the agent it belongs to has to be in the chat, as its webhooks have told.
 *
 * @throws ChatError `FORBIDDEN`, the same whatever is wrong; `TOO_FAST`; as `FlexUsers.identify`.
 */
export async function relayTyping(
  ports: RelayTypingPorts,
  { token, channelSid }: { readonly token: string; readonly channelSid: ChannelSid },
  nowMs: number,
): Promise<Published> {
  const identity = await ports.flexUsers.identify(token);
  if (ports.signals.admit(`${identity} ${channelSid}`, nowMs) !== 'admitted') {
    throw new ChatError('TOO_FAST', 'an agent signals too often');
  }
  const pointer = await ports.channels.find(channelSid, nowMs);
  const record = pointer && (await ports.sessions.find(pointer.sessionId, nowMs));
  const chat = record?.session.chat;
  if (record === undefined || chat?.state !== 'open' || chat.channel.sid !== channelSid) {
    throw new ChatError('FORBIDDEN', `no open chat in ${channelSid}`);
  }
  if (!presentIn(record.participants, chat.number).includes(identity)) {
    throw new ChatError('FORBIDDEN', `the agent is not in ${channelSid}`);
  }
  const name = agentName(ports.names, record.participants, identity);
  const event = { type: 'typing', chat: chat.number, name, expiresInMs: SHOWN_MS } as const;
  return publish(ports, record, event, nowMs);
}
