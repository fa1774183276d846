import { aHistoryReply, anEcho, aSessionReply } from '#test/support/chat-events';
import type { FakeTab } from '#test/support/fake-browser';
import { aForm, aPicture, FakeUploads, FILES } from '#test/support/fake-uploads';
import { loneBrowser, OPEN_CHAT, openOnline, welcome } from '#test/support/lone-tab';
import { openTabs, told } from '#test/support/several-tabs';

const SESSION = aSessionReply({ chat: { number: 1, state: 'open' }, files: FILES });

/** One line for each item: what it is, its state, and how much of it is uploaded. */
const shown = ({ client }: FakeTab): string[] =>
  client.state.timeline.flatMap((item) => {
    if (item.kind === 'message') return [item.message.media?.[0]?.filename ?? item.message.body];
    if (item.kind !== 'pending') return [];
    const { body, code, file, progress, state } = item.entry;
    return [
      [file?.filename ?? body, state, progress, code].filter((one) => one !== undefined).join(' '),
    ];
  });

const idsAsked = ({ socket }: FakeTab) => socket.framesOf('attach').map(({ id }) => id);

const media = [{ id: 'ME1', filename: 'a.png', contentType: 'image/png', size: 5 }];
const soon = () => jest.advanceTimersByTimeAsync(20);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

async function aCustomer() {
  const uploads = new FakeUploads();
  const tab = await openOnline({ upload: uploads.upload }, SESSION);
  return { tab, uploads };
}

/** With a file whose form was answered. */
async function anUpload() {
  const { tab, uploads } = await aCustomer();
  const id = tab.client.attach(aPicture());
  await soon();
  await tab.socket.reply('attach', aForm(id));
  await soon();
  return { tab, uploads, id };
}

/** Lets time pass on a connection that has nothing new to tell. */
async function quiet({ socket }: FakeTab, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 5_000) {
    const asked = socket.framesOf('history').length;
    await jest.advanceTimersByTimeAsync(5_000);
    if (socket.framesOf('history').length > asked) await socket.reply('history', aHistoryReply());
  }
}

async function reconnect(tab: FakeTab): Promise<void> {
  await tab.socket.fail();
  await jest.advanceTimersByTimeAsync(1_000);
  await welcome(tab.socket, SESSION);
  await soon();
}

