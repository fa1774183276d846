import type { FileType } from '#protocol/file-types';

/** So many bytes are enough to tell each type. */
export const SNIFFED_BYTES = 512;

/** A number is the byte that must stand there; `null` may be any. */
type Pattern = readonly (number | null)[];

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));
const any = (count: number): null[] => Array<null>(count).fill(null);

const ZIP = [[...ascii('PK'), 3, 4]];

/** Source: WHATWG MIME Sniffing Standard, and of Office files that they are ZIP archives. */
const PATTERNS: Readonly<Record<Exclude<FileType, 'text/plain'>, readonly Pattern[]>> = {
  'image/jpeg': [[0xff, 0xd8, 0xff]],
  'image/png': [[0x89, ...ascii('PNG\r\n\x1a\n')]],
  'image/gif': [ascii('GIF87a'), ascii('GIF89a')],
  'image/webp': [[...ascii('RIFF'), ...any(4), ...ascii('WEBPVP')]],
  'application/pdf': [ascii('%PDF-')],
  'video/mp4': [[...any(4), ...ascii('ftyp')]],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ZIP,
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ZIP,
};

/** Whether the first bytes of a file are those of its type. */
export function hasType(type: FileType, start: Uint8Array): boolean {
  if (type === 'text/plain') return isText(start);
  return PATTERNS[type].some((pattern) => fits(pattern, start));
}

function fits(pattern: Pattern, start: Uint8Array): boolean {
  return pattern.every((byte, at) => at < start.length && (byte === null || byte === start[at]));
}

/** Tab, line feed, form feed, carriage return and escape. */
const CONTROLS_OF_TEXT = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);

/** Any control character but those is binary data; nor is a PDF a text, which has none at its start. */
function isText(start: Uint8Array): boolean {
  if (PATTERNS['application/pdf'].some((pattern) => fits(pattern, start))) return false;
  return start.every((byte) => (byte >= 0x20 && byte !== 0x7f) || CONTROLS_OF_TEXT.has(byte));
}
