import { MemoryFlexMailbox } from '#adapters/memory/memory-flex-mailbox';
import { sessionId } from '#core/ids';
import type { Letter } from '#core/ports';

const letter: Letter = { sessionId: sessionId('a-session'), kind: 'end', chat: 1 };

describe('MemoryFlexMailbox', () => {
  test('takes a repeated hand-in as a new letter after 5 minutes', async () => {
    let nowMs = 0;
    const mailbox = new MemoryFlexMailbox(() => nowMs);
    await mailbox.send(letter, 'key');

    nowMs = 299_999;
    await mailbox.send(letter, 'key');
    const before = mailbox.letters(letter.sessionId);
    nowMs = 300_000;
    await mailbox.send(letter, 'key');

    expect(before).toHaveLength(1);
    expect(mailbox.letters(letter.sessionId)).toHaveLength(2);
  });

  test('recognises a repeated hand-in after its letter was taken', async () => {
    const mailbox = new MemoryFlexMailbox();
    await mailbox.send(letter, 'key');

    const taken = mailbox.take(letter.sessionId);
    await mailbox.send(letter, 'key');

    expect(taken).toEqual(letter);
    expect(mailbox.take(letter.sessionId)).toBeUndefined();
  });

  test('names the sessions that letters wait for', async () => {
    const mailbox = new MemoryFlexMailbox();
    await mailbox.send(letter, 'key');
    await mailbox.send({ ...letter, sessionId: sessionId('another') }, 'key');
    mailbox.take(letter.sessionId);

    expect(mailbox.sessionIds()).toEqual(['another']);
  });
});