describe('a file', () => {
  test('is described to the server, uploaded, accepted and shown', async () => {
    const { tab, uploads } = await aCustomer();
    const id = tab.client.attach(aPicture());
    await soon();

    expect(tab.socket.framesOf('attach')).toMatchObject([
      { id, filename: 'a.png', contentType: 'image/png', size: 5, chat: 1 },
    ]);
    await tab.socket.reply('attach', aForm(id));
    await uploads.progress(0.4);
    expect(shown(tab)).toEqual(['a.png sending 0.4']);
    expect(await uploads.forms[0]?.text).toBe('12345');
    await uploads.answer(204);
    expect(shown(tab)).toEqual(['a.png sending 1']);
    await tab.socket.push({ type: 'accepted', id });
    expect(shown(tab)).toEqual(['a.png sent 1']);
    await tab.socket.push(anEcho(id, { body: '', media }));

    expect(shown(tab)).toEqual(['a.png']);
    expect(uploads.forms).toHaveLength(1);
  });

  test('keeps its place: what is written after it waits until it is accepted', async () => {
    const { tab, uploads } = await aCustomer();
    const first = tab.client.attach(aPicture());
    const second = tab.client.attach(aPicture('b.png'));
    tab.client.send('after');
    await soon();
    await tab.socket.reply('attach', aForm(first));
    await soon();
    await uploads.answer(204);

    expect(idsAsked(tab)).toEqual([first]);
    expect(tab.socket.framesOf('sendMessage')).toEqual([]);
    await tab.socket.push({ type: 'accepted', id: first });
    await soon();
    expect(idsAsked(tab)).toEqual([first, second]);
    await tab.socket.reply('attach', { type: 'error', code: 'too_many_files', message: 'enough' });
    await soon();

    expect(tab.socket.framesOf('sendMessage')).toMatchObject([{ body: 'after' }]);
    expect(shown(tab)).toEqual(['a.png sent 1', 'b.png failed 0 too_many_files', 'after sending']);
  });

  test('that the bucket refuses, as its form has expired, is posted with another form under its id', async () => {
    const { tab, uploads, id } = await anUpload();

    await uploads.answer(403);
    await jest.advanceTimersByTimeAsync(2_000);
    await tab.socket.reply('attach', aForm(id, 2));
    await soon();

    expect(idsAsked(tab)).toEqual([id, id]);
    expect(uploads.forms.map(({ url }) => url)).toEqual([aForm(id).url, aForm(id, 2).url]);
  });

  test('whose upload is cut off begins again once the network is back', async () => {
    const { tab, uploads, id } = await anUpload();
    await tab.socket.fail();
    await uploads.answer(0);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(idsAsked(tab)).toEqual([]);

    await welcome(tab.socket, SESSION);
    await soon();

    expect(idsAsked(tab)).toEqual([id]);
  });

  test('goes on uploading while the connection is replaced', async () => {
    const { tab, uploads, id } = await anUpload();
    await uploads.progress(0.5);

    await reconnect(tab);
    expect(shown(tab)).toEqual(['a.png sending 0.5']);
    await uploads.answer(204);
    await tab.socket.push({ type: 'accepted', id });

    expect(shown(tab)).toEqual(['a.png sent 1']);
    expect(uploads.forms).toHaveLength(1);
  });

  test('waits for a connection', async () => {
    const { tab, uploads } = await aCustomer();
    await tab.socket.fail();
    tab.client.attach(aPicture());
    expect(shown(tab)).toEqual(['a.png queued']);

    await jest.advanceTimersByTimeAsync(1_000);
    await welcome(tab.socket, SESSION);
    await soon();

    expect(idsAsked(tab)).toHaveLength(1);
    expect(uploads.forms).toEqual([]);
  });

  test('whose news is lost is uploaded again, under its id', async () => {
    const { tab, uploads, id } = await anUpload();
    await uploads.answer(204);

    await quiet(tab, 105_000);

    expect(idsAsked(tab)).toEqual([id, id]);
  });

  test('that stands still is begun anew', async () => {
    const { tab, uploads, id } = await anUpload();
    await uploads.progress(0.5);
    await quiet(tab, 65_000);

    expect(uploads.stopped).toBe(1);
    expect(idsAsked(tab)).toEqual([id, id]);
  });

  test('that can not be uploaded five times fails, and what follows it is sent', async () => {
    const { tab, uploads, id } = await anUpload();
    tab.client.send('after');
    for (let tries = 1; tries < 5; tries += 1) {
      await uploads.answer(500);
      await quiet(tab, 10_000);
      await tab.socket.reply('attach', aForm(id));
      await soon();
    }
    await uploads.answer(500);

    expect(shown(tab)).toEqual(['a.png failed 0 unavailable', 'after sending']);
  });

  test('can be stopped, and the rest goes on', async () => {
    const { tab, uploads, id } = await anUpload();
    tab.client.send('after');
    tab.client.discard(id);
    await soon();

    expect(uploads.stopped).toBe(1);
    expect(shown(tab)).toEqual(['after sending']);
  });

  test('can not be stopped once all of it is uploaded', async () => {
    const { tab, uploads, id } = await anUpload();
    const problems: string[] = [];
    tab.client.on('problem', ({ message }) => problems.push(message));
    await uploads.answer(204);

    tab.client.discard(id);
    await soon();

    expect(shown(tab)).toEqual(['a.png sending 1']);
    expect(problems).toHaveLength(1);
  });

  test('that is rejected can be tried again', async () => {
    const { tab, uploads, id } = await anUpload();
    await uploads.answer(204);
    await tab.socket.push({ type: 'rejected', id, code: 'unsafe_file' });
    expect(shown(tab)).toEqual(['a.png failed 1 unsafe_file']);

    tab.client.retry(id);
    await soon();

    expect(idsAsked(tab)).toEqual([id, id]);
    expect(shown(tab)).toEqual(['a.png sending 0']);
  });

  test.each([
    ['is too large', new File(['1'.repeat(101)], 'a.png', { type: 'image/png' }), 'file_too_large'],
    ['is of no type that is allowed', new File(['1'], 'a.exe'), 'wrong_file_type'],
    ['holds nothing', new File([], 'a.png', { type: 'image/png' }), 'wrong_file_type'],
  ])('that %s fails, and the server is not asked', async (_, file, code) => {
    const { tab } = await aCustomer();

    tab.client.attach(file);
    await soon();

    expect(shown(tab)).toEqual([`${file.name} failed 0 ${code}`]);
    expect(idsAsked(tab)).toEqual([]);
  });

  test('is refused where the server has no files, after the end, and when the outbox is full', async () => {
    const without = await openOnline();
    const ended = await openOnline({}, { ...SESSION, chat: { number: 1, state: 'ended' } });
    const { tab: full } = await aCustomer();
    for (let count = 0; count < 20; count += 1) full.client.send('x');

    expect(() => without.client.attach(aPicture())).toThrow('not_supported');
    expect(() => ended.client.attach(aPicture())).toThrow('chat_ended');
    expect(() => full.client.attach(aPicture())).toThrow('outbox_full');
    expect(without.client.state.files).toBeUndefined();
  });
});

