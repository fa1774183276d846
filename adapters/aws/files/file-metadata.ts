/** What an object says of the file in it: signed into the form, so that no customer writes it. */
import * as v from 'valibot';
import type { OfferedFile } from '#core/files/file-ports';
import { clientMessageId, sessionId } from '#core/ids';
import { KNOWN_FILE_TYPES } from '#protocol/file-types';
import { UPLOAD_PREFIX } from './upload-prefix.ts';

const NAME = 'x-amz-meta-filename';
const CHAT = 'x-amz-meta-chat';

/** Metadata is ASCII, and a name may be anything. */
export function metadataOf({ filename, chat }: OfferedFile): Record<string, string> {
  return {
    [NAME]: encodeURIComponent(filename),
    ...(chat !== undefined && { [CHAT]: String(chat) }),
  };
}

/** @param nonce makes the key of each offer another one. */
export function keyOf({ sessionId: session, id }: OfferedFile, nonce: string): string {
  return `${UPLOAD_PREFIX}${session}/${id}/${nonce}`;
}

const KEY = new RegExp(`^${UPLOAD_PREFIX}([\\w-]{1,128})/([\\w-]{1,64})/[\\w-]{1,64}$`);

const HeadersSchema = v.object({
  'content-type': v.picklist(KNOWN_FILE_TYPES),
  'content-range': v.pipe(
    v.string(),
    v.regex(/^bytes 0-\d+\/\d+$/),
    v.transform((range) => Number(range.split('/')[1])),
  ),
  [NAME]: v.pipe(
    v.string(),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      try {
        return decodeURIComponent(dataset.value);
      } catch {
        addIssue({ message: 'no name' });
        return NEVER;
      }
    }),
  ),
  [CHAT]: v.exactOptional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))),
});

/** @returns undefined for an object that no offer of ours made. */
export function fileOf(key: string, headers: Headers): OfferedFile | undefined {
  const [, session, id] = KEY.exec(key) ?? [];
  const parsed = v.safeParse(HeadersSchema, Object.fromEntries(headers));
  if (session === undefined || id === undefined || !parsed.success) return undefined;
  const { [NAME]: filename, [CHAT]: chat, ...told } = parsed.output;
  return {
    sessionId: sessionId(session),
    id: clientMessageId(id),
    filename,
    contentType: told['content-type'],
    size: told['content-range'],
    ...(chat !== undefined && { chat }),
  };
}

export const isUploadKey = (key: string): boolean => KEY.test(key);
