import { ChatError } from '#core/errors';
import { admitToFlex } from '#core/frames/admit-to-flex';
import { clientMessageId, type SessionId } from '#core/ids';
import type { SharedRate } from '#core/shared-rate';
import type { EventOf, FileLimits } from '#protocol/events';
import { FILE_TYPES, type FileType } from '#protocol/file-types';
import type { Frame } from '#protocol/frames';
import type { FilePolicy, SessionCounters, UploadOffers } from './file-ports.ts';

/** What a stage has where customers may send files. */
export interface FileOffering {
  readonly policy: FilePolicy;
  readonly offers: UploadOffers;
  readonly counters: SessionCounters;
}

export interface OfferPorts {
  /** Absent: customers send no files. */
  readonly files?: FileOffering;
  readonly flexFrames: SharedRate;
}

/**
 * Answers `attach`: where the browser may upload the one file that it described.
 *
 * @throws ChatError `NOT_SUPPORTED`, `FILE_TOO_LARGE`, `WRONG_FILE_TYPE`, `TOO_MANY_FILES`, `TOO_FAST`.
 */
export async function offerUpload(
  { files, flexFrames }: OfferPorts,
  frame: Extract<Frame, { action: 'attach' }>,
  { sessionId, nowMs }: { readonly sessionId: SessionId; readonly nowMs: number },
): Promise<EventOf<'upload'>> {
  if (files === undefined) throw new ChatError('NOT_SUPPORTED', 'files are off in this stage');
  const { policy, offers, counters } = files;
  const { id, filename, size, chat } = frame;
  const contentType = allowedType(policy, frame);
  if (size > policy.maxBytes) {
    throw new ChatError('FILE_TOO_LARGE', `${size} bytes, at most ${policy.maxBytes}`);
  }
  // The file will cost two calls of Flex.
  await admitToFlex({ flexFrames }, sessionId, nowMs);
  if (!(await counters.count(sessionId, 'files', policy.perSession, nowMs))) {
    throw new ChatError('TOO_MANY_FILES', `session ${sessionId}: more than ${policy.perSession}`);
  }
  const described = { sessionId, id: clientMessageId(id), filename, contentType, size };
  const offer = offers.offer({ ...described, ...(chat !== undefined && { chat }) }, nowMs);
  const { url, fields, expiresAtMs } = offer;
  const expiresAt = new Date(expiresAtMs).toISOString();
  return { type: 'upload', id, url, fields: { ...fields }, expiresAt };
}

/** What a client has to know to choose files. */
export function fileLimits({ maxBytes, types }: FilePolicy): FileLimits {
  return {
    maxBytes,
    types: Object.fromEntries(types.map((type) => [type, [...FILE_TYPES[type]]])),
  };
}

/** Name and type have to agree: systems choose by the name what opens a file. */
function allowedType(
  { types }: FilePolicy,
  { contentType, filename }: { readonly contentType: string; readonly filename: string },
): FileType {
  const allowed = types.find((type) => type === contentType);
  const [, ending = ''] = /\.([^.]+)$/.exec(filename.toLowerCase()) ?? [];
  const endings: readonly string[] = allowed === undefined ? [] : FILE_TYPES[allowed];
  if (allowed !== undefined && endings.includes(ending)) return allowed;
  throw new ChatError('WRONG_FILE_TYPE', 'a type that is not allowed, or a name that does not fit');
}
