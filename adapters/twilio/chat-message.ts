import * as v from 'valibot';
import type { FlexMessage } from '#core/flex';
import { clientMessageIdOf, roleOf, SYSTEM_AUTHOR, timeSchema } from './message-fields.ts';

/** A message as REST shows it. */
export const ChatMessageSchema = v.object({
  index: v.pipe(v.number(), v.safeInteger()),
  from: v.nullish(v.string(), SYSTEM_AUTHOR),
  body: v.nullish(v.string(), ''),
  media: v.nullish(
    v.object({
      sid: v.string(),
      filename: v.nullish(v.string(), ''),
      content_type: v.string(),
      size: v.number(),
    }),
  ),
  attributes: v.nullish(v.string(), ''),
  date_created: timeSchema,
});

export type ChatMessage = v.InferOutput<typeof ChatMessageSchema>;

/** @param isPerson an agent wrote it: the message itself does not tell. */
export function toFlexMessage(message: ChatMessage, isPerson: boolean): FlexMessage {
  const { index, from, body, media, attributes, date_created } = message;
  return {
    index,
    author: from,
    role: roleOf(from, isPerson),
    body,
    sentAtMs: date_created,
    ...clientMessageIdOf(attributes),
    ...(media && {
      media: [
        {
          id: media.sid,
          filename: media.filename,
          contentType: media.content_type,
          size: media.size,
        },
      ],
    }),
  };
}
