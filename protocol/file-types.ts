/**
 * Kinds of files whose content can be told by its first bytes, and how their names end. What a
 * browser runs, such as HTML or SVG, is not among them.
 */
export const FILE_TYPES = {
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/gif': ['gif'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf'],
  'text/plain': ['txt', 'log'],
  'video/mp4': ['mp4'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type FileType = keyof typeof FILE_TYPES;

export const KNOWN_FILE_TYPES = Object.keys(FILE_TYPES) as FileType[];

/** What Flex takes of a web chat unless its account says otherwise. */
export const DEFAULT_FILE_TYPES = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'application/pdf',
  'text/plain',
] as const satisfies readonly FileType[];
