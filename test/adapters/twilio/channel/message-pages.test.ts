/** Reading transcripts of hundreds and thousands of messages, by both of Twilio's products. */
import { randomUUID } from 'node:crypto';
import type { FlexBackend } from '#core/flex';
import { clientMessageId, sessionId } from '#core/ids';
import type { Channel, ChatRef, TranscriptPlace } from '#core/session';
import {
  addMessage,
  deleteMessage,
  updateMessage,
} from '#local/emulators/twilio/conversations/state/message';
import { conversationsUnderTest } from '../conversations/conversations-under-test.ts';
import { programmableChatUnderTest } from '../programmable-chat/programmable-chat-under-test.ts';

/** What docs/architecture.md allows for the messages of one frame. */
const MOST_CALLS = 3;

const BACK_ENDS = [
  ['Flex Conversations', conversationsUnderTest],
  ['Programmable Chat', programmableChatUnderTest],
] as const;

type UnderTest = Awaited<ReturnType<(typeof BACK_ENDS)[number][1]>>;

const SILENT = { source: 'API', firesWebhooks: false } as const;

/** What the session keeps of a chat's transcript, and a backend whose calls are counted. */
class Reader {
  places: readonly TranscriptPlace[] | undefined;
  readonly calls: number[] = [];
  readonly #backend: FlexBackend;
  #count = 0;

