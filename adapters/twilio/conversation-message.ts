import * as v from 'valibot';
import type { FlexMessage } from '#core/flex';
import { clientMessageIdOf, roleOf, SYSTEM_AUTHOR, timeSchema } from './message-fields.ts';

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
    ...(typeof participant_sid === 'string' && { participantSid: participant_sid }),
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
