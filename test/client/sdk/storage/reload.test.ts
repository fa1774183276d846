import type { KeyValueStorage } from '#client/sdk/index';
import { MAX_ATTRIBUTES_BYTES } from '#protocol/limits';
import { aMessageEvent, anEcho, aSessionReply } from '#test/support/chat-events';
import { loneBrowser, OPEN_CHAT, openOnline, shownIn, welcome } from '#test/support/lone-tab';
import { memoryStorage } from '#test/support/memory-storage';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const accepted = (id: string) => ({ type: 'accepted', id }) as const;

/** A tab with one message accepted, one unanswered and one waiting; then the page is loaded anew. */
async function reloadWithUnsent(storage: KeyValueStorage = memoryStorage()) {
  const tab = loneBrowser({ storage }).open();
  tab.client.connect();
  await welcome(tab.socket);
  const ids = ['one', 'two', 'three'].map((body) => tab.client.send(body));
  await tab.socket.reply('sendMessage', accepted(ids[0] ?? ''));
  tab.crash();
  const reloaded = loneBrowser({ storage }).open();
  reloaded.client.connect();
  return { ids, reloaded };
}

describe('a reload', () => {
  test('goes on with what was not delivered, under the same ids and in the same order', async () => {
    const { ids, reloaded } = await reloadWithUnsent();
    expect(shownIn(reloaded.client)).toEqual(['one (sent)', 'two (sending)', 'three (queued)']);

    await welcome(reloaded.socket, aSessionReply({ ...OPEN_CHAT, missed: [anEcho(ids[0] ?? '')] }));
    await reloaded.socket.reply('sendMessage', accepted(ids[1] ?? ''));

    expect(reloaded.socket.protocols).toContain('token.token-1');
    expect(reloaded.socket.framesOf('sendMessage').map(({ id }) => id)).toEqual(ids.slice(1));
    expect(shownIn(reloaded.client)).toEqual(['hello', 'two (sent)', 'three (sending)']);
  });

  test('takes only what was never sent along into another session', async () => {
    const { reloaded } = await reloadWithUnsent();

    await welcome(reloaded.socket, aSessionReply({ sessionId: 'session-2', token: 'token-2' }));

    expect(shownIn(reloaded.client)).toEqual(['one (failed)', 'two (failed)', 'three (sending)']);
  });

  test('takes what was sent for undeliverable when it is not known in which session', async () => {
    const storage = memoryStorage();
    const tab = loneBrowser({ storage }).open();
    tab.client.connect();
    await welcome(tab.socket);
    tab.client.send('one');
    tab.crash();
    for (let n = storage.length - 1; n >= 0; n -= 1) {
      const key = storage.key(n) ?? '';
      if (key.endsWith(':session')) storage.setItem(key, '{"token":');
    }

    const reloaded = loneBrowser({ storage }).open();
    reloaded.client.connect();

    expect(shownIn(reloaded.client)).toEqual(['one (failed)']);
  });

  test('finds nothing any more of what was delivered', async () => {
    const storage = memoryStorage();
    const tab = loneBrowser({ storage }).open();
    tab.client.connect();
    await welcome(tab.socket);
    const id = tab.client.send('one');
    await tab.socket.reply('sendMessage', accepted(id));
    await tab.socket.push(anEcho(id));
    tab.crash();

    const reloaded = loneBrowser({ storage }).open();
    reloaded.client.connect();

    expect(shownIn(reloaded.client)).toEqual([]);
  });

  test('shows a failed message again, to be retried or discarded', async () => {
    const { reloaded } = await reloadWithUnsent();
    await welcome(reloaded.socket, aSessionReply({ sessionId: 'session-2', token: 'token-2' }));
    const pending = reloaded.client.state.timeline.flatMap((item) =>
      item.kind === 'pending' ? [item.entry.id] : [],
    );

    reloaded.client.discard(pending[0] ?? '');
    reloaded.client.retry(pending[1] ?? '');

    expect(shownIn(reloaded.client)).toEqual(['three (sending)', 'two (queued)']);
  });
});

function aCycle(): object {
  const cycle: { self?: object } = {};
  cycle.self = cycle;
  return cycle;
}

