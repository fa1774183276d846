import * as v from 'valibot';
import type { FlexMessage } from '#core/flex';
import { contentFields, contentRef } from '../channel/content-fields.ts';
import {
  clientMessageIdOf,
  editedAt,
  filesAmong,
  indexSchema,
  looseText,
  mediaSchema,
  roleOf,
  SYSTEM_AUTHOR,
  timeSchema,
} from '../channel/message-fields.ts';

/** A message as REST shows it. Only its place must be told: the rest may be missing or null. */
export const MessageSchema = v.object({
  index: indexSchema,
  author: looseText(SYSTEM_AUTHOR),
  participant_sid: v.fallback(v.nullish(v.string()), undefined),
  body: looseText(''),
  media: v.fallback(v.nullish(v.array(mediaSchema), []), []),
  attributes: looseText(''),
  content_sid: looseText(''),
  date_created: timeSchema,
  date_updated: timeSchema,
});

export function toFlexMessage(message: v.InferOutput<typeof MessageSchema>): FlexMessage {
  const { index, author, body, media, attributes, date_created, participant_sid } = message;
  const files = filesAmong(media);
  return {
    index,
    author,
    role: roleOf(author, typeof participant_sid === 'string'),
    body,
    sentAtMs: date_created ?? Date.now(),
    ...editedAt(date_created, message.date_updated),
    ...(typeof participant_sid === 'string' && { participantSid: participant_sid }),
    ...clientMessageIdOf(attributes),
    ...contentFields(attributes),
    ...contentRef(media, message.content_sid),
    ...(files.length > 0 && { media: files }),
  };
}
