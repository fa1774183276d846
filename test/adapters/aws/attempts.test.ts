import { fingerprint, NO_ATTEMPTS } from '#adapters/aws/attempts';
import { clientMessageId } from '#core/ids';

describe('fingerprint', () => {
  test('is the end of 64-bit FNV-1a', () => {
    // Published test vector for "foobar". Source: isthe.com/chongo/src/fnv/test_fnv.c.
    expect(fingerprint(clientMessageId('foobar'))).toBe(0x85944171f73967e8n.toString(36).slice(-7));
  });

  test('is never empty, as an empty text stands for no attempt', () => {
    expect(fingerprint(clientMessageId(''))).not.toBe('');
    expect(new Set(NO_ATTEMPTS)).toEqual(new Set(['']));
  });

  test('has at most 7 characters', () => {
    const lengths = Array.from({ length: 1_000 }, (_, index) => {
      return fingerprint(clientMessageId(`${index}`.padStart(64, '-'))).length;
    });

    expect(Math.max(...lengths)).toBeLessThanOrEqual(7);
  });

  test('tells ids apart that differ in one character', () => {
    const fingerprints = Array.from({ length: 10_000 }, (_, index) =>
      fingerprint(clientMessageId(`message-${index}`)),
    );

    expect(new Set(fingerprints).size).toBe(10_000);
  });
});
