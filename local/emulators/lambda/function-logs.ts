import { createWriteStream, mkdirSync, rmSync, type WriteStream } from 'node:fs';
import path from 'node:path';

/** One line that a function wrote. */
export interface LogLine {
  readonly function: string;
  readonly line: string;
}

const LIMIT = 10_000;

/** What the functions write: one file per function, and the last 10,000 lines in memory. */
export class FunctionLogs {
  readonly #directory: string;
  readonly #lines: LogLine[] = [];
  readonly #files = new Map<string, WriteStream>();

  /** @param directory emptied first; holds `<function>.log`. */
  constructor(directory: string) {
    this.#directory = directory;
    rmSync(directory, { recursive: true, force: true });
    mkdirSync(directory, { recursive: true });
  }

  /** Oldest first. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  add(functionName: string, line: string): void {
    this.#lines.push({ function: functionName, line });
    if (this.#lines.length > LIMIT) this.#lines.shift();
    this.#fileOf(functionName).write(`${line}\n`);
  }

  async close(): Promise<void> {
    const closed = [...this.#files.values()].map(
      (file) => new Promise<void>((resolve) => file.end(resolve)),
    );
    this.#files.clear();
    await Promise.all(closed);
  }

  #fileOf(functionName: string): WriteStream {
    const file =
      this.#files.get(functionName) ??
      createWriteStream(path.join(this.#directory, `${functionName}.log`), { flags: 'a' });
    this.#files.set(functionName, file);
    return file;
  }
}
