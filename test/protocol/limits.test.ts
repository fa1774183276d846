import { utf8Bytes } from '#protocol/limits';

describe('utf8Bytes', () => {
  test.each([
    '',
    'ascii \u0000\u007f',
    '\u0080ü\u07ff',
    '\u0800€\uffff',
    '🎈\u{10ffff}',
    'lone \ud83d surrogate',
    '\udf88 turned round \ud83c',
  ])('counts %j as it is sent', (text) => {
    expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
  });
});
