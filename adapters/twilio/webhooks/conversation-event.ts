import * as v from 'valibot';
import type { FlexEvent } from '#core/flex';
import { channelSid } from '#core/ids';
import { channelSidSchema } from '../channel/channel-sid.ts';
import { contentFields, contentRef } from '../channel/content-fields.ts';
import {
  clientMessageIdOf,
  filesAmong,
  looseCategory,
  looseSize,
  looseText,
  roleOf,
  SYSTEM_AUTHOR,
  timeSchema,
  UNKNOWN_TYPE,
} from '../channel/message-fields.ts';
import { jsonText } from '../rest/json-text.ts';
import { decimal, looseIndex, readFields, type WebhookForm } from './form.ts';
import { cameOrWent, hasRead, type ToldParticipant } from './participant-event.ts';

const ConversationSchema = v.object({ ConversationSid: channelSidSchema });

const MediaListSchema = v.pipe(
  jsonText,
  v.array(
    v.object({
      Sid: looseText(''),
      Filename: looseText(''),
      ContentType: looseText(UNKNOWN_TYPE),
      Size: looseSize,
      // Unconfirmed: no webhook with it has been seen.
      Category: looseCategory,
    }),
  ),
);

const MessageSchema = v.object({
  ...ConversationSchema.entries,
  Index: decimal,
  Author: looseText(SYSTEM_AUTHOR),
  ParticipantSid: looseText(''),
  Source: looseText(''),
  // Twilio leaves it out of media messages.
  Body: looseText(''),
  Media: v.fallback(v.optional(MediaListSchema, '[]'), []),
  Attributes: looseText(''),
  // Unconfirmed: only Twilio's REST answers are documented with it.
  ContentSid: looseText(''),
  DateCreated: timeSchema,
  DateUpdated: timeSchema,
});

const ParticipantSchema = v.pipe(
  v.object({
    ...ConversationSchema.entries,
    Identity: looseText(''),
    ParticipantSid: v.fallback(v.optional(v.string()), undefined),
    LastReadMessageIndex: looseIndex,
  }),
  v.transform(
    (fields): ToldParticipant => ({
      channelSid: fields.ConversationSid,
      identity: fields.Identity,
      participantSid: fields.ParticipantSid,
      readIndex: fields.LastReadMessageIndex,
    }),
  ),
);

const ConversationUpdatedSchema = v.object({
  ...ConversationSchema.entries,
  State: v.fallback(v.optional(v.string()), undefined),
  DateUpdated: timeSchema,
});

const StateUpdatedSchema = v.object({
  ...ConversationSchema.entries,
  StateTo: looseText(''),
  StateUpdated: timeSchema,
  Reason: v.fallback(v.optional(v.string()), undefined),
});

/** Reads a webhook of a conversation, registered on it or on its whole service. */
export function parseConversationEvent(
  eventType: string,
  form: WebhookForm,
  receivedAtMs: number,
): FlexEvent {
  switch (eventType) {
    case 'onMessageAdded':
      return aboutMessage('message', form, receivedAtMs);
    case 'onMessageUpdated':
      return aboutMessage('edited', form, receivedAtMs);
    case 'onMessageRemoved':
      return aboutMessage('deleted', form, receivedAtMs);
    case 'onParticipantAdded':
      return cameOrWent('joined', readFields(form, ParticipantSchema));
    case 'onParticipantRemoved':
      return cameOrWent('left', readFields(form, ParticipantSchema));
    case 'onParticipantUpdated':
      return hasRead(readFields(form, ParticipantSchema));
    case 'onConversationStateUpdated':
      return stateUpdated(form, receivedAtMs);
    case 'onConversationRemoved':
      return removed(form, receivedAtMs);
    case 'onConversationUpdated':
      return conversationUpdated(form, receivedAtMs);
    default:
      return { kind: 'other', channelSid: channelSid('') };
  }
}

function aboutMessage(
  kind: 'message' | 'edited' | 'deleted',
  form: WebhookForm,
  receivedAtMs: number,
): FlexEvent {
  const fields = readFields(form, MessageSchema);
  const { ConversationSid, Index, Author, Body, Media, Attributes, DateCreated } = fields;
  const media = Media.map(toMedia);
  const files = filesAmong(media);
  // SDK: an agent in Flex's own user interface, known as a participant or not. Of a change it is the
  // one who made it.
  const isPerson = fields.ParticipantSid !== '' || (kind === 'message' && fields.Source === 'SDK');
  return {
    kind,
    channelSid: ConversationSid,
    message: {
      index: Index,
      author: Author,
      role: roleOf(Author, isPerson),
      body: Body,
      sentAtMs: DateCreated ?? receivedAtMs,
      ...(kind === 'edited' && { editedAtMs: fields.DateUpdated ?? receivedAtMs }),
      ...(fields.ParticipantSid !== '' && { participantSid: fields.ParticipantSid }),
      ...clientMessageIdOf(Attributes),
      ...contentFields(Attributes),
      ...contentRef(media, fields.ContentSid),
      ...(files.length > 0 && { media: files }),
    },
  };
}

function toMedia(media: v.InferOutput<typeof MediaListSchema>[number]) {
  const { Sid, Filename, ContentType, Size, Category } = media;
  return {
    id: Sid,
    filename: Filename,
    contentType: ContentType,
    size: Size,
    category: Category,
  };
}

/** Only `closed` is the end: `inactive` comes back to life with the next message. */
function stateUpdated(form: WebhookForm, receivedAtMs: number): FlexEvent {
  const { ConversationSid, StateTo, StateUpdated, Reason } = readFields(form, StateUpdatedSchema);
  if (StateTo !== 'closed') return other({ ConversationSid });
  return {
    kind: 'ended',
    channelSid: ConversationSid,
    by: Reason === 'TIMER' ? 'system' : 'agent',
    atMs: StateUpdated ?? receivedAtMs,
  };
}

function conversationUpdated(form: WebhookForm, receivedAtMs: number): FlexEvent {
  const { ConversationSid, State, DateUpdated } = readFields(form, ConversationUpdatedSchema);
  if (State !== 'closed') return other({ ConversationSid });
  return {
    kind: 'ended',
    channelSid: ConversationSid,
    by: 'agent',
    atMs: DateUpdated ?? receivedAtMs,
  };
}

/** What Flex does not have any more has ended. */
function removed(form: WebhookForm, receivedAtMs: number): FlexEvent {
  const { ConversationSid } = readFields(form, ConversationSchema);
  return { kind: 'ended', channelSid: ConversationSid, by: 'system', atMs: receivedAtMs };
}

function other({ ConversationSid }: v.InferOutput<typeof ConversationSchema>): FlexEvent {
  return { kind: 'other', channelSid: ConversationSid };
}
