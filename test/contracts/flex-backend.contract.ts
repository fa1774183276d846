/** What every Flex back end does, whichever product of Twilio stands behind it. */
import { randomUUID } from 'node:crypto';
import { ChatError } from '#core/errors';
import type { CustomerMessage, FlexBackend, FlexMessage } from '#core/flex';
import { type ChannelSid, clientMessageId, sessionId } from '#core/ids';
import { type Channel, type ChatRef, customerIdentity } from '#core/session';
import type { Profile } from '#protocol/frames';
import { dyingFetch } from '#test/support/dying-fetch';

type Fetch = typeof globalThis.fetch;

/** A back end on a Flex account of its own, and the account's other side. */
export interface FlexUnderTest {
  /** The back end, calling Twilio through `fetch`. */
  connect(fetch?: Fetch): FlexBackend;
  /** All channels of the account. */
  countChannels(): Promise<number>;
  inspect(channel: ChannelSid): Promise<ChannelView>;
  /** Accepts the channel's task if need be and writes as the agent. */
  reply(channel: ChannelSid, body: string): Promise<void>;
  replyWithMedia(
    channel: ChannelSid,
    media: { filename: string; contentType: string; size: number },
  ): Promise<void>;
  /** The agent has read up to an index. */
  read(channel: ChannelSid, index: number): Promise<void>;
  /** The agent leaves; the chat goes on without one. */
  leave(channel: ChannelSid): Promise<void>;
  comeBack(channel: ChannelSid): Promise<void>;
  /** What becomes of a task that nobody has accepted: of the latest one. */
  lose(channel: ChannelSid, how: 'timeout' | 'cancel' | 'delete'): Promise<void>;
  /** The channel is deleted, and nobody told. */
  remove(channel: ChannelSid): Promise<void>;
  /** How far each of the channel's tasks is. */
  statuses(channel: ChannelSid): Promise<readonly string[]>;
  /** Posts as somebody who is neither customer nor agent. */
  postAs(author: string, channel: ChannelSid, body: string, attributes?: object): Promise<void>;
  /** The agent ends the chat. */
  complete(channel: ChannelSid): Promise<void>;
  /** Resolves once all that was to happen has happened, webhooks included. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface ChannelView {
  /** How often the customer is in it. */
  readonly customers: number;
  /** URLs that hear of it. */
  readonly webhooks: readonly string[];
  /** Those that an agent has, or is to get. */
  readonly tasks: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  /** `customer`: up to where the customer has read. */
  readonly customerHasRead: number | null;
  readonly isEnded: boolean;
}

const PROFILE: Profile = {
  name: 'Grace',
  email: 'grace@example.com',
  language: 'en',
  pageUrl: 'https://shop.example.com/cart',
  fields: { department: 'sales' },
};

const newChat = (number = 1): ChatRef => ({ sessionId: sessionId(randomUUID()), number });

const aMessage = (id: string, body = `body of ${id}`): CustomerMessage => ({
  id: clientMessageId(id),
  body,
});

async function open(
  backend: FlexBackend,
  chat: ChatRef,
  profile: Profile = PROFILE,
): Promise<Channel> {
  const { channel } = await backend.openChannel(chat, profile);
  return backend.routeChannel(channel, chat, profile);
}

function countingFetch(): { readonly fetch: Fetch; calls: number } {
  const counter = {
    calls: 0,
    fetch: ((...request) => {
      counter.calls += 1;
      return globalThis.fetch(...request);
    }) as Fetch,
  };
  return counter;
}

const codeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'none',
    (error: unknown) => (error instanceof ChatError ? error.code : error),
  );

interface Traits {
  /** How many calls it takes to open and route a chat: five at most. */
  readonly openingCalls: number;
  /** Whether Flex refuses messages on a channel that has ended, or takes them all the same. */
  readonly refusesLateMessages: boolean;
}

