/** Files that are chosen to be sent, and those of messages that were opened. Draws nothing. */
import { findFileProblem } from '#client/sdk/files/describe-file';
import type { FileLimits, Media } from '#client/sdk/index';
import { fill } from '../../texts/texts.ts';
import type { FilePlace } from '../bubble-parts.ts';
import type { Conversation } from '../conversation.ts';
import type { Words } from '../words.ts';
import { type FileTexts, fileTexts } from './file-texts.ts';
import { listenForFiles } from './listen-for-files.ts';
import { paintThumbnails } from './thumbnails.ts';

export interface FileTrayParts {
  /** Holds the composer and the log. */
  readonly element: HTMLElement;
  readonly conversation: Conversation;
  readonly words: Words;
  readonly draw: () => void;
}

/** Of the minutes that an address is good for. */
const ADDRESS_GOOD_MS = 60_000;

/** A file of a message that was asked for. */
export interface OpenedFile {
  readonly url?: string;
  readonly hasFailed?: boolean;
}

export class FileTray {
  readonly texts: FileTexts;
  readonly words: Words;
  readonly #parts: FileTrayParts;
  readonly #end: () => void;
  readonly #opened = new Map<string, OpenedFile>();
  #chosen: readonly File[] = [];
  #problem: string | undefined;

  constructor(parts: FileTrayParts) {
    this.#parts = parts;
    this.words = parts.words;
    this.texts = fileTexts(parts.words.locale, parts.words.texts.files);
    this.#end = listenForFiles(parts.element, (files) => this.choose(files));
  }

  dispose(): void {
    this.#end();
  }

  /** Files wait to be sent with the next press of the button. */
  get hasFiles(): boolean {
    return this.#chosen.length > 0;
  }

  get limits(): FileLimits {
    return this.#parts.conversation.state.files ?? { maxBytes: 0, types: {} };
  }

  choose(files: readonly File[]): void {
    if (this.#parts.conversation.phase !== 'chat') return;
    const wrong = files.map((file) => this.#problemOf(file));
    this.#chosen = [...this.#chosen, ...files.filter((_, place) => wrong[place] === undefined)];
    this.#problem = wrong.filter((problem) => problem !== undefined).join(' ') || undefined;
    this.#parts.draw();
    this.#parts.element.querySelector('textarea')?.focus();
  }

  remove(file: File): void {
    this.#chosen = this.#chosen.filter((one) => one !== file);
    this.#parts.draw();
    this.#parts.element.querySelector('textarea')?.focus();
  }

  /** Sends what was chosen. What does not fit into the outbox stays. */
  send(): void {
    this.#problem = undefined;
    const { conversation, draw } = this.#parts;
    try {
      for (const file of this.#chosen) {
        conversation.client.attach(file);
        this.#chosen = this.#chosen.slice(1);
      }
    } catch (error) {
      const { problem } = this.words.texts;
      const { code } = error as { readonly code: keyof typeof problem };
      this.#problem = problem[code] ?? problem.other;
    }
    draw();
  }

  /** Asks for the file's address, which is good for some minutes. */
  async open({ id, at }: FilePlace & Pick<Media, 'id'>): Promise<void> {
    const { client } = this.#parts.conversation;
    const opened: OpenedFile = await client.mediaUrl(at, id).then(
      (url) => (/^https?:\/\//.test(url) ? { url } : { hasFailed: true }),
      () => ({ hasFailed: true }),
    );
    this.#opened.set(id, opened);
    this.#parts.draw();
    queueMicrotask(() => this.#follow(id));
    setTimeout(() => {
      this.#opened.delete(id);
      this.#parts.draw();
    }, ADDRESS_GOOD_MS);
  }

  openedFile(id: string): OpenedFile | undefined {
    return this.#opened.get(id);
  }

  /** What is to be sent. */
  get chosen(): readonly File[] {
    // Drawn in the same turn.
    queueMicrotask(() => paintThumbnails(this.#parts.element, this.#chosen));
    return this.#chosen;
  }

  /** Why something of what was chosen last is not. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Stops a file that is not uploaded yet. */
  cancel(id: string): void {
    this.#parts.conversation.client.discard(id);
  }

  size(bytes: number): string {
    const [unit, value] =
      bytes < 1e6 ? ['kilobyte', Math.max(1, Math.round(bytes / 1e3))] : ['megabyte', bytes / 1e6];
    return new Intl.NumberFormat(this.words.locale, {
      style: 'unit',
      unit: unit as string,
      maximumFractionDigits: 1,
    }).format(value as number);
  }

  /** A picture is shown where it is. Where the browser opens no other tab by itself, the link waits for a press. */
  #follow(id: string): void {
    const link = this.#parts.element.querySelector<HTMLElement>(`[data-file="${CSS.escape(id)}"]`);
    link?.focus();
    if (!link?.parentElement?.querySelector('img')) link?.click();
  }

  #problemOf({ name, size, type }: File): string | undefined {
    const problem = findFileProblem({ filename: name, contentType: type, size }, this.limits);
    if (problem === undefined) return undefined;
    return fill(this.texts[problem], { name, size: this.size(this.limits.maxBytes) });
  }
}
