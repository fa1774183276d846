/** Replies and events to the customer: their schemas, types and encoder. A client passes over types and fields that it does not know. */
import * as v from 'valibot';
import { CODES } from './codes.ts';
import { ChoiceSchema, ContentSchema } from './content.ts';

const timestamp = v.pipe(v.string(), v.isoTimestamp());
const chat = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const index = v.pipe(v.number(), v.safeInteger());
const ref = v.exactOptional(v.string());
const code = v.picklist(CODES);
const state = v.picklist(['none', 'open', 'ended']);
const role = v.picklist(['customer', 'agent', 'bot', 'system']);

export const MediaSchema = v.object({
  id: v.string(),
  filename: v.string(),
  contentType: v.string(),
  size: v.number(),
});

const messageFields = {
  chat,
  index,
  id: v.exactOptional(v.string()),
  author: v.object({ role, name: v.string() }),
  body: v.string(),
  media: v.exactOptional(v.array(MediaSchema)),
  /** Says more than `body`, which says the same in plain text. */
  content: v.exactOptional(ContentSchema),
  /** Of the customer's own: which choice of an earlier message it is. */
  choice: v.exactOptional(ChoiceSchema),
  sentAt: timestamp,
  /** Set when the body was cut to fit one event. */
  truncated: v.exactOptional(v.literal(true)),
  /** When it was changed in Flex; of two that differ, the later one counts. */
  editedAt: v.exactOptional(timestamp),
};

/** A message as `history` and `session` list it. */
export const MessageSchema = v.object({ type: v.literal('message'), ref, ...messageFields });

/** A message says something else now. It tells the whole message, as it may overtake the first telling. */
export const MessageEditedSchema = v.object({
  type: v.literal('messageEdited'),
  ref,
  ...messageFields,
  editedAt: timestamp,
});

/** A message is gone from Flex. `id`: the client message id, of the customer's own. */
export const MessageDeletedSchema = v.object({
  type: v.literal('messageDeleted'),
  ref,
  chat,
  index,
  id: v.exactOptional(v.string()),
});

/**
 * Which of the messages up to the cursor Flex still has, as far as this reply's reading came past
 * them: those of `chat` after `from`, up to `upTo`. Others in between are deleted.
 */
const kept = v.exactOptional(
  v.object({
    chat,
    from: index,
    upTo: index,
    indexes: v.array(index),
    /** Those of them that were changed at some time, as they are now. */
    edited: v.array(MessageSchema),
  }),
);

/** Who is in the chat and how far they have read, as the server knows it; absent: it does not say. */
const presence = {
  /** Names of the agents who are in the chat now. */
  agents: v.exactOptional(v.array(v.string())),
  /** The agent has read up to here. */
  readIndex: v.exactOptional(index),
};

/** Whether the chat has messages before the first one listed; given where the latest were asked for. */
const earlier = v.exactOptional(v.boolean());
/** Which files customers may send; absent: none. */
const files = v.exactOptional(
  v.object({
    maxBytes: v.number(),
    /** Such as `image/png`, and how the names of such files end. */
    types: v.record(v.string(), v.array(v.string())),
  }),
);

export const SessionSchema = v.object({
  type: v.literal('session'),
  ref,
  sessionId: v.string(),
  token: v.string(),
  expiresAt: timestamp,
  chat: v.object({ number: chat, state, lastIndex: v.exactOptional(index), ...presence }),
  missed: v.array(MessageSchema),
  complete: v.boolean(),
  earlier,
  kept,
  files,
});

export const AcceptedSchema = v.object({ type: v.literal('accepted'), ref, id: v.string() });

/**
 * The reply to `attach`: the browser posts `fields` and, last, the file as a form to `url`. Once the
 * file is on its way to Flex, `accepted` follows as an event.
 */
export const UploadSchema = v.object({
  type: v.literal('upload'),
  ref,
  id: v.string(),
  url: v.string(),
  fields: v.record(v.string(), v.string()),
  expiresAt: timestamp,
});

/** The reply to `media`: the address is good for some minutes. */
export const MediaReplySchema = v.object({
  type: v.literal('media'),
  ref,
  chat,
  index,
  id: v.string(),
  url: v.string(),
});

export const HistoryReplySchema = v.object({
  type: v.literal('history'),
  ref,
  chat,
  messages: v.array(MessageSchema),
  complete: v.boolean(),
  earlier,
  state,
  ...presence,
  /** Messages between the cursor and the first one listed are left out for good. */
  gap: v.exactOptional(v.literal(true)),
  kept,
});

export const OkSchema = v.object({ type: v.literal('ok'), ref, action: v.string() });

/** `valid`: the token still resumes its session. */
export const TokenSchema = v.object({ type: v.literal('token'), ref, valid: v.boolean() });

export const PongSchema = v.object({ type: v.literal('pong'), ref, now: timestamp });

export const ErrorSchema = v.object({
  type: v.literal('error'),
  ref,
  code,
  message: v.string(),
  id: v.exactOptional(v.string()),
});

export const RejectedSchema = v.object({ type: v.literal('rejected'), ref, id: v.string(), code });

export const ParticipantSchema = v.object({
  type: v.literal('participant'),
  ref,
  chat,
  event: v.picklist(['joined', 'left']),
  role,
  name: v.string(),
});

export const ReadSchema = v.object({ type: v.literal('read'), ref, chat, index });
export const TypingEventSchema = v.object({
  type: v.literal('typing'),
  ref,
  chat,
  name: v.string(),
  /** Show it for so long; 6 s without it. */
  expiresInMs: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
});

/** The chat ends at `endsAt` unless the customer or the agent writes before. */
export const IdleSchema = v.object({ type: v.literal('idle'), ref, chat, endsAt: timestamp });

export const EndedSchema = v.object({
  type: v.literal('ended'),
  ref,
  chat,
  by: v.picklist(['agent', 'customer', 'system']),
  at: timestamp,
});

export const ClosingSchema = v.object({
  type: v.literal('closing'),
  ref,
  reason: v.picklist(['expired', 'revoked', 'abuse', 'restart', 'connection_limit']),
  reconnect: v.boolean(),
});

export const EventSchema = v.variant('type', [
  SessionSchema,
  AcceptedSchema,
  UploadSchema,
  MediaReplySchema,
  HistoryReplySchema,
  OkSchema,
  PongSchema,
  TokenSchema,
  ErrorSchema,
  MessageSchema,
  MessageEditedSchema,
  MessageDeletedSchema,
  RejectedSchema,
  ParticipantSchema,
  ReadSchema,
  TypingEventSchema,
  IdleSchema,
  EndedSchema,
  ClosingSchema,
]);

export type ServerEvent = v.InferOutput<typeof EventSchema>;
export type EventType = ServerEvent['type'];
export type EventOf<Type extends EventType> = Extract<ServerEvent, { type: Type }>;
export type ChatState = v.InferOutput<typeof state>;
export type AuthorRole = v.InferOutput<typeof role>;
export type Kept = NonNullable<EventOf<'history'>['kept']>;
export type FileLimits = NonNullable<EventOf<'session'>['files']>;
export type Media = v.InferOutput<typeof MediaSchema>;

/** @param frameRef the `ref` of the frame that this event answers. */
export function encodeEvent(event: ServerEvent, frameRef?: string): string {
  return JSON.stringify(frameRef === undefined ? event : { ...event, ref: frameRef });
}
