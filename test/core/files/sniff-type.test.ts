import { hasType } from '#core/files/sniff-type';
import { FILE_TYPES, type FileType } from '#protocol/file-types';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

const STARTS: Readonly<Record<FileType, string>> = {
  'image/jpeg': '\xff\xd8\xff\xe0\0\x10JFIF',
  'image/png': '\x89PNG\r\n\x1a\n\0\0\0\rIHDR',
  'image/gif': 'GIF89a\x01\0',
  'image/webp': 'RIFF\x24\0\0\0WEBPVP8 ',
  'application/pdf': '%PDF-1.7\n',
  'text/plain': 'Grüße\tund mehr\r\n',
  'video/mp4': '\0\0\0\x18ftypmp42',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'PK\x03\x04\x14\0',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'PK\x03\x04\x14\0',
};

const types = Object.keys(FILE_TYPES) as FileType[];

describe('hasType', () => {
  test.each(types)('knows %s by its first bytes', (type) => {
    expect(hasType(type, bytes(STARTS[type]))).toBe(true);
  });

  test.each(types)('does not take another type for %s', (type) => {
    const others = types.filter((other) => STARTS[other] !== STARTS[type]);

    expect(others.filter((other) => hasType(type, bytes(STARTS[other])))).toEqual([]);
  });

  test.each([
    ['a program', 'MZ\x90\0\x03'],
    ['a page', '<html><script>'],
    ['nothing', ''],
  ])('does not take %s for a picture', (_, start) => {
    expect(types.filter((type) => type !== 'text/plain' && hasType(type, bytes(start)))).toEqual(
      [],
    );
  });

  test('does not take a program for a text', () => {
    expect(hasType('text/plain', bytes('MZ\x90\0\x03'))).toBe(false);
  });
});
