import * as v from 'valibot';
import type { FlexMessage } from '#core/flex';
import { type ClientMessageId, clientMessageId } from '#core/ids';

/** The author of messages that nobody in particular sends. */
export const SYSTEM_AUTHOR = 'system';

/** A point in time as Twilio writes it, to the second or the millisecond; in milliseconds. */
export const timeSchema = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => Date.parse(text)),
);

/** A message as REST shows it. */
export const MessageSchema = v.object({
  index: v.pipe(v.number(), v.safeInteger()),
  author: v.nullish(v.string(), SYSTEM_AUTHOR),
  participant_sid: v.nullish(v.string()),
  body: v.nullish(v.string(), ''),
  media: v.nullish(
    v.array(
      v.object({
        sid: v.string(),
        filename: v.nullish(v.string(), ''),
        content_type: v.string(),
        size: v.number(),
      }),
    ),
    [],
  ),
  attributes: v.nullish(v.string(), ''),
  date_created: timeSchema,
});

export function toFlexMessage(message: v.InferOutput<typeof MessageSchema>): FlexMessage {
  const { index, author, body, media, attributes, date_created, participant_sid } = message;
  return {
    index,
    author,
    role: roleOf(author, typeof participant_sid === 'string'),
    body,
    sentAtMs: date_created,
    ...clientMessageIdOf(attributes),
    ...(media.length > 0 && {
      media: media.map(({ sid, filename, content_type, size }) => ({
        id: sid,
        filename,
        contentType: content_type,
        size,
      })),
    }),
  };
}

/** @param isPerson Flex says that a participant wrote it. */
export function roleOf(author: string, isPerson: boolean): FlexMessage['role'] {
  if (author === SYSTEM_AUTHOR) return 'system';
  return isPerson ? 'agent' : 'bot';
}

const ClientMessageIdSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ clientMessageId: v.string() }),
);

/** Attributes are anybody's text: what is not ours has no id. */
export function clientMessageIdOf(attributes: string): { clientMessageId?: ClientMessageId } {
  const parsed = v.safeParse(ClientMessageIdSchema, attributes);
  return parsed.success ? { clientMessageId: clientMessageId(parsed.output.clientMessageId) } : {};
}
