import * as v from 'valibot';
import type { FlexEvent } from '#core/flex';
import { channelSidSchema } from '../channel/channel-sid.ts';
import { contentFields } from '../channel/content-fields.ts';
import {
  clientMessageIdOf,
  looseSize,
  looseText,
  roleOf,
  SYSTEM_AUTHOR,
  timeSchema,
  UNKNOWN_TYPE,
} from '../channel/message-fields.ts';
import { stateOf } from '../programmable-chat/channel.ts';
import { decimal, looseIndex, readFields, type WebhookForm } from './form.ts';
import { cameOrWent, hasRead, type ToldParticipant } from './participant-event.ts';

const ChannelSchema = v.object({ ChannelSid: channelSidSchema });

const MessageSchema = v.object({
  ...ChannelSchema.entries,
  Index: decimal,
  From: looseText(SYSTEM_AUTHOR),
  Source: looseText(''),
  Body: looseText(''),
  Attributes: looseText(''),
  DateCreated: timeSchema,
  DateUpdated: timeSchema,
});

const MediaSchema = v.object({
  MediaSid: looseText(''),
  MediaFilename: looseText(''),
  MediaContentType: looseText(UNKNOWN_TYPE),
  MediaSize: looseSize,
});

const MemberSchema = v.pipe(
  v.object({
    ...ChannelSchema.entries,
    Identity: looseText(''),
    MemberSid: v.fallback(v.optional(v.string()), undefined),
    LastConsumedMessageIndex: looseIndex,
  }),
  v.transform(
    (fields): ToldParticipant => ({
      channelSid: fields.ChannelSid,
      identity: fields.Identity,
      participantSid: fields.MemberSid,
      readIndex: fields.LastConsumedMessageIndex,
    }),
  ),
);

const ChannelUpdatedSchema = v.object({
  ...ChannelSchema.entries,
  Attributes: looseText(''),
  DateUpdated: timeSchema,
});

/**
 * Reads a webhook of Programmable Chat. A Flex chat service fires them for conversations too,
 * and there they bring what Studio's "Send Message" widget says.
 */
export function parseProgrammableChatEvent(
  eventType: string,
  form: WebhookForm,
  receivedAtMs: number,
): FlexEvent {
  switch (eventType) {
    case 'onMessageSent':
      return aboutMessage('message', form, receivedAtMs);
    case 'onMessageUpdated':
      return aboutMessage('edited', form, receivedAtMs);
    case 'onMessageRemoved':
      return aboutMessage('deleted', form, receivedAtMs);
    case 'onMediaMessageSent':
      return mediaMessageSent(form, receivedAtMs);
    case 'onMemberAdded':
      return cameOrWent('joined', readFields(form, MemberSchema));
    case 'onMemberRemoved':
      return cameOrWent('left', readFields(form, MemberSchema));
    case 'onMemberUpdated':
      return hasRead(readFields(form, MemberSchema));
    case 'onChannelDestroyed': {
      // What Flex does not have any more has ended.
      const { ChannelSid: channelSid } = readFields(form, ChannelSchema);
      return { kind: 'ended', channelSid, by: 'system', atMs: receivedAtMs };
    }
    case 'onChannelUpdated':
      return channelUpdated(form, receivedAtMs);
    default:
      return { kind: 'other', channelSid: readFields(form, ChannelSchema).ChannelSid };
  }
}

function aboutMessage<Kind extends 'message' | 'edited' | 'deleted'>(
  kind: Kind,
  form: WebhookForm,
  receivedAtMs: number,
) {
  const fields = readFields(form, MessageSchema);
  const { ChannelSid, Index, From, Source, Body, Attributes, DateCreated, DateUpdated } = fields;
  return {
    kind,
    channelSid: ChannelSid,
    message: {
      index: Index,
      author: From,
      // SDK: an agent in Flex's own user interface. API: the customer, a flow or another program.
      // Of a change it is the one who made it.
      role: roleOf(From, Source === 'SDK'),
      body: Body,
      sentAtMs: DateCreated ?? receivedAtMs,
      ...(kind === 'edited' && { editedAtMs: DateUpdated ?? receivedAtMs }),
      ...clientMessageIdOf(Attributes),
      ...contentFields(Attributes),
    },
  };
}

function mediaMessageSent(form: WebhookForm, receivedAtMs: number): FlexEvent {
  const event = aboutMessage('message', form, receivedAtMs);
  const { MediaSid, MediaFilename, MediaContentType, MediaSize } = readFields(form, MediaSchema);
  const media = [
    { id: MediaSid, filename: MediaFilename, contentType: MediaContentType, size: MediaSize },
  ];
  return { ...event, message: { ...event.message, media } };
}

/** Any change of a channel fires this; only the status tells of the end. */
function channelUpdated(form: WebhookForm, receivedAtMs: number): FlexEvent {
  const { ChannelSid, Attributes, DateUpdated } = readFields(form, ChannelUpdatedSchema);
  return stateOf(Attributes) === 'ended'
    ? { kind: 'ended', channelSid: ChannelSid, by: 'agent', atMs: DateUpdated ?? receivedAtMs }
    : { kind: 'other', channelSid: ChannelSid };
}
