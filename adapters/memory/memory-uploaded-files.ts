import type {
  FileRef,
  OfferedFile,
  StartedFile,
  UploadedFiles,
  UploadOffer,
  UploadOffers,
} from '#core/files/file-ports';
import { SNIFFED_BYTES } from '#core/files/sniff-type';

const OFFER_MS = 5 * 60_000;

interface Stored {
  readonly file: OfferedFile;
  readonly eTag: string;
  readonly bytes: Uint8Array;
}

/** Offers and uploaded files in memory. */
export class MemoryUploadedFiles implements UploadOffers, UploadedFiles {
  readonly #offered = new Map<string, OfferedFile>();
  readonly #stored = new Map<string, Stored>();

  offer(file: OfferedFile, nowMs: number): UploadOffer {
    const key = `${file.sessionId}/${file.id}/${this.#offered.size}`;
    this.#offered.set(key, file);
    return { url: 'memory:', fields: { key }, expiresAtMs: nowMs + OFFER_MS };
  }

  /** Stores what a browser uploads. @throws Error for a key that was not offered. */
  upload(key: string, bytes: Uint8Array): FileRef {
    const file = this.#offered.get(key);
    if (file === undefined) throw new Error(`${key} was not offered`);
    const eTag = Buffer.from(bytes).toString('base64');
    this.#stored.set(key, { file, eTag, bytes });
    return { key, eTag };
  }

  has({ key }: FileRef): boolean {
    return this.#stored.has(key);
  }

  async start(ref: FileRef): Promise<StartedFile | undefined> {
    const stored = this.#find(ref);
    return stored && { file: stored.file, start: stored.bytes.slice(0, SNIFFED_BYTES) };
  }

  async read(ref: FileRef): Promise<Uint8Array | undefined> {
    return this.#find(ref)?.bytes;
  }

  async remove({ key }: FileRef): Promise<void> {
    this.#stored.delete(key);
  }

  #find({ key, eTag }: FileRef): Stored | undefined {
    const stored = this.#stored.get(key);
    return stored?.eTag === eTag ? stored : undefined;
  }
}