describe('a message', () => {
  test('takes its attributes along, after a reload too', async () => {
    const storage = memoryStorage();
    const tab = loneBrowser({ storage }).open();
    tab.client.connect();
    tab.client.send('one', { attributes: { topic: 'returns' } });
    tab.crash();

    const reloaded = loneBrowser({ storage }).open();
    reloaded.client.connect();
    await welcome(reloaded.socket);

    expect(reloaded.socket.framesOf('sendMessage')).toMatchObject([
      { body: 'one', attributes: { topic: 'returns' } },
    ]);
  });

  test('with too large attributes is refused before it is sent', async () => {
    const tab = await openOnline();
    const attributes = { note: 'x'.repeat(MAX_ATTRIBUTES_BYTES) };

    expect(() => tab.client.send('one', { attributes })).toThrow(
      expect.objectContaining({ code: 'too_large' }),
    );
  });

  test.each<[string, () => object]>([
    ['hold themselves', aCycle],
    ['hold a number that JSON does not know', () => ({ count: 1n })],
    ['are a list', () => ['a']],
  ])('with attributes that %s is refused before it is sent', async (_, make) => {
    const tab = await openOnline();
    const attributes = make() as Record<string, unknown>;

    expect(tab.client.problemWith('one', { attributes })).toBe('bad_frame');
    expect(() => tab.client.send('one', { attributes })).toThrow(
      expect.objectContaining({ code: 'bad_frame' }),
    );
  });

  test('cannot be discarded while it may still arrive', async () => {
    const tab = await openOnline();

    tab.client.discard(tab.client.send('one'));

    expect(shownIn(tab.client)).toEqual(['one (sending)']);
  });

  test('shows its files and that it was cut', async () => {
    const tab = await openOnline();
    const media = [{ id: 'ME1', filename: 'plan.pdf', contentType: 'application/pdf', size: 7 }];

    await tab.socket.push(aMessageEvent({ media, truncated: true }));

    expect(tab.client.state.timeline).toMatchObject([{ message: { media, truncated: true } }]);
  });
});

describe('storage that fails', () => {
  const full = (): KeyValueStorage =>
    Object.setPrototypeOf(
      {
        setItem() {
          throw new Error('QuotaExceededError');
        },
      },
      memoryStorage(),
    );

  test('is told of, and goes on in memory', async () => {
    const tab = loneBrowser({ storage: full() }).open();
    tab.client.connect();
    await welcome(tab.socket);

    tab.client.send('one');

    expect(tab.client.state.persistent).toBe(false);
    expect(shownIn(tab.client)).toEqual(['one (sending)']);
  });

  test('does not make a client that reconnects forget its session and messages', async () => {
    const tab = loneBrowser({ storage: full() }).open();
    tab.client.connect();
    await welcome(tab.socket);
    const id = tab.client.send('one');
    tab.client.disconnect();

    tab.client.connect();
    await welcome(tab.socket);

    expect(tab.socket.protocols).toContain('token.token-1');
    expect(tab.socket.framesOf('sendMessage').map((frame) => frame.id)).toEqual([id]);
  });

  test('is not told of while all is well', async () => {
    const tab = await openOnline();

    expect(tab.client.state.persistent).toBe(true);
  });
});

describe('an agent who types', () => {
  const typing = { type: 'typing', chat: 1, name: 'Ada' } as const;

  test('is named for six seconds after the last event', async () => {
    const tab = await openOnline();
    await tab.socket.push(typing);
    await jest.advanceTimersByTimeAsync(5_000);
    await tab.socket.push(typing);

    await jest.advanceTimersByTimeAsync(5_999);
    expect(tab.client.state.typing).toBe('Ada');
    await jest.advanceTimersByTimeAsync(1);

    expect(tab.client.state.typing).toBeUndefined();
  });

  test.each([
    ['the message is there', aMessageEvent()],
    ['the chat has ended', { type: 'ended', chat: 1, by: 'agent', at: '2026-11-22T09:00:00.000Z' }],
  ])('is not named any more once %s', async (_, event) => {
    const tab = await openOnline();
    await tab.socket.push(typing);

    await tab.socket.push(event);

    expect(tab.client.state.typing).toBeUndefined();
  });

  test('is not named for a chat that is over', async () => {
    const tab = await openOnline({}, aSessionReply({ chat: { number: 2, state: 'open' } }));

    await tab.socket.push(typing);

    expect(tab.client.state.typing).toBeUndefined();
  });
});
