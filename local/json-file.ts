import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** @returns undefined when there is no such file. @throws Error when it is no JSON. */
export function readJsonFile<Value>(file: string): Value | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the file, which may hold secrets.
    throw new SyntaxError(`${file} is not JSON: mend it, or remove it`);
  }
}

/** Writes all or nothing, for this user's eyes only. */
export function writeJsonFile(file: string, value: unknown): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
