import type { SentContent } from '../../content/send-content.ts';
import { TwilioError } from '../../rest/twilio-error.ts';
import { announce, isoMs, type World } from '../../world/world.ts';
import type { Actor, Conversation, Media, Message } from '../model.ts';
import { assertOpen, touch } from './conversation.ts';

export interface NewMessage {
  readonly author: string;
  readonly body?: string | undefined;
  /** Programmable Chat takes a message without text. */
  readonly mayBeEmpty?: boolean;
  readonly media?: readonly Media[] | undefined;
  /** A template, instead of body and media. */
  readonly content?: SentContent | undefined;
  readonly attributes?: string | undefined;
  readonly createdAtMs?: number | undefined;
}

/**
 * Adds a message at the next index. The author need not be a participant.
 * @throws TwilioError 50377 when the conversation is closed, 50503 without body and media.
 */
export function addMessage(
  world: World,
  conversation: Conversation,
  given: NewMessage,
  actor: Actor,
): Message {
  assertOpen(conversation);
  // What Twilio does with a body of blanks is not documented; refusing shows who sends one.
  const { body, media, contentSid } = { ...given, ...given.content };
  if (!body?.trim() && !media && !given.mayBeEmpty) {
    throw new TwilioError(400, 50503, 'A message needs a body');
  }
  const createdAtMs = given.createdAtMs ?? world.nowMs();
  const author = conversation.participants.find(({ identity }) => identity === given.author);
  const message: Message = {
    sid: world.newSid('IM'),
    index: conversation.nextIndex,
    author: author !== undefined && world.namesParticipants() ? author.sid : given.author,
    body: body || null,
    media: media ?? null,
    contentSid,
    attributes: given.attributes ?? '{}',
    participantSid: author?.sid ?? null,
    createdAtMs,
    updatedAtMs: createdAtMs,
    postedBy: actor,
  };
  conversation.nextIndex += 1;
  conversation.messages.push(message);
  for (const { sid } of message.media ?? []) {
    const stored = world.media.get(sid);
    if (stored !== undefined) stored.messageSid = message.sid;
  }
  touch(world, conversation, actor);
  announceMessage(world, conversation, message);
  return message;
}

/** @param onlyForWebhook replays the message to one webhook, whoever posted it. */
export function announceMessage(
  world: World,
  conversation: Conversation,
  message: Message,
  onlyForWebhook?: string,
): void {
  const event = {
    type: 'onMessageAdded',
    conversation,
    actor: message.postedBy,
    fields: messageFields(world, conversation, message),
  };
  if (onlyForWebhook === undefined) announce(world, event);
  else {
    const actor = { ...message.postedBy, firesWebhooks: true };
    announce(world, { ...event, actor, onlyForWebhook });
  }
}

export function updateMessage(
  world: World,
  conversation: Conversation,
  message: Message,
  change: Partial<Pick<Message, 'author' | 'body' | 'attributes'>>,
  actor: Actor,
): void {
  assertOpen(conversation);
  Object.assign(message, change, { updatedAtMs: world.nowMs() });
  const fields = {
    ...messageFields(world, conversation, message),
    DateUpdated: isoMs(message.updatedAtMs),
  };
  announce(world, { type: 'onMessageUpdated', conversation, actor, fields });
}

/** Leaves a gap in the indexes. */
export function deleteMessage(
  world: World,
  conversation: Conversation,
  message: Message,
  actor: Actor,
): void {
  conversation.messages.splice(conversation.messages.indexOf(message), 1);
  const fields = {
    ...messageFields(world, conversation, message),
    DateRemoved: isoMs(world.nowMs()),
  };
  announce(world, { type: 'onMessageRemoved', conversation, actor, fields });
}

/**
 * A message with media comes without the field `Body`, as captured from Flex. Whether a webhook tells
 * the template is not documented.
 */
function messageFields(
  world: World,
  conversation: Conversation,
  message: Message,
): Record<string, string | undefined> {
  const media = message.media?.map(({ sid, filename, contentType, size, category }) => ({
    Sid: sid,
    Filename: filename,
    ContentType: contentType,
    Size: size,
    Category: category,
  }));
  const tellsTemplate = world.unconfirmed().richContent !== 'hidden';
  return {
    ConversationSid: conversation.sid,
    MessagingServiceSid: world.messagingServiceSid,
    MessageSid: message.sid,
    Index: String(message.index),
    DateCreated: isoMs(message.createdAtMs),
    Body: message.body ?? undefined,
    Author: message.author,
    ParticipantSid: message.participantSid ?? undefined,
    Attributes: message.attributes,
    Media: media && JSON.stringify(media),
    ContentSid: tellsTemplate ? message.contentSid : undefined,
  };
}
