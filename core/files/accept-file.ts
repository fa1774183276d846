import { type PublishPorts, publish } from '#core/connections/publish';
import { rejectMessage } from '#core/letters/reject-message';
import type { FlexMailbox, SessionStore } from '#core/ports';
import type { Code } from '#protocol/codes';
import type { FilePolicy, FileRef, OfferedFile, UploadedFiles } from './file-ports.ts';
import { hasType } from './sniff-type.ts';

export interface AcceptPorts extends PublishPorts {
  readonly sessions: SessionStore;
  readonly files: Pick<UploadedFiles, 'start'>;
  readonly mailbox: FlexMailbox;
}

/** What is known of an uploaded file. */
export interface Upload {
  readonly ref: FileRef;
  readonly atMs: number;
  /** The scanner's word; absent where nothing is scanned. Only `clean` lets a file through. */
  readonly scan?: 'clean' | 'unsafe' | 'unknown';
}

export type Acceptance = 'accepted' | 'rejected' | 'gone';

/**
 * Puts an uploaded file into its session's mailbox, behind what the customer has sent before, and
 * says so. A file that is not what was offered, or that the scanner does not call clean, goes no
 * further.
 *
 * May be repeated: the mailbox takes one letter for each content, and a letter that comes twice is
 * posted once.
 *
 * @throws ChatError of the ports; the event has to come again.
 */
export async function acceptFile(
  ports: AcceptPorts,
  { types }: Pick<FilePolicy, 'types'>,
  { ref, atMs, scan = 'clean' }: Upload,
  nowMs: number,
): Promise<Acceptance> {
  const started = await ports.files.start(ref);
  if (started === undefined) return 'gone';
  const { file, start } = started;
  const problem = problemOf(file, start, types, scan);
  if (problem !== undefined) return rejectMessage(ports, file, problem, nowMs);

  const { size: _, ...described } = file;
  const acceptedAtMs = Math.min(atMs, nowMs);
  await ports.mailbox.send(
    { kind: 'file', ...described, ...ref, acceptedAtMs },
    `file ${ref.key} ${ref.eTag}`,
  );
  const record = await ports.sessions.find(file.sessionId, nowMs);
  if (record) await publish(ports, record, { type: 'accepted', id: file.id }, nowMs);
  return 'accepted';
}

function problemOf(
  { contentType }: OfferedFile,
  start: Uint8Array,
  types: FilePolicy['types'],
  scan: NonNullable<Upload['scan']>,
): Code | undefined {
  if (scan !== 'clean') return 'unsafe_file';
  // The types may have changed since the offer.
  const isAllowed = types.includes(contentType) && hasType(contentType, start);
  return isAllowed ? undefined : 'wrong_file_type';
}
