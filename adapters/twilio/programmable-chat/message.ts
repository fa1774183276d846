import * as v from 'valibot';
import type { FlexMessage } from '#core/flex';
import { contentFields } from '../channel/content-fields.ts';
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
  from: looseText(SYSTEM_AUTHOR),
  body: looseText(''),
  media: v.fallback(v.nullish(mediaSchema), undefined),
  attributes: looseText(''),
  date_created: timeSchema,
  date_updated: timeSchema,
});

export type StoredMessage = v.InferOutput<typeof MessageSchema>;

/** @param agents authors who are agents: the message itself does not tell. */
export function toFlexMessage(message: StoredMessage, agents: ReadonlySet<string>): FlexMessage {
  const { index, from, body, media, attributes, date_created } = message;
  const files = filesAmong(media ? [media] : []);
  return {
    index,
    author: from,
    role: roleOf(from, agents.has(from)),
    body,
    sentAtMs: date_created ?? Date.now(),
    ...editedAt(date_created, message.date_updated),
    ...clientMessageIdOf(attributes),
    ...contentFields(attributes),
    ...(files.length > 0 && { media: files }),
  };
}