describe('after a reload', () => {
  test('a file whose bytes are gone fails with a code of its own, and what follows it is sent', async () => {
    const browser = loneBrowser();
    const uploads = new FakeUploads();
    const before = browser.open({ tabId: 't', upload: uploads.upload });
    before.client.connect();
    await welcome(before.socket, SESSION);
    before.client.attach(aPicture());
    before.client.send('after');
    await soon();
    before.crash();

    const tab = browser.open({ tabId: 't' });
    tab.client.connect();
    await welcome(tab.socket, SESSION);
    await jest.advanceTimersByTimeAsync(11_000);

    expect(shown(tab)).toEqual(['a.png failed file_expired', 'after sending']);
    expect(idsAsked(tab)).toEqual([]);
  });

  test('a file that was uploaded is waited for, and shown once', async () => {
    const browser = loneBrowser();
    const uploads = new FakeUploads();
    const before = browser.open({ tabId: 't', upload: uploads.upload });
    before.client.connect();
    await welcome(before.socket, SESSION);
    const id = before.client.attach(aPicture());
    await soon();
    await before.socket.reply('attach', aForm(id));
    await soon();
    await uploads.answer(204);
    before.crash();

    const tab = browser.open({ tabId: 't' });
    tab.client.connect();
    await welcome(tab.socket, SESSION);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(shown(tab)).toEqual(['a.png sending 1']);
    await tab.socket.push(anEcho(id, { body: '', media }));

    expect(shown(tab)).toEqual(['a.png']);
    expect(idsAsked(tab)).toEqual([]);
  });
});

describe('with several tabs', () => {
  async function twoTabs() {
    const uploads = new FakeUploads();
    const tabs = await openTabs(2, { hasLocks: true }, { upload: uploads.upload }, SESSION);
    return { ...tabs, uploads };
  }

  test('the tab that has the bytes uploads, over the connection of the one that leads; all see it', async () => {
    const { first, second, uploads } = await twoTabs();
    const id = second.client.attach(aPicture());
    await told();
    await first.socket.reply('attach', aForm(id));
    await told();
    await uploads.progress(0.5);
    await told();

    expect(second.sockets).toEqual([]);
    expect(shown(first)).toEqual(['a.png sending 0.5']);
    expect(shown(second)).toEqual(['a.png sending 0.5']);
    await uploads.answer(204);
    await told();
    await first.socket.push({ type: 'accepted', id });
    await told();
    expect(shown(second)).toEqual(['a.png sent 1']);
  });

  test('a file that is never taken fails once, and can be tried again, in a tab that does not lead', async () => {
    const { first, second } = await twoTabs();
    const id = second.client.attach(new File([], 'empty.png', { type: 'image/png' }));
    await told();

    expect(shown(second)).toEqual(['empty.png failed 0 wrong_file_type']);
    second.client.retry(id);
    await told();
    expect(shown(first)).toEqual(['empty.png failed 0 wrong_file_type']);
  });

  test('it is stopped in any of them', async () => {
    const { first, second, uploads } = await twoTabs();
    const id = second.client.attach(aPicture());
    await told();
    await first.socket.reply('attach', aForm(id));
    await told();
    first.client.discard(id);
    await told();

    expect(uploads.stopped).toBe(1);
    expect(shown(second)).toEqual([]);
  });

  test('it fails when its tab is closed', async () => {
    const { first, second } = await twoTabs();
    const id = second.client.attach(aPicture());
    await told();
    await first.socket.reply('attach', aForm(id));
    first.client.send('after');
    second.crash();
    await quiet(first, 130_000);

    expect(shown(first)).toEqual(['a.png failed 0 file_expired', 'after sending']);
  });

  test('a tab whose leader is of a version without files offers none', async () => {
    const { second } = await openTabs(2, { hasLocks: true }, {}, OPEN_CHAT);

    expect(second.client.state.files).toBeUndefined();
    expect(() => second.client.attach(aPicture())).toThrow('not_supported');
  });
});
