import type { Environment } from '../platform/environment.ts';
import type { ChatTab } from '../tabs/chat-tab.ts';

/** A file whose bytes are in this tab. */
export interface OwnFile {
  readonly blob: Blob;
  /** How much of it is uploaded, from 0 to 1. */
  progress: number;
  /** Stops its upload, while there is one. */
  upload?: AbortController | undefined;
}

/** What uploading takes besides the file. */
export interface UploadTools {
  readonly tab: Pick<ChatTab, 'ask' | 'connection' | 'store' | 'tell'>;
  readonly environment: Pick<Environment, 'random' | 'timers' | 'upload'>;
}
