import type { FlexEvent } from '#core/flex';
import type { ChannelIndex, FlexMailbox, SessionStore } from '#core/ports';
import { lookOrder } from '#core/service/look-after-chat';

interface HintPorts {
  readonly channels: ChannelIndex;
  readonly sessions: SessionStore;
  readonly mailbox: FlexMailbox;
}

/** A session's chat is looked after once in this time, however many hints come. */
const HINTS_MS = 30_000;

/**
 * Has somebody look after a chat because of a webhook that nobody has signed. Anybody may have sent
 * it, so nothing that it says is believed: Flex is asked, and what Flex answers counts.
 *
 * @returns `unverified`: a look is ordered, or was in the same half minute.
 */
export async function lookOnHint(
  { channels, sessions, mailbox }: HintPorts,
  event: FlexEvent,
  nowMs: number,
): Promise<'unverified' | 'nothing' | 'unknown'> {
  if (!['left', 'ended', 'unserved'].includes(event.kind)) return 'nothing';
  const pointer = await channels.find(event.channelSid, nowMs);
  if (pointer === undefined) return 'unknown';
  const record = await sessions.find(pointer.sessionId, nowMs);
  const chat = record?.session.chat;
  if (chat?.state !== 'open' || chat.channel.sid !== event.channelSid) return 'nothing';
  const { number } = chat;
  const order = lookOrder({ chat: number, reason: 'unverified' }, nowMs);
  // The mailbox takes one letter under the same key.
  const key = `hint ${number} ${Math.floor(nowMs / HINTS_MS)}`;
  await mailbox.send({ sessionId: pointer.sessionId, ...order }, key);
  return 'unverified';
}
