/** What the server is told of a file. Pure. */
import type { FileLimits } from '#protocol/events';
import { MAX_FILENAME_CHARACTERS } from '#protocol/limits';
import type { FileEntry } from '../model/outbox.ts';

export type FileProblem = 'file_too_large' | 'wrong_file_type';

/** @returns why the server would refuse the file, which is of no type if it is empty; undefined when it would not. */
export function findFileProblem(file: FileEntry, limits: FileLimits): FileProblem | undefined {
  if (file.size > limits.maxBytes) return 'file_too_large';
  const hasType = file.size > 0 && typeOf(file, limits) !== undefined;
  return hasType ? undefined : 'wrong_file_type';
}

/** With a name that the server takes, and the type that it knows such names by: systems don't agree on types. */
export function describeFile(file: FileEntry, limits: FileLimits): FileEntry {
  const contentType = typeOf(file, limits) ?? file.contentType;
  const [ending] = limits.types[contentType] ?? [];
  return { ...file, filename: plainName(file.filename || `file.${ending}`), contentType };
}

/** A name without an ending is one that the browser has made, or none: its type counts. */
function typeOf({ filename, contentType }: FileEntry, { types }: FileLimits): string | undefined {
  if (!filename && types[contentType]) return contentType;
  const fitting = Object.keys(types).filter((type) => types[type]?.includes(endingOf(filename)));
  return fitting.includes(contentType) ? contentType : fitting[0];
}

const endingOf = (filename: string): string => {
  const [, ending = ''] = /\.([^.]+)$/.exec(filename.toLowerCase()) ?? [];
  return ending;
};

/** The end is kept: it tells the type. */
function plainName(filename: string): string {
  const half = MAX_FILENAME_CHARACTERS / 2;
  const isLong = filename.length > MAX_FILENAME_CHARACTERS;
  const name = isLong ? filename.slice(0, half) + filename.slice(-half) : filename;
  // Signs of a path, controls, and halves of characters.
  return name.replace(/[\\/\p{Cc}\p{Cs}]/gu, '_');
}
