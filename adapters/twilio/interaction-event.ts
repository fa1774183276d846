import * as v from 'valibot';
import type { FlexEvent } from '#core/flex';
import { channelSid } from '#core/ids';
import { channelSidSchema } from './channel-sid.ts';
import { readFields, type WebhookForm } from './webhook-form.ts';

const ChannelSchema = v.object({ MediaChannelSid: channelSidSchema });
const ParticipantSchema = v.object({ ...ChannelSchema.entries, ParticipantType: v.string() });
const StatusSchema = v.object({ ...ChannelSchema.entries, ChannelStatus: v.string() });

/** Reads an interaction webhook. Its events carry no time. */
export function parseInteractionEvent(
  eventType: string,
  form: WebhookForm,
  receivedAtMs: number,
): FlexEvent {
  switch (eventType) {
    case 'onParticipantJoined':
    case 'onParticipantLeft': {
      const { MediaChannelSid, ParticipantType } = readFields(form, ParticipantSchema);
      const kind = eventType === 'onParticipantJoined' ? 'joined' : 'left';
      return { kind: ParticipantType === 'agent' ? kind : 'other', channelSid: MediaChannelSid };
    }
    case 'onChannelStatusUpdated': {
      const { MediaChannelSid, ChannelStatus } = readFields(form, StatusSchema);
      // `inactive` is no end: the agent has parked the chat and may resume it.
      return ChannelStatus === 'closed'
        ? { kind: 'ended', channelSid: MediaChannelSid, by: 'agent', atMs: receivedAtMs }
        : { kind: 'other', channelSid: MediaChannelSid };
    }
    default:
      // A channel that could not be created may have no SID.
      return { kind: 'other', channelSid: channelSid(String(form['MediaChannelSid'] ?? '')) };
  }
}
