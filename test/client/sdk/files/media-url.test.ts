import { openTabs, told } from '#test/support/several-tabs';

const AT = { chat: 1, index: 3 };
const REPLY = { type: 'media' as const, ...AT, id: 'ME1', url: 'https://media.example/ME1' };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('mediaUrl', () => {
  test('asks the server for each click, from every tab', async () => {
    const { first, second } = await openTabs(2, { hasLocks: true });

    const own = first.client.mediaUrl(AT, 'ME1');
    await first.socket.reply('media', REPLY);
    const others = second.client.mediaUrl(AT, 'ME1');
    await told();
    await first.socket.reply('media', REPLY);
    await told();

    expect(await own).toBe(REPLY.url);
    expect(await others).toBe(REPLY.url);
    expect(first.socket.framesOf('media')).toMatchObject([
      { ...AT, id: 'ME1' },
      { ...AT, id: 'ME1' },
    ]);
  });

  test('rejects with the code of the refusal, in every tab', async () => {
    const { first, second } = await openTabs(2, { hasLocks: true });

    const asked = second.client.mediaUrl(AT, 'ME1').catch(({ code }) => code);
    await told();
    const error = { type: 'error', code: 'file_expired', message: 'gone' } as const;
    await first.socket.reply('media', error);
    await told();

    expect(await asked).toBe('file_expired');
  });
});
