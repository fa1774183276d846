import { clientMessageId, sessionId } from '#core/ids';
import type { FlexMailbox, Letter } from '#core/ports';

const ID = sessionId('a-session');
const LETTERS: readonly Letter[] = [
  {
    sessionId: ID,
    kind: 'message',
    acceptedAtMs: 7,
    id: clientMessageId('m-1'),
    body: 'Grüße 👋\n',
    chat: 1,
    attributes: { cart: ['a', 2, null], nested: { deep: true } },
  },
  {
    sessionId: ID,
    kind: 'message',
    id: clientMessageId('m-2'),
    body: 'no chat named',
    acceptedAtMs: 8,
  },
  { sessionId: ID, kind: 'read', chat: 1, index: 12 },
  { sessionId: ID, kind: 'end', chat: 1 },
];

/** A mailbox whose other end the test holds. */
export interface OpenedMailbox {
  readonly mailbox: FlexMailbox;
  /** The letters stored for a session, oldest first, as their receiver reads them. */
  stored(id: Letter['sessionId']): Promise<readonly Letter[]>;
}

/** @param create an empty mailbox. */
export function flexMailboxContract(name: string, create: () => Promise<OpenedMailbox>): void {
  describe(`${name} as FlexMailbox`, () => {
    let opened: OpenedMailbox;

    beforeEach(async () => {
      opened = await create();
    });

    test('stores letters of each kind, whole and in the order of sending', async () => {
      for (const [index, letter] of LETTERS.entries()) {
        await opened.mailbox.send(letter, `request-${index}`);
      }

      expect(await opened.stored(ID)).toEqual(LETTERS);
    });

    test('stores one letter when the same hand-in is repeated', async () => {
      const letter: Letter = { sessionId: ID, kind: 'end', chat: 1 };
      await opened.mailbox.send(letter, 'DnNZ8EjHFiAFrgA=');
      await opened.mailbox.send(letter, 'DnNZ8EjHFiAFrgA=');

      expect(await opened.stored(ID)).toEqual([letter]);
    });

    test('stores the same letter again under another delivery key', async () => {
      const letter: Letter = { sessionId: ID, kind: 'end', chat: 1 };
      await opened.mailbox.send(letter, 'key');
      await opened.mailbox.send(letter, 'KEY');

      expect(await opened.stored(ID)).toEqual([letter, letter]);
    });

    test('keeps sessions apart, under the same delivery key too', async () => {
      const other = sessionId('another');
      await opened.mailbox.send({ sessionId: ID, kind: 'end', chat: 1 }, 'key');
      await opened.mailbox.send({ sessionId: other, kind: 'read', chat: 1, index: 0 }, 'key');

      expect(await opened.stored(ID)).toEqual([{ sessionId: ID, kind: 'end', chat: 1 }]);
      expect(await opened.stored(other)).toEqual([
        { sessionId: other, kind: 'read', chat: 1, index: 0 },
      ]);
    });

    test('takes any text as delivery key', async () => {
      const letter: Letter = { sessionId: ID, kind: 'end', chat: 1 };

      await opened.mailbox.send(letter, `${'long '.repeat(60)}ü`);

      expect(await opened.stored(ID)).toEqual([letter]);
    });
  });
}
