import { fileOf, keyOf, metadataOf } from '#adapters/aws/files/file-metadata';
import { clientMessageId, sessionId } from '#core/ids';

const FILE = {
  sessionId: sessionId('s1'),
  id: clientMessageId('f-1'),
  filename: 'Grüße 100 %, "Ada".png',
  contentType: 'image/png',
  size: 900,
  chat: 2,
} as const;

const KEY = keyOf(FILE, 'nonce');

const told = (changed: Record<string, string> = {}) =>
  new Headers({
    'content-type': 'image/png',
    'content-range': 'bytes 0-511/900',
    ...metadataOf(FILE),
    ...changed,
  });

describe('what an object says of its file', () => {
  test('is what was offered', () => {
    expect(fileOf(KEY, told())).toEqual(FILE);
  });

  test('is ASCII, as S3 asks for', () => {
    expect(Object.values(metadataOf(FILE)).join('')).toMatch(/^[\x20-\x7e]+$/);
  });

  test.each([
    ['a key elsewhere', 'public/s1/f-1/nonce', {}],
    ['a key that climbs', 'quarantine/../f-1/nonce', {}],
    ['a key with more parts', `${KEY}/more`, {}],
    ['a type that no offer allows', KEY, { 'content-type': 'text/html' }],
    ['a name that can not be read', KEY, { 'x-amz-meta-filename': '%E0%A4%A' }],
    ['a chat that is no number', KEY, { 'x-amz-meta-chat': '1e3' }],
  ])('is nothing with %s', (_, key, changed) => {
    expect(fileOf(key, told(changed))).toBeUndefined();
  });
});
