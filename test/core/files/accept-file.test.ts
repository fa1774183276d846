import { acceptFile, type Upload } from '#core/files/accept-file';
import { clientMessageId } from '#core/ids';
import { deliverLetter } from '#core/letters/deliver-letter';
import type { FileLetter } from '#core/ports';
import {
  aStackWithSession,
  chat,
  FILES,
  type MemoryStack,
  NOW_MS,
  POLICY,
  SESSION,
  TAB,
} from '#test/support/memory-stack';

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 1, 2, 3]);
const PROGRAM = Uint8Array.from([0x4d, 0x5a, 0x90, 0, 3]);

function upload(stack: MemoryStack, bytes = PNG, id = 'f1'): Upload {
  const { fields } = stack.files.offer(
    {
      sessionId: SESSION,
      id: clientMessageId(id),
      filename: 'cat.png',
      contentType: 'image/png',
      size: bytes.length,
      chat: 1,
    },
    NOW_MS,
  );
  return { ref: stack.files.upload(fields['key'] ?? '', bytes), atMs: NOW_MS };
}

const accept = (stack: MemoryStack, given: Upload, policy = FILES) =>
  acceptFile(stack, policy, given, NOW_MS + 100);

describe('an uploaded file', () => {
  test('becomes a letter of its session, and the customer is told', async () => {
    const stack = await aStackWithSession();
    const { ref, atMs } = upload(stack);

    expect(await accept(stack, { ref, atMs })).toBe('accepted');

    expect(stack.mailbox.letters(SESSION)).toEqual([
      {
        kind: 'file',
        sessionId: SESSION,
        id: 'f1',
        filename: 'cat.png',
        contentType: 'image/png',
        chat: 1,
        acceptedAtMs: NOW_MS,
        ...ref,
      },
    ]);
    expect(stack.customers.pushed(TAB)).toEqual([{ type: 'accepted', id: 'f1' }]);
  });

  test('becomes one letter, however often its event comes', async () => {
    const stack = await aStackWithSession();
    const given = upload(stack);

    await accept(stack, given);
    await accept(stack, given);

    expect(stack.mailbox.letters(SESSION)).toHaveLength(1);
  });

  test('is refused when its bytes are not of the type that it says', async () => {
    const stack = await aStackWithSession();

    expect(await accept(stack, upload(stack, PROGRAM))).toBe('rejected');

    expect(stack.mailbox.letters(SESSION)).toEqual([]);
    expect(stack.customers.pushed(TAB)).toEqual([
      { type: 'rejected', id: 'f1', code: 'wrong_file_type' },
    ]);
  });

  test('is refused when its type is not allowed any more', async () => {
    const stack = await aStackWithSession();

    const policy = { ...FILES, types: ['text/plain'] as const };

    expect(await accept(stack, upload(stack), policy)).toBe('rejected');
  });

  test.each(['unsafe', 'unknown'] as const)(
    'goes no further when the scanner calls it %s',
    async (scan) => {
      const stack = await aStackWithSession();

      expect(await accept(stack, { ...upload(stack), scan })).toBe('rejected');

      expect(stack.mailbox.letters(SESSION)).toEqual([]);
      expect(stack.customers.pushed(TAB)).toEqual([
        { type: 'rejected', id: 'f1', code: 'unsafe_file' },
      ]);
    },
  );

  test('is passed over when other bytes were put in its place', async () => {
    const stack = await aStackWithSession();
    const { ref, atMs } = upload(stack);
    stack.files.upload(ref.key, PROGRAM);

    expect(await accept(stack, { ref, atMs, scan: 'clean' })).toBe('gone');
    expect(stack.mailbox.letters(SESSION)).toEqual([]);
  });
});

describe('a file letter', () => {
  async function aLetter(stack: MemoryStack): Promise<FileLetter> {
    await accept(stack, upload(stack));
    return stack.mailbox.take(SESSION) as FileLetter;
  }

  const deliver = (stack: MemoryStack, letter: FileLetter) =>
    deliverLetter(stack, POLICY, letter, NOW_MS + 200);

  const messages = (stack: MemoryStack) => stack.flex.channelOf(chat(1))?.messages;

  test('opens the chat, posts the file and removes our copy', async () => {
    const stack = await aStackWithSession();
    const letter = await aLetter(stack);

    expect(await deliver(stack, letter)).toBe('posted');

    expect(messages(stack)).toMatchObject([
      {
        clientMessageId: 'f1',
        body: '',
        media: [{ filename: 'cat.png', contentType: 'image/png', size: PNG.length }],
      },
    ]);
    expect(stack.files.has(letter)).toBe(false);
  });

  test.each(['openChannel', 'routeChannel', 'uploadFile', 'postMessage'] as const)(
    'is posted once after a function that died behind %s',
    async (method) => {
      const stack = await aStackWithSession();
      const letter = await aLetter(stack);
      stack.flex.failNext(method, 'after');
      await expect(deliver(stack, letter)).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      expect(stack.files.has(letter)).toBe(true);

      await deliver(stack, letter);

      expect(messages(stack)).toHaveLength(1);
      expect(stack.files.has(letter)).toBe(false);
    },
  );

  test('is found when it comes again after our copy was removed', async () => {
    const stack = await aStackWithSession();
    const letter = await aLetter(stack);
    await deliver(stack, letter);

    expect(await deliver(stack, letter)).toBe('found');
    expect(messages(stack)).toHaveLength(1);
  });

  test('is rejected when its file is gone', async () => {
    const stack = await aStackWithSession();
    const letter = await aLetter(stack);
    await stack.files.remove(letter);

    expect(await deliver(stack, letter)).toBe('rejected');
    expect(stack.customers.pushed(TAB).at(-1)).toEqual({
      type: 'rejected',
      id: 'f1',
      code: 'file_expired',
    });
  });

  test('brings its file to Flex once, though the chat turns out to have ended', async () => {
    const stack = await aStackWithSession();
    const { chat: _, ...first } = await aLetter(stack);
    await deliver(stack, first);
    stack.flex.close(chat(1));
    await accept(stack, upload(stack, PNG, 'f2'));
    const { chat: __, ...letter } = stack.mailbox.take(SESSION) as FileLetter;
    stack.flex.calls.length = 0;

    expect(await deliver(stack, letter)).toBe('posted');

    expect(stack.flex.calls.filter((call) => call === 'uploadFile')).toHaveLength(1);
    expect(stack.flex.channelOf(chat(2))?.messages).toHaveLength(1);
  });
});
