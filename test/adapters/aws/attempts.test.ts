import { fingerprint, formerFingerprint, NO_ATTEMPTS } from '#adapters/aws/attempts';
import { clientMessageId, sessionId } from '#core/ids';

/** Found among 80,000 random ids, in less than a second. */
const ALIKE = ['tb7hvumwya', '52x7c7hz4t'];

const SESSION = sessionId('a-session');

describe('fingerprint', () => {
  test('has 12 characters, whatever the id', () => {
    const ids = ['', 'm', 'x'.repeat(64)].map(clientMessageId);

    expect(ids.map((id) => fingerprint(SESSION, id).length)).toEqual([12, 12, 12]);
    expect(new Set(NO_ATTEMPTS)).toEqual(new Set(['']));
  });

  test('tells ids apart that differ in one character', () => {
    const fingerprints = Array.from({ length: 10_000 }, (_, index) =>
      fingerprint(SESSION, clientMessageId(`message-${index}`)),
    );

    expect(new Set(fingerprints).size).toBe(10_000);
  });

  test('is another one in another session, so that no list of equal ones serves for all', () => {
    const id = clientMessageId('m');

    expect(fingerprint(SESSION, id)).not.toBe(fingerprint(sessionId('another'), id));
  });

  test('tells ids apart that were chosen to be the same to earlier versions', () => {
    const [one, other] = ALIKE.map(clientMessageId);
    if (one === undefined || other === undefined) throw new Error('two ids');

    expect(formerFingerprint(one)).toBe(formerFingerprint(other));
    expect(fingerprint(SESSION, one)).not.toBe(fingerprint(SESSION, other));
  });
});

describe('formerFingerprint', () => {
  test('is the end of 64-bit FNV-1a', () => {
    // Published test vector for "foobar". Source: isthe.com/chongo/src/fnv/test_fnv.c.
    expect(formerFingerprint(clientMessageId('foobar'))).toBe(
      0x85944171f73967e8n.toString(36).slice(-7),
    );
  });
});
