/** What the use cases of files need from the outside, and what a stage allows. */
import type { ClientMessageId, SessionId } from '#core/ids';
import type { FileType } from '#protocol/file-types';

/** Which files customers may send. */
export interface FilePolicy {
  readonly maxBytes: number;
  readonly types: readonly FileType[];
  /** How many uploads a session may ask for. */
  readonly perSession: number;
}

/** A file as its customer described it before the upload. */
export interface OfferedFile {
  readonly sessionId: SessionId;
  /** Of the message that is to carry it. */
  readonly id: ClientMessageId;
  readonly filename: string;
  readonly contentType: FileType;
  readonly size: number;
  /** The chat that the customer meant. */
  readonly chat?: number;
}

export interface UploadOffer {
  readonly url: string;
  /** To be posted before the file. */
  readonly fields: Readonly<Record<string, string>>;
  readonly expiresAtMs: number;
}

/** Lets a browser upload one file past the functions. */
export interface UploadOffers {
  /** An offer takes this name, type and size, and nothing else. Makes no call. */
  offer(file: OfferedFile, nowMs: number): UploadOffer;
}

/** One uploaded content: what is put in its place later has another tag. */
export interface FileRef {
  readonly key: string;
  readonly eTag: string;
}

/**
 * Files that customers have uploaded, until Flex has them. One that is gone, or was replaced by
 * another content, is absent.
 */
export interface UploadedFiles {
  /** @returns what was offered, and the first bytes of what came. */
  start(file: FileRef): Promise<StartedFile | undefined>;
  read(file: FileRef): Promise<Uint8Array | undefined>;
  /** Removing what is not there is no error. */
  remove(file: FileRef): Promise<void>;
}

export interface StartedFile {
  readonly file: OfferedFile;
  /** At least `SNIFFED_BYTES`, unless the file is shorter. */
  readonly start: Uint8Array;
}

/** Counts over the whole life of a session. */
export interface SessionCounters {
  /**
   * Counts one more, unless it has been counted `most` times. One conditional write.
   * @throws ChatError `UPSTREAM_UNAVAILABLE`.
   */
  count(id: SessionId, what: string, most: number, nowMs: number): Promise<boolean>;
}
