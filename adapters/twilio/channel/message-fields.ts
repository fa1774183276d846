/** What messages of both products have in common, in REST answers and in webhooks. */
import * as v from 'valibot';
import type { FlexMessage } from '#core/flex';
import { type ClientMessageId, clientMessageId } from '#core/ids';
import { jsonText } from '../rest/json-text.ts';
import { richTypeOf } from './content-fields.ts';

/** Twilio's author for messages that nobody in particular wrote. */
export const SYSTEM_AUTHOR = 'system';

/**
 * A point in time as Twilio writes it, to the second or the millisecond; in milliseconds. One
 * that can't be read is undefined: the caller then takes the time of receipt.
 */
export const timeSchema = v.fallback(
  v.optional(
    v.pipe(
      v.string(),
      v.isoTimestamp(),
      v.transform((text) => Date.parse(text)),
      v.safeInteger(),
    ),
  ),
  undefined,
);

/** When a message was changed after it was made; Twilio tells both times of each message. */
export function editedAt(
  createdAtMs: number | undefined,
  updatedAtMs: number | undefined,
): { editedAtMs?: number } {
  const isEdited = createdAtMs !== undefined && updatedAtMs !== undefined;
  return isEdited && updatedAtMs > createdAtMs ? { editedAtMs: updatedAtMs } : {};
}

/** A text that may be missing, null or something else. */
export const looseText = (otherwise: string) =>
  v.fallback(v.nullish(v.string(), otherwise), otherwise);

/** A size in bytes that may be missing, or stand in a text. */
export const looseSize = v.fallback(
  v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.safeInteger(), v.minValue(0)),
  0,
);

/** Of a file whose type is not told. */
export const UNKNOWN_TYPE = 'application/octet-stream';

/** What files are, among the media of a message. */
const FILE_CATEGORY = 'media';

/** The category of what is listed without one is that of files. */
export const looseCategory = looseText(FILE_CATEGORY);

/** One of a message's media as REST shows it. */
export const mediaSchema = v.pipe(
  v.object({
    sid: looseText(''),
    filename: looseText(''),
    content_type: looseText(UNKNOWN_TYPE),
    size: looseSize,
    category: looseCategory,
  }),
  v.transform(({ sid, content_type, ...media }) => ({
    ...media,
    id: sid,
    contentType: content_type,
  })),
);

/**
 * The files among the media of a message. Twilio keeps long texts and rich content there as well,
 * under other categories; which of them REST and webhooks show is not documented.
 */
export function filesAmong<
  Media extends { readonly category: string; readonly contentType: string },
>(media: readonly Media[]): Omit<Media, 'category'>[] {
  return media
    .filter(({ category, contentType }) => category === FILE_CATEGORY && !richTypeOf(contentType))
    .map(({ category: _, ...file }) => file);
}

/** An index, also where it stands in a text. */
export const indexSchema = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number))]),
  v.safeInteger(),
);

/** @param isPerson Flex says that an agent wrote it, rather than a program. */
export function roleOf(author: string, isPerson: boolean): FlexMessage['role'] {
  if (author === SYSTEM_AUTHOR) return 'system';
  return isPerson ? 'agent' : 'bot';
}

const ClientMessageIdSchema = v.pipe(jsonText, v.object({ clientMessageId: v.string() }));

/** Anybody may write attributes: those that are not ours hold no id. */
export function clientMessageIdOf(attributes: string): { clientMessageId?: ClientMessageId } {
  const parsed = v.safeParse(ClientMessageIdSchema, attributes);
  return parsed.success ? { clientMessageId: clientMessageId(parsed.output.clientMessageId) } : {};
}