export function flexBackendContract(
  name: string,
  create: () => Promise<FlexUnderTest>,
  { openingCalls, refusesLateMessages }: Traits,
): void {
  describe(`FlexBackend: ${name}`, () => {
    let flex: FlexUnderTest;
    let backend: FlexBackend;

    beforeAll(async () => {
      flex = await create();
      backend = flex.connect();
    });
    afterAll(() => flex.stop());

    describe('openChannel and routeChannel', () => {
      test('open one channel with the customer, both webhooks and one task', async () => {
        const chat = newChat();

        const channel = await open(backend, chat);

        const view = await flex.inspect(channel.sid);
        expect(view).toMatchObject({ customers: 1, tasks: [{}], isEnded: false });
        expect(view.webhooks.toSorted()).toEqual([
          expect.stringMatching(new RegExp(`/channel-update/${chat.sessionId}$`)),
          expect.stringMatching(new RegExp(`/new-message/${chat.sessionId}$`)),
        ]);
      });

      test('give the agent what is known of the customer', async () => {
        const channel = await open(backend, newChat());

        const { tasks } = await flex.inspect(channel.sid);
        expect(tasks[0]?.attributes).toMatchObject({
          name: 'Grace',
          channelType: 'web',
          channelSid: channel.sid,
          pre_engagement_data: {
            department: 'sales',
            email: 'grace@example.com',
            language: 'en',
            pageUrl: 'https://shop.example.com/cart',
          },
        });
      });

      test('name a customer who gave no name', async () => {
        const channel = await open(backend, newChat(), {});

        const { tasks } = await flex.inspect(channel.sid);
        expect(tasks[0]?.attributes).toMatchObject({ name: 'Customer' });
      });

      test(`take ${openingCalls} calls`, async () => {
        const counter = countingFetch();

        await open(flex.connect(counter.fetch), newChat());

        expect(counter.calls).toBe(openingCalls);
      });

      const everyCall = Array.from({ length: openingCalls }, (_, n) => n + 1);

      test.each(everyCall)('repeat safely after a crash in call %d', async (call) => {
        const chat = newChat();
        const before = await flex.countChannels();
        const first = await codeOf(open(flex.connect(dyingFetch(call)), chat));

        const channel = await open(backend, chat);

        expect(first).toBe('UPSTREAM_UNAVAILABLE');
        expect(await flex.countChannels()).toBe(before + 1);
        const view = await flex.inspect(channel.sid);
        expect(view).toMatchObject({ customers: 1, tasks: [{}] });
        expect(view.tasks).toHaveLength(1);
        expect(view.webhooks).toHaveLength(2);
      });

      test('repeat safely after the whole of it', async () => {
        const chat = newChat();
        const once = await open(backend, chat);
        await flex.inspect(once.sid);

        const twice = await open(backend, chat);

        expect(twice).toEqual(once);
        const view = await flex.inspect(once.sid);
        expect([view.customers, view.webhooks.length, view.tasks.length]).toEqual([1, 2, 1]);
      });

      test('open another channel for the next chat of a session', async () => {
        const chat = newChat();
        const first = await open(backend, chat);

        const second = await open(backend, { ...chat, number: 2 });

        expect(second.sid).not.toBe(first.sid);
      });

      test('say that a channel has ended instead of opening it again', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        await backend.endChannel(channel);

        const again = await backend.openChannel(chat, PROFILE);

        expect(again).toEqual({ state: 'ended', channel: { sid: channel.sid } });
      });
    });

    describe('postMessage', () => {
      test('posts as the customer and answers what Flex holds', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);

        const posted = await post(backend, channel, chat, aMessage('m-1', 'Grüße 👋\n&+='));

        expect(posted).toMatchObject({
          index: expect.any(Number),
          author: customerIdentity(chat.sessionId),
          clientMessageId: 'm-1',
          body: 'Grüße 👋\n&+=',
          sentAtMs: expect.any(Number),
        });
        expect(Math.abs(posted.sentAtMs - Date.now())).toBeLessThan(60_000);
      });

      test('hands on which choice of another message it is', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        const choice = { chat: 1, index: 4, id: 'yes' };
        const attributes = { flexChannel: { choice: { chat: 1, index: 0, id: 'forged' } } };

        await backend.postMessage(channel, chat, { ...aMessage('m-1'), attributes });
        await backend.postMessage(channel, chat, { ...aMessage('m-2'), attributes, choice });

        const { messages } = await backend.listLatest(chat, 2);
        expect(messages.map((message) => message.choice)).toEqual([undefined, choice]);
      });

      test('does not let attributes of the customer replace the id', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        const attributes = { clientMessageId: 'forged', colour: 'blue' };

        await backend.postMessage(channel, chat, { ...aMessage('m-1'), attributes });

        expect(
          await backend.findMessage(chat, clientMessageId('forged'), Date.now()),
        ).toBeUndefined();
        expect(await backend.findMessage(chat, clientMessageId('m-1'), Date.now())).toBeDefined();
      });

      test('takes one call', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        const counter = countingFetch();

        await flex.connect(counter.fetch).postMessage(channel, chat, aMessage('m-1'));

        expect(counter.calls).toBe(1);
      });

      const afterTheEnd = refusesLateMessages ? 'CHAT_ENDED' : 'none';

      test(`answers with the error ${afterTheEnd} after the agent ended the chat`, async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        await flex.complete(channel.sid);

        const code = await codeOf(backend.postMessage(channel, chat, aMessage('late')));

        expect(code).toBe(afterTheEnd);
        expect(await backend.channelState(chat)).toBe('ended');
      });

      test('rejects with UPSTREAM_UNAVAILABLE when the answer is lost', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        const message = aMessage('m-1');

        const code = await codeOf(flex.connect(dyingFetch(1)).postMessage(channel, chat, message));

        expect(code).toBe('UPSTREAM_UNAVAILABLE');
        expect(await backend.findMessage(chat, message.id, Date.now())).toMatchObject({
          body: 'body' in message ? message.body : '',
        });
      });
    });

    describe('uploadFile', () => {
      const file = {
        filename: 'Grüße.png',
        contentType: 'image/png',
        bytes: Uint8Array.from([0x89, 0x50, 0x4e, 0x47]),
      };
      /** As the worker does it, which looks first when a letter comes again. */
      async function deliver(to: FlexBackend, channel: Channel, chat: ChatRef): Promise<void> {
        const id = clientMessageId('f-1');
        if (await to.findMessage(chat, id, Date.now())) return;
        const mediaId = await to.uploadFile(file);
        await to.postMessage(channel, chat, { id, mediaId });
      }

      test.each([1, 2, 3, 4])(
        'leaves one message with one file after a crash in call %d',
        async (call) => {
          const chat = newChat();
          const channel = await open(backend, chat);

          await deliver(flex.connect(dyingFetch(call)), channel, chat).catch(() => {});
          await deliver(backend, channel, chat);

          const { messages } = await backend.listMessages(chat, -1, 50);
          expect(messages).toMatchObject([
            {
              clientMessageId: 'f-1',
              body: '',
              media: [{ filename: 'Grüße.png', contentType: 'image/png', size: 4 }],
            },
          ]);
        },
      );

      test('gives the file back by an address that needs no credentials', async () => {
        const id = await backend.uploadFile(file);

        const content = await fetch(await backend.fileUrl(id));

        expect(new Uint8Array(await content.arrayBuffer())).toEqual(file.bytes);
        expect(content.headers.get('content-type')).toBe('image/png');
      });

      test('does not know a file that nobody has uploaded', async () => {
        const unknown = `ME${'0'.repeat(32)}`;

        expect(await codeOf(backend.fileUrl(unknown))).toBe('FILE_GONE');
        expect(await codeOf(backend.fileUrl('../Channels'))).toBe('FILE_GONE');
      });
    });

    describe('findMessage', () => {
      test('finds a message behind forty later ones', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        const posted = await post(backend, channel, chat, aMessage('old'));
        for (let n = 0; n < 39; n += 1) {
          await backend.postMessage(channel, chat, aMessage(`m-${n}`));
        }

        expect(await backend.findMessage(chat, clientMessageId('old'), Date.now())).toEqual(posted);
      });

      test('finds a message behind any number of others since the given time', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        const posted = await post(backend, channel, chat, aMessage('old'));
        for (let n = 0; n < 55; n += 1) {
          await backend.postMessage(channel, chat, aMessage(`m-${n}`));
        }
        const sinceMs = posted.sentAtMs - 60_000;

        const found = await backend.findMessage(chat, clientMessageId('old'), sinceMs);

        expect(found).toEqual(posted);
      });

      test('finds nothing under an id that was not posted', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        await backend.postMessage(channel, chat, aMessage('m-1'));

        expect(await backend.findMessage(chat, clientMessageId('m-2'), Date.now())).toBeUndefined();
      });

      test("does not take somebody else's message for the customer's", async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        await flex.postAs('flow', channel.sid, 'hello', { clientMessageId: 'm-1' });

        expect(await backend.findMessage(chat, clientMessageId('m-1'), Date.now())).toBeUndefined();
      });

      test('finds nothing in a chat that Flex does not know', async () => {
        expect(
          await backend.findMessage(newChat(), clientMessageId('m-1'), Date.now()),
        ).toBeUndefined();
      });
    });

    describe('listMessages', () => {
      test('lists who wrote what, in order', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        await backend.postMessage(channel, chat, aMessage('m-1', 'a question'));
        await flex.postAs('flow', channel.sid, 'one moment');
        await flex.postAs('system', channel.sid, 'a notice');
        await flex.reply(channel.sid, 'an answer');

        const page = await backend.listMessages(chat, -1, 50);

        expect(page.complete).toBe(true);
        expect(page.messages.map(({ body }) => body)).toEqual([
          'a question',
          'one moment',
          'a notice',
          'an answer',
        ]);
        expect(page.messages.slice(1).map(({ role }) => role)).toEqual(['bot', 'system', 'agent']);
        expect(page.messages[0]?.author).toBe(customerIdentity(chat.sessionId));
      });

      test('gives the first ones of many, then those after an index', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        for (let n = 0; n < 130; n += 1) {
          await backend.postMessage(channel, chat, aMessage(`m-${n}`, String(n)));
        }
        const bodiesFrom = (from: number, count: number) =>
          Array.from({ length: count }, (_, n) => String(from + n));

        const first = await backend.listMessages(chat, -1, 10);
        const last = first.messages.at(-1)?.index ?? 0;
        const second = await backend.listMessages(chat, last, 10);
        const rest = await backend.listMessages(chat, second.messages.at(-1)?.index ?? 0, 110);

        expect([first.complete, second.complete, rest.complete]).toEqual([false, false, true]);
        expect(first.messages.map(({ body }) => body)).toEqual(bodiesFrom(0, 10));
        expect(second.messages.map(({ body }) => body)).toEqual(bodiesFrom(10, 10));
        expect(rest.messages.map(({ body }) => body)).toEqual(bodiesFrom(20, 110));
      });

      test('gives none after the last index', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        const { index } = await post(backend, channel, chat, aMessage('m-1'));

        expect(await backend.listMessages(chat, index, 10)).toEqual({
          messages: [],
          complete: true,
          kept: { from: -1, indexes: [index], edited: [] },
        });
      });

      test('reads a chat that has ended', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        await backend.postMessage(channel, chat, aMessage('m-1'));
        await backend.endChannel(channel);

        const { messages } = await backend.listMessages(chat, -1, 10);

        expect(messages.map(({ clientMessageId: id }) => id)).toEqual(['m-1']);
      });

      test('gives no messages of a chat that Flex does not know', async () => {
        const none = { messages: [], complete: true };

        expect(await backend.listMessages(newChat(), -1, 10)).toEqual(none);
        expect(await backend.listMessages(newChat(), 3, 10)).toEqual(none);
      });
    });

    test('shows rich content that a program has written into the attributes', async () => {
      const chat = newChat();
      const channel = await open(backend, chat);
      const content = {
        type: 'quickReply',
        actions: [{ type: 'reply', id: 'yes', title: 'Yes' }],
      };

      await flex.postAs('flow', channel.sid, 'Sure?', { flexChannel: { content } });
      await flex.postAs('flow', channel.sid, 'Sure?', { flexChannel: { content: 'other' } });

      const { messages } = await backend.listLatest(chat, 2);
      expect(messages.map((message) => message.content)).toEqual([content, undefined]);
    });

    describe('listLatest', () => {
      test('gives the last ones of many in order, and says that there are more before them', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        for (const n of [1, 2, 3]) {
          await backend.postMessage(channel, chat, aMessage(`m-${n}`, String(n)));
        }
        const latest = async (limit: number) => {
          const { messages, complete } = await backend.listLatest(chat, limit);
          return { bodies: messages.map(({ body }) => body), complete };
        };

        expect(await latest(2)).toEqual({ bodies: ['2', '3'], complete: false });
        expect(await latest(3)).toEqual({ bodies: ['1', '2', '3'], complete: true });
      });

      test('gives no messages of a chat that Flex does not know', async () => {
        expect(await backend.listLatest(newChat(), 10)).toEqual({ messages: [], complete: true });
      });
    });

    describe('lastWordAtMs', () => {
      test('tells when the latest message was written, whoever wrote it', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        const silent = await backend.lastWordAtMs(chat);
        const posted = await post(backend, channel, chat, aMessage('m-1'));
        const own = await backend.lastWordAtMs(chat);
        await flex.postAs('ada', channel.sid, 'good morning');
        const theirs = await backend.lastWordAtMs(chat);

        expect(silent).toBeUndefined();
        expect(own).toBe(posted.sentAtMs);
        expect(theirs).toBeGreaterThanOrEqual(posted.sentAtMs);
      });

      test('knows nothing of a chat that Flex does not have', async () => {
        expect(await backend.lastWordAtMs(newChat())).toBeUndefined();
      });
    });

    describe('markRead', () => {
      test("moves the customer's read horizon", async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        await flex.reply(channel.sid, 'hello');
        const [message] = (await backend.listMessages(chat, -1, 10)).messages;

        await backend.markRead(channel, chat, message?.index ?? -1);

        const { customerHasRead } = await flex.inspect(channel.sid);
        expect(customerHasRead).toBe(message?.index);
      });
    });

    describe('endChannel', () => {
      test('ends the chat and the task', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        await flex.reply(channel.sid, 'hello');

        await backend.endChannel(channel);

        expect(await flex.inspect(channel.sid)).toMatchObject({ isEnded: true, tasks: [] });
        expect(await backend.channelState(chat)).toBe('ended');
      });

      test('ends a chat whose task is known by the channel only', async () => {
        const channel = await open(backend, newChat());
        await flex.inspect(channel.sid);

        await backend.endChannel({ sid: channel.sid });

        expect(await flex.inspect(channel.sid)).toMatchObject({ isEnded: true, tasks: [] });
      });

      test('ends a chat that was never routed', async () => {
        const { channel } = await backend.openChannel(newChat(), PROFILE);

        await backend.endChannel(channel);

        expect(await flex.inspect(channel.sid)).toMatchObject({ isEnded: true });
      });

      test.each([1, 2, 3, 4, 5])('can be repeated after a crash in call %d', async (call) => {
        const channel = await open(backend, newChat());
        await flex.reply(channel.sid, 'hello');
        await codeOf(flex.connect(dyingFetch(call)).endChannel(channel));

        await backend.endChannel(channel);

        expect(await flex.inspect(channel.sid)).toMatchObject({ isEnded: true, tasks: [] });
      });

      test('withdraws a task that nobody has accepted', async () => {
        const channel = await open(backend, newChat());
        await flex.settled();

        await backend.endChannel(channel);

        expect(await flex.statuses(channel.sid)).toEqual(['canceled']);
      });

      test('leaves an agent who has accepted to wrap up', async () => {
        const channel = await open(backend, newChat());
        await flex.reply(channel.sid, 'hello');

        await backend.endChannel(channel);

        expect(await flex.statuses(channel.sid)).toEqual(['wrapping']);
      });

      test('changes nothing in a chat that has ended', async () => {
        const channel = await open(backend, newChat());
        await flex.complete(channel.sid);

        await backend.endChannel(channel);
        await backend.endChannel(channel);

        expect(await flex.inspect(channel.sid)).toMatchObject({ isEnded: true });
      });
    });

    describe('channelState', () => {
      test('is open with an agent, and without one', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        const before = await backend.channelState(chat);
        await flex.reply(channel.sid, 'hello');
        await flex.leave(channel.sid);

        expect([before, await backend.channelState(chat)]).toEqual(['open', 'open']);
      });

      test('is ended for one chat and open for the next', async () => {
        const chat = newChat();
        const next = { ...chat, number: 2 };
        await flex.complete((await open(backend, chat)).sid);
        await open(backend, next);

        expect(await backend.channelState(chat)).toBe('ended');
        expect(await backend.channelState(next)).toBe('open');
      });

      test('is unknown for a chat that Flex does not know', async () => {
        expect(await backend.channelState(newChat())).toBeUndefined();
      });
    });

    describe('service', () => {
      test.each([
        ['is to get', async () => {}],
        ['has', async ({ sid }: Channel) => flex.reply(sid, 'hello')],
      ])('is the task that an agent %s, known or not', async (_, prepare) => {
        const channel = await open(backend, newChat());
        await prepare(channel);
        await flex.settled();

        const known = await backend.service(channel);
        const { kind, ...task } = await backend.service({ sid: channel.sid });

        expect(known).toEqual({ kind: 'task', ...task });
        expect(await backend.taskGoesOn('taskSid' in task ? task.taskSid : '')).toBe(true);
      });

      test.each(['timeout', 'cancel', 'delete'] as const)(
        'is none after the %s of a task that nobody accepted',
        async (how) => {
          const channel = await open(backend, newChat());
          await flex.lose(channel.sid, how);

          expect(await backend.service(channel)).toEqual({ kind: 'none' });
          expect(await backend.service({ sid: channel.sid })).toEqual({ kind: 'none' });
        },
      );

      test('is none once the agent has left', async () => {
        const channel = await open(backend, newChat());
        await flex.reply(channel.sid, 'hello');
        await flex.leave(channel.sid);

        expect(await backend.service(channel)).toEqual({ kind: 'none' });
      });

      test('is the task of the agent who has come back', async () => {
        const channel = await open(backend, newChat());
        await flex.reply(channel.sid, 'hello');
        await flex.leave(channel.sid);
        await flex.comeBack(channel.sid);

        expect(await backend.service(channel)).toMatchObject({ kind: 'task' });
      });

      test.each([
        ['the agent', ({ sid }: Channel) => flex.complete(sid)],
        ['the customer', (channel: Channel) => backend.endChannel(channel)],
      ])('has ended with the chat that %s ended', async (_, end) => {
        const channel = await open(backend, newChat());
        await flex.reply(channel.sid, 'hello');
        await end(channel);

        expect(await backend.service(channel)).toEqual({ kind: 'ended' });
      });

      test('is gone with the channel', async () => {
        const channel = await open(backend, newChat());
        await flex.settled();
        await flex.remove(channel.sid);

        expect(await backend.service(channel)).toEqual({ kind: 'gone' });
      });
    });

    describe('rerouteChannel', () => {
      /** Its task was canceled, and the customer is still there. */
      async function aLostChat(chat: ChatRef) {
        const channel = await open(backend, chat);
        await flex.lose(channel.sid, 'cancel');
        return channel;
      }

      test('makes one more task in the same channel, which says the same', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        const [first] = (await flex.inspect(channel.sid)).tasks;
        await flex.lose(channel.sid, 'cancel');

        const routed = await backend.rerouteChannel(channel, chat, PROFILE);

        const { tasks, isEnded } = await flex.inspect(channel.sid);
        expect(tasks).toHaveLength(1);
        const { name, pre_engagement_data } = first?.attributes ?? {};
        expect(tasks[0]?.attributes).toMatchObject({ name, pre_engagement_data });
        expect([routed.sid, isEnded]).toEqual([channel.sid, false]);
        expect(await backend.service(routed)).toMatchObject({ kind: 'task' });
        await flex.reply(channel.sid, 'sorry for the wait');
        expect(await backend.service(routed)).toMatchObject({ kind: 'task' });
      });

      test('makes a task from what is known of the customer if the former one is deleted', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        await flex.lose(channel.sid, 'delete');

        await backend.rerouteChannel(channel, chat, PROFILE);

        const { tasks } = await flex.inspect(channel.sid);
        expect(tasks).toMatchObject([{ attributes: { name: 'Grace' } }]);
      });

      test.each([1, 2, 3, 4])(
        'leaves one task, which is found, after a crash in call %d',
        async (call) => {
          const chat = newChat();
          const channel = await aLostChat(chat);
          await codeOf(flex.connect(dyingFetch(call)).rerouteChannel(channel, chat, PROFILE));
          await flex.settled();

          const found = await backend.service(channel);
          if (found.kind !== 'task') await backend.rerouteChannel(channel, chat, PROFILE);

          expect((await flex.inspect(channel.sid)).tasks).toHaveLength(1);
          expect(await backend.service(channel)).toMatchObject({ kind: 'task' });
        },
      );

      test('is ended as a whole by whoever ends the chat', async () => {
        const chat = newChat();
        const routed = await backend.rerouteChannel(await aLostChat(chat), chat, PROFILE);
        await flex.settled();

        await backend.endChannel(routed);

        expect(await flex.statuses(routed.sid)).toEqual(['canceled', 'canceled']);
      });
    });

    describe('a name', () => {
      test('never is the identity of an agent', async () => {
        const chat = newChat();
        const channel = await open(backend, chat);
        await flex.reply(channel.sid, 'hello');
        const { messages } = await backend.listMessages(chat, -1, 10);
        const author = messages[0]?.author ?? '';

        const name = await backend.findName(author);

        expect(name).not.toBe('');
        expect(name).not.toContain(author);
      });

      test('of somebody unknown is none, and the configured one stands in', async () => {
        expect(await backend.findName('nobody_40example_2Ecom')).toBe('');
        expect(backend.fallbackName('agent')).toBe('Agent');
        expect(backend.fallbackName('bot')).toBe('Assistant');
      });

      test('is not read while Twilio does not answer', async () => {
        const offline = flex.connect(dyingFetch(0));

        const looked = offline.findName('ann_40example_2Ecom');

        await expect(looked).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
      });
    });
  });
}

/** @returns the message as Flex has it: the post itself tells nothing. */
async function post(
  backend: FlexBackend,
  channel: Channel,
  chat: ChatRef,
  message: CustomerMessage,
): Promise<FlexMessage> {
  await backend.postMessage(channel, chat, message);
  const posted = await backend.findMessage(chat, message.id, Date.now());
  if (posted === undefined) throw new Error('the message is not there');
  return posted;
}
