/** A file in the media service. */
export interface StoredMedia {
  readonly sid: string;
  readonly serviceSid: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly createdAtMs: number;
  /** SID of the message that carries it. */
  messageSid: string | null;
}