  constructor(flex: UnderTest) {
    this.#backend = flex.connect((...request) => {
      this.#count += 1;
      return fetch(...request);
    });
  }

  /** One frame. */
  async read(chat: ChatRef, afterIndex: number, limit: number) {
    this.#count = 0;
    const page = await this.#backend.listMessages(chat, afterIndex, limit, this.places);
    this.places = page.places ?? this.places;
    this.calls.push(this.#count);
    return { indexes: page.messages.map(({ index }) => index), complete: page.complete };
  }

  async latest(chat: ChatRef, limit: number) {
    this.#count = 0;
    const page = await this.#backend.listLatest(chat, limit);
    this.calls.push(this.#count);
    return { indexes: page.messages.map(({ index }) => index), complete: page.complete };
  }

  /** Frames until there is an answer. */
  async readOn(chat: ChatRef, afterIndex: number, limit: number) {
    for (let frames = 0; frames < 100; frames += 1) {
      const page = await this.read(chat, afterIndex, limit);
      if (page.complete || page.indexes.length > 0) return page;
    }
    throw new Error(`nothing after ${afterIndex}`);
  }

  async readAll(chat: ChatRef, limit: number): Promise<number[]> {
    const all: number[] = [];
    for (;;) {
      const page = await this.readOn(chat, all.at(-1) ?? -1, limit);
      all.push(...page.indexes);
      if (page.complete) return all;
    }
  }

  get mostCalls(): number {
    return Math.max(...this.calls);
  }
}

const upTo = (count: number, from = 0) => Array.from({ length: count - from }, (_, n) => from + n);

describe.each(BACK_ENDS)('a long transcript of %s', (_, create) => {
  let flex: UnderTest;
  const chats = new Map<number, { chat: ChatRef; channel: Channel }>();
  const conversationOf = ({ sid }: Channel) => {
    const conversation = flex.twilio.world.conversations.get(sid);
    if (conversation === undefined) throw new Error(`no ${sid}`);
    return conversation;
  };

  async function aChatOf(count: number) {
    const chat = { sessionId: sessionId(randomUUID()), number: 1 };
    const { channel } = await flex.connect().openChannel(chat, {});
    fill(channel, count);
    return { chat, channel };
  }

  function fill(channel: Channel, count: number): void {
    const { world } = flex.twilio;
    for (let n = 0; n < count; n += 1) {
      addMessage(world, conversationOf(channel), { author: 'system', body: `${n}` }, SILENT);
    }
  }

  const chatOf = (count: number) => {
    const known = chats.get(count);
    if (known === undefined) throw new Error(`no chat of ${count}`);
    return known.chat;
  };

  beforeAll(async () => {
    flex = await create();
    for (const count of [950, 5_000]) chats.set(count, await aChatOf(count));
  });
  afterAll(() => flex.stop());

  test.each([
    [950, 50],
    [950, 100],
    [5_000, 50],
    [5_000, 100],
  ])(
    'of %d is read in steps of %d, each message once, with two calls for a step',
    async (count, limit) => {
      const reader = new Reader(flex);

      const read = await reader.readAll(chatOf(count), limit);

      expect(read).toEqual(upTo(count));
      expect(reader.mostCalls).toBeLessThanOrEqual(2);
      expect(reader.calls.length).toBeLessThanOrEqual(count / limit + 1);
    },
  );

  test.each([950, 5_000])('of %d shows the second message for one call', async (count) => {
    const reader = new Reader(flex);

    expect(await reader.read(chatOf(count), 0, 1)).toEqual({ indexes: [1], complete: false });

    expect(reader.calls).toEqual([1]);
  });

  test.each([950, 5_000])(
    'of %d shows what few messages were missed for one call',
    async (count) => {
      const reader = new Reader(flex);

      const page = await reader.read(chatOf(count), count - 8, 50);
      const none = await reader.read(chatOf(count), count - 1, 50);

      expect(page).toEqual({ indexes: upTo(count, count - 7), complete: true });
      expect(none).toEqual({ indexes: [], complete: true });
      expect(reader.calls).toEqual([1, 1]);
    },
  );

  test.each([950, 5_000])(
    'of %d is reached at any index, by few calls for each frame',
    async (count) => {
      for (let n = 0; n < 12; n += 1) {
        const reader = new Reader(flex);
        const after = Math.floor((n / 12) * count) + n;

        const page = await reader.readOn(chatOf(count), after, 20);

        expect(page.indexes).toEqual(upTo(after + 1 + page.indexes.length, after + 1));
        expect(reader.mostCalls).toBeLessThanOrEqual(MOST_CALLS);
        expect(reader.calls.length).toBeLessThanOrEqual(count / 200 + 1);
      }
    },
  );

  test.each([950, 5_000])('of %d shows the last ones for one call', async (count) => {
    const reader = new Reader(flex);

    const latest = await reader.latest(chatOf(count), 50);

    expect(latest).toEqual({ indexes: upTo(count, count - 50), complete: false });
    expect(reader.calls).toEqual([1]);
  });

  test('is read back from its end for three calls at most, though no place is known', async () => {
    for (const before of [50, 150, 200]) {
      const reader = new Reader(flex);
      const after = 5_000 - before - 100 - 1;

      const page = await reader.read(chatOf(5_000), after, 100);

      expect(page).toEqual({ indexes: upTo(after + 101, after + 1), complete: false });
      expect(reader.mostCalls).toBeLessThanOrEqual(MOST_CALLS);
    }
  });

  test('is read by two clients of the session that are far apart', async () => {
    const reader = new Reader(flex);
    const ahead = upTo(2_000);
    const behind: number[] = [];
    await reader.readOn(chatOf(5_000), -1, 100);
    for (let after = 99; after < 1_999; after += 100) {
      await reader.readOn(chatOf(5_000), after, 100);
    }

    while (ahead.length < 5_000 || behind.length < 2_000) {
      for (const read of [ahead, behind]) {
        read.push(...(await reader.readOn(chatOf(5_000), read.at(-1) ?? -1, 100)).indexes);
      }
    }

    expect(ahead.slice(0, 5_000)).toEqual(upTo(5_000));
    expect(behind.slice(0, 2_000)).toEqual(upTo(2_000));
    expect(reader.mostCalls).toBeLessThanOrEqual(MOST_CALLS);
  });

  test('is read where Twilio refuses the places that were kept', async () => {
    const reader = new Reader(flex);
    reader.places = [99, 199, 299].map((index) => ({ index, token: `PAmadeup${index}` }));

    const page = await reader.readOn(chatOf(950), 320, 50);

    expect(page.indexes).toEqual(upTo(371, 321));
    expect(reader.mostCalls).toBeLessThanOrEqual(MOST_CALLS);
    expect(reader.places.filter(({ token }) => token.startsWith('PAmadeup'))).toEqual([]);
  });

  test('is read where the message before a kept place was deleted', async () => {
    const { chat, channel } = await aChatOf(450);
    const reader = new Reader(flex);
    for (const after of [-1, 99, 199]) await reader.read(chat, after, 100);
    const conversation = conversationOf(channel);
    const [deleted] = conversation.messages.filter(({ index }) => index === 299);
    if (deleted) deleteMessage(flex.twilio.world, conversation, deleted, SILENT);

    const page = await reader.readOn(chat, 299, 100);

    expect(page.indexes[0]).toBe(300);
    expect(reader.mostCalls).toBeLessThanOrEqual(MOST_CALLS);
  });

  test('tells what is left before the cursor, from the first message that was read on', async () => {
    const { chat, channel } = await aChatOf(250);
    const { world } = flex.twilio;
    const conversation = conversationOf(channel);
    const message = (index: number) => {
      const found = conversation.messages.find((one) => one.index === index);
      if (found === undefined) throw new Error(`no message ${index}`);
      return found;
    };
    for (const index of [140, 249]) deleteMessage(world, conversation, message(index), SILENT);
    const changed = message(245);
    updateMessage(world, conversation, changed, { body: 'better' }, SILENT);
    changed.updatedAtMs = changed.createdAtMs + 5_000;

    const { messages, kept } = await flex.connect().listMessages(chat, 249, 100);

    expect(messages).toEqual([]);
    expect(kept?.indexes).toEqual(upTo(249, (kept?.from ?? 0) + 1).filter((one) => one !== 140));
    expect(kept?.edited).toMatchObject([{ index: 245, body: 'better' }]);
  });

  test('tells that all messages are gone', async () => {
    const { chat, channel } = await aChatOf(3);
    const conversation = conversationOf(channel);
    for (const one of [...conversation.messages]) {
      deleteMessage(flex.twilio.world, conversation, one, SILENT);
    }

    const { kept } = await flex.connect().listMessages(chat, 2, 100);

    expect(kept).toEqual({ from: -1, indexes: [], edited: [] });
  });

  test('asks under its own path, whatever place was kept', async () => {
    const asked: string[] = [];
    const backend = flex.connect((url, ...rest) => {
      asked.push(String(url));
      return fetch(url, ...rest);
    });

    const token = 'https://example.com/?a=b&PageSize=1#';
    await backend.listMessages(chatOf(950), 500, 10, [{ index: 499, token }]);

    const paths = new Set(asked.map((url) => new URL(url).pathname));
    expect(paths.size).toBe(1);
    expect(asked.map((url) => new URL(url).searchParams.getAll('PageSize'))).toEqual(
      asked.map(() => ['100']),
    );
  });

  test('of a chat that Flex does not know is empty, whatever place was kept', async () => {
    const unknown = { sessionId: sessionId(randomUUID()), number: 1 };
    const reader = new Reader(flex);
    reader.places = [{ index: 99, token: 'PAold' }];

    expect(await reader.read(unknown, 120, 50)).toEqual({ indexes: [], complete: true });
  });

  test('is searched for a message by ten calls at most', async () => {
    const reader = { calls: 0 };
    const backend = flex.connect((...request) => {
      reader.calls += 1;
      return fetch(...request);
    });

    const found = await backend.findMessage(chatOf(5_000), clientMessageId('lost'), 0);

    expect([found, reader.calls]).toEqual([undefined, 10]);
  });
});
