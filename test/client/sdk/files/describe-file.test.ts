import { describeFile, findFileProblem } from '#client/sdk/files/describe-file';
import type { FileEntry } from '#client/sdk/model/outbox';
import { parseFrame } from '#protocol/frames';

const LIMITS = {
  maxBytes: 100,
  perSession: 5,
  types: { 'image/png': ['png'], 'image/jpeg': ['jpg', 'jpeg'] },
};

const aFile = (fields: Partial<FileEntry>): FileEntry => ({
  filename: 'a.png',
  contentType: 'image/png',
  size: 1,
  ...fields,
});

describe('what the server is told of a file', () => {
  test.each([
    ['its own name and type', {}, 'a.png', 'image/png'],
    [
      'the type that the ending has, if the browser names none',
      { contentType: '' },
      'a.png',
      'image/png',
    ],
    ['the same, if the browser names another', { filename: 'a.JPEG' }, 'a.JPEG', 'image/jpeg'],
    ['a name by its type, if it has none', { filename: '' }, 'file.png', 'image/png'],
    [
      'no sign of a path, and no control',
      { filename: '../a\\b\u0000.png' },
      '.._a_b_.png',
      'image/png',
    ],
    ['no half of a character', { filename: '\ud83d.png' }, '_.png', 'image/png'],
  ])('is %s', (_case, fields, filename, contentType) => {
    const file = aFile(fields);

    const described = describeFile(file, LIMITS);

    expect(findFileProblem(file, LIMITS)).toBeUndefined();
    expect(described).toEqual({ filename, contentType, size: 1 });
    const frame = JSON.stringify({ action: 'attach', id: 'm1', ...described });
    expect(parseFrame(frame)).toMatchObject({ frame: { filename } });
  });

  test('keeps the beginning and the ending of a long name', () => {
    const { filename } = describeFile(aFile({ filename: `b${'a'.repeat(500)}.png` }), LIMITS);

    expect(filename).toMatch(/^ba+\.png$/);
    expect(filename.length).toBeLessThan(300);
  });

  test.each([
    ['is larger than allowed', { size: 101 }, 'file_too_large'],
    ['is empty', { size: 0 }, 'wrong_file_type'],
    ['has an ending of no type', { filename: 'a.exe' }, 'wrong_file_type'],
    [
      'has no name and no type that is taken',
      { filename: '', contentType: 'text/html' },
      'wrong_file_type',
    ],
  ])('is nothing, where it %s', (_case, fields, problem) => {
    expect(findFileProblem(aFile(fields), LIMITS)).toBe(problem);
  });
});
