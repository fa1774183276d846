import * as v from 'valibot';
import type { FlexMessage } from '#core/flex';
import {
  clientMessageIdOf,
  indexSchema,
  looseSize,
  looseText,
  roleOf,
  SYSTEM_AUTHOR,
  timeSchema,
  UNKNOWN_TYPE,
} from '../channel/message-fields.ts';

const MediaSchema = v.object({
  sid: looseText(''),
  filename: looseText(''),
  content_type: looseText(UNKNOWN_TYPE),
  size: looseSize,
});

/** A message as REST shows it. Only its place must be told: the rest may be missing or null. */
export const ChatMessageSchema = v.object({
  index: indexSchema,
  from: looseText(SYSTEM_AUTHOR),
  body: looseText(''),
  media: v.fallback(v.nullish(MediaSchema), undefined),
  attributes: looseText(''),
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
    sentAtMs: date_created ?? Date.now(),
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
