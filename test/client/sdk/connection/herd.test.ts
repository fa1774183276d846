import { type ChatClient, createChatClient } from '#client/sdk/index';
import type { ServerEvent } from '#protocol/events';
import type { Frame } from '#protocol/frames';
import { Random } from '#test/simulation/random';
import { Scheduler } from '#test/simulation/scheduler';
import { aHistoryReply, aMessageEvent, aSessionReply } from '#test/support/chat-events';
import { FakeSocket } from '#test/support/fake-socket';
import { memoryStorage } from '#test/support/memory-storage';

const MINUTE_MS = 60_000;

/** Many clients of one server, which may refuse handshakes at random, as a throttled one does with 429. */
class Herd {
  readonly clients: ChatClient[] = [];
  readonly replaced: string[] = [];
  handshakes = 0;
  /** Connections without a token that were admitted. */
  admittedAnew = 0;
  readonly #scheduler = new Scheduler(0);
  readonly #random: Random;
  readonly #sockets = new Set<FakeSocket>();
  #refused = 0;

  constructor(size: number, seed: number) {
    this.#random = new Random(seed);
    for (let n = 0; n < size; n += 1) {
      const client = createChatClient({
        url: 'wss://chat.example/live',
        storage: memoryStorage(),
        random: this.#random.next,
        timers: this.#scheduler,
        createSocket: (_, protocols) => this.#connect(`session-${n}`, protocols),
      });
      client.on('replaced', ({ cause }) => this.replaced.push(`${n} ${cause}`));
      this.clients.push(client);
      client.connect();
    }
  }

  /** @param refused which share of the handshakes fails from now on. */
  cut(refused: number): void {
    this.#refused = refused;
    for (const socket of [...this.#sockets]) void socket.fail();
    this.#sockets.clear();
  }

  pass(ms: number): Promise<void> {
    return this.#scheduler.runUntil(this.#scheduler.nowMs + ms);
  }

  get online(): number {
    return this.clients.filter(({ state }) => state.connection.name === 'online').length;
  }

  #connect(sessionId: string, protocols: readonly string[]): FakeSocket {
    const socket = new ServedSocket(protocols, (frame) => this.#answer(frame, sessionId));
    this.handshakes += 1;
    const isNew = protocols.length === 1;
    this.#scheduler.after(20, () => {
      if (socket.isClosed) return;
      if (this.#random.chance(this.#refused)) return void socket.fail();
      if (isNew) this.admittedAnew += 1;
      this.#sockets.add(socket);
      void socket.open();
    });
    return socket;
  }

  #answer({ action, ...frame }: Frame, sessionId: string): ServerEvent {
    switch (action) {
      case 'checkToken':
        return { type: 'token', valid: 'token' in frame && frame.token === sessionId };
      case 'hello': {
        const missed = [aMessageEvent({ body: `said to ${sessionId}` })];
        const chat = { number: 1, state: 'open' } as const;
        return aSessionReply({ sessionId, token: sessionId, chat, missed });
      }
      case 'history':
        return aHistoryReply();
      default:
        return { type: 'pong', now: '2026-11-22T09:00:00.000Z' };
    }
  }
}

/** Hands each frame to a server that answers at once. */
class ServedSocket extends FakeSocket {
  readonly #answer: (frame: Frame) => ServerEvent;

  constructor(protocols: readonly string[], answer: (frame: Frame) => ServerEvent) {
    super(protocols);
    this.#answer = answer;
  }

  override send(text: string): void {
    const frame: Frame = JSON.parse(text);
    queueMicrotask(() => this.push({ ...this.#answer(frame), ref: frame.ref }));
  }
}

async function aHerdOnline(size: number, seed: number): Promise<Herd> {
  const herd = new Herd(size, seed);
  await herd.pass(100);
  expect(herd.online).toBe(size);
  herd.handshakes = herd.admittedAnew = 0;
  return herd;
}

/** @returns minutes until all were online again, at most so many. */
async function minutesUntilBack(herd: Herd, most: number): Promise<number> {
  let minutes = 0;
  for (; minutes < most && herd.online < herd.clients.length; minutes += 0.5) {
    await herd.pass(MINUTE_MS / 2);
  }
  return minutes;
}

function expectNobodyLost(herd: Herd): void {
  expect(herd.replaced).toEqual([]);
  const bodies = herd.clients.map(({ state: { timeline } }) =>
    timeline.map((item) => item.kind === 'message' && item.message.body),
  );
  expect(bodies).toEqual(herd.clients.map((_, n) => [`said to session-${n}`]));
}

describe('200 clients that are cut at once', () => {
  test.each([
    [0, 0.5],
    [0.5, 2],
    [0.9, 25],
  ])(
    'while %f of the handshakes are refused are all back in their own sessions within %f minutes',
    async (refused, mostMinutes) => {
      for (const seed of [1, 2, 3]) {
        const herd = await aHerdOnline(200, seed);

        herd.cut(refused);

        expect(await minutesUntilBack(herd, mostMinutes + 1)).toBeLessThanOrEqual(mostMinutes);
        expectNobodyLost(herd);
      }
    },
  );

  test('are back within a minute and a half after nothing was let through for an hour', async () => {
    const herd = await aHerdOnline(200, 4);
    herd.cut(1);
    await herd.pass(60 * MINUTE_MS);
    expect(herd.online).toBe(0);

    herd.cut(0);

    expect(await minutesUntilBack(herd, 2)).toBeLessThanOrEqual(1.5);
    expectNobodyLost(herd);
  });

  test('rarely ask about their tokens, so that new visitors from the same address get in', async () => {
    const herd = await aHerdOnline(200, 5);

    herd.cut(0.9);
    await herd.pass(MINUTE_MS);

    // The default limit of new sessions by address is 60 a minute.
    expect(herd.admittedAnew).toBeLessThan(40);
  });
});
