/** Who came, went or read: the two products tell it under different names. */
import type { FlexEvent } from '#core/flex';
import type { ChannelSid } from '#core/ids';

export interface ToldParticipant {
  readonly channelSid: ChannelSid;
  /** Empty for participants on a phone number or the like. */
  readonly identity: string;
  /** `MB…` */
  readonly participantSid?: string | undefined;
  /** How far they have read; empty where that is not told. */
  readonly readIndex: number | '';
}

export function cameOrWent(
  kind: 'joined' | 'left',
  { channelSid, identity, participantSid }: ToldParticipant,
): FlexEvent {
  if (identity === '') return { kind: 'other', channelSid };
  return { kind, channelSid, identity, ...(participantSid && { participantSid }) };
}

export function hasRead({ channelSid, identity, readIndex }: ToldParticipant): FlexEvent {
  if (identity === '' || readIndex === '') return { kind: 'other', channelSid };
  return { kind: 'read', channelSid, identity, index: readIndex };
}
