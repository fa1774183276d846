import * as v from 'valibot';
import type { FlexEvent } from '#core/flex';
import { type ChannelSid, channelSid } from '#core/ids';
import { channelSidSchema } from '../channel/channel-sid.ts';
import { readFields, type WebhookForm } from './form.ts';

const ChannelSchema = v.object({ MediaChannelSid: channelSidSchema });
const ParticipantSchema = v.object({
  ...ChannelSchema.entries,
  ParticipantType: v.fallback(v.string(), ''),
  TaskSid: v.fallback(v.optional(v.string(), ''), ''),
});
const StatusSchema = v.object({
  ...ChannelSchema.entries,
  ChannelStatus: v.fallback(v.string(), ''),
});

/** Reads an interaction webhook. Its events carry no time. */
export function parseInteractionEvent(
  eventType: string,
  form: WebhookForm,
  receivedAtMs: number,
): FlexEvent {
  // The account's hook also tells of calls and other media, which have no channel of a chat.
  if (!v.is(ChannelSchema, form)) return { kind: 'other', channelSid: channelSid('') };
  switch (eventType) {
    case 'onParticipantJoined':
    case 'onParticipantLeft': {
      const { MediaChannelSid, ParticipantType, TaskSid } = readFields(form, ParticipantSchema);
      const kind = eventType === 'onParticipantJoined' ? 'joined' : 'left';
      if (ParticipantType !== 'agent') return { kind: 'other', channelSid: MediaChannelSid };
      return { kind, channelSid: MediaChannelSid, ...(TaskSid !== '' && { taskSid: TaskSid }) };
    }
    case 'onChannelStatusUpdated': {
      const { MediaChannelSid, ChannelStatus } = readFields(form, StatusSchema);
      if (ChannelStatus === 'failed') return failed(MediaChannelSid, receivedAtMs);
      // `inactive` is no end: the agent has parked the chat and may resume it.
      return ChannelStatus === 'closed'
        ? { kind: 'ended', channelSid: MediaChannelSid, by: 'agent', atMs: receivedAtMs }
        : { kind: 'other', channelSid: MediaChannelSid };
    }
    case 'onChannelCreateFailed':
      return failed(readFields(form, ChannelSchema).MediaChannelSid, receivedAtMs);
    default:
      return { kind: 'other', channelSid: readFields(form, ChannelSchema).MediaChannelSid };
  }
}

/** Twilio had accepted the interaction, and could not make its task. */
function failed(channel: ChannelSid, atMs: number): FlexEvent {
  return { kind: 'unserved', channelSid: channel, reason: 'failed', atMs };
}
