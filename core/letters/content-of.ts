import { ChatError } from '#core/errors';
import type { UploadedFiles } from '#core/files/file-ports';
import type { CustomerMessage, FlexFiles } from '#core/flex';
import type { PostLetter } from '#core/ports';

interface ContentPorts {
  /** Absent: files are off, although some may still be under way. */
  readonly files?: Pick<UploadedFiles, 'read'>;
  readonly flex: FlexFiles;
}

/**
 * Gives what a letter posts. A file is brought to Flex before, once for each delivery of its letter:
 * one that was cut off then leaves a file in Flex that stands in no message, and nobody sees it.
 *
 * @throws ChatError `FILE_GONE`, `NOT_SUPPORTED`, and those of the back end.
 */
export function contentOf(ports: ContentPorts, letter: PostLetter): () => Promise<CustomerMessage> {
  if (letter.kind === 'message') {
    const { id, body, attributes, choice } = letter;
    const extras = { ...(attributes && { attributes }), ...(choice && { choice }) };
    return async () => ({ id, body, ...extras });
  }
  let uploaded: Promise<CustomerMessage> | undefined;
  return () => {
    uploaded ??= upload(ports, letter);
    return uploaded;
  };
}

async function upload(
  { files, flex }: ContentPorts,
  { id, filename, contentType, ...ref }: Extract<PostLetter, { kind: 'file' }>,
): Promise<CustomerMessage> {
  if (files === undefined) throw new ChatError('NOT_SUPPORTED', 'files are off in this stage');
  const bytes = await files.read(ref);
  if (bytes === undefined) throw new ChatError('FILE_GONE', `the file of message ${id}`);
  return { id, mediaId: await flex.uploadFile({ filename, contentType, bytes }) };
}
