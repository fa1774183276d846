/** A customer's program, written from docs/protocol.md: it resends until accepted and reads again. */
import { setTimeout as delay } from 'node:timers/promises';

export interface Shown {
  readonly index: number;
  readonly id?: string;
  readonly body: string;
  readonly author: { readonly role: string };
}

interface Received {
  readonly type?: string;
  readonly ref?: string;
  // biome-ignore lint/suspicious/noExplicitAny: a client that trusts the protocol's page
  readonly [field: string]: any;
}

/** Longer than API Gateway waits for a function. */
const TIMEOUT_MS = 30_000;
const PAGE = 100;

/** No reply will come: whether the frame was handled is not known. */
class Lost extends Error {}

export class Customer {
  readonly name: string;
  /** By index: each message of the chat once. */
  readonly shown = new Map<number, Shown>();
  /** How often each was pushed, by index. */
  readonly pushes = new Map<number, number>();
  /** Told of each message that is pushed. */
  onMessage: (message: Shown) => void = () => {};
  /** Ids that the server gave up. */
  readonly rejected: string[] = [];
  /** Replies other than those that were expected, for a report. */
  readonly refusals: string[] = [];
  readonly #url: string;
  readonly #waiting = new Map<string, PromiseWithResolvers<Received>>();
  #token: string | undefined;
  #socket: WebSocket | undefined;
  #connecting: Promise<void> | undefined;
  #refs = 0;
  #received = 0;
  #isClosed = false;

  constructor(url: string, name: string) {
    this.#url = url;
    this.name = name;
  }

  /** Resolves once the server has said hello; tries until then, unless closed. */
  connect(): Promise<void> {
    this.#connecting ??= this.#connect().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** Sends one message until it is accepted. Call it for one message at a time. */
  async say(id: string, body: string): Promise<void> {
    for (;;) {
      const reply = await this.#ask({ action: 'sendMessage', id, chat: 1, body });
      if (reply.type === 'accepted') return;
      this.refusals.push(String(reply['code']));
      await delay(200);
    }
  }

  /** Reads the whole chat again. */
  async readAgain(): Promise<void> {
    let index = -1;
    for (let complete = false; !complete; ) {
      const after = { chat: 1, index };
      const reply = await this.#ask({ action: 'history', after, limit: PAGE });
      if (reply.type !== 'history') {
        this.refusals.push(String(reply['code']));
        await delay(200);
        continue;
      }
      for (const message of reply['messages']) this.#show(message);
      index = reply['messages'].at(-1)?.index ?? index;
      complete = reply['complete'];
    }
  }

  /** In the order of Flex. */
  bodiesOf(role: string): string[] {
    return [...this.shown.values()]
      .filter(({ author }) => author.role === role)
      .sort((a, b) => a.index - b.index)
      .map(({ body }) => body);
  }

  /** Lets go of what was shown, as a page does that is left open for long. */
  forget(): void {
    this.shown.clear();
    this.pushes.clear();
  }

  /** Resolves once nothing was pushed for a while. */
  async quiet(forMs: number): Promise<void> {
    for (let before = -1; before !== this.#received; ) {
      before = this.#received;
      await delay(forMs);
    }
  }

  /** Resolves once the connection is closed on both sides. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const socket = this.#socket;
    if (socket === undefined || socket.readyState === WebSocket.CLOSED) return;
    const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
    socket.close();
    await closed;
  }

  /** Asks over a new connection when the old one is lost. */
  async #ask(frame: object): Promise<Received> {
    for (;;) {
      if (this.#socket?.readyState !== WebSocket.OPEN) await this.connect();
      try {
        return await this.#askOnce(frame);
      } catch (error) {
        if (!(error instanceof Lost) || this.#isClosed) throw error;
        await delay(100);
      }
    }
  }

  async #askOnce(frame: object): Promise<Received> {
    const ref = String(this.#refs++);
    const waiting = Promise.withResolvers<Received>();
    this.#waiting.set(ref, waiting);
    const timer = setTimeout(() => waiting.reject(new Lost('no reply')), TIMEOUT_MS);
    this.#socket?.send(JSON.stringify({ ...frame, ref }));
    try {
      return await waiting.promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(ref);
    }
  }

  async #connect(): Promise<void> {
    for (;;) {
      if (this.#isClosed) throw new Error(`${this.name} is closed`);
      try {
        this.#socket = await this.#open();
        const profile = { name: this.name };
        const after = { chat: 1, index: -1 };
        const session = await this.#askOnce({ action: 'hello', profile, after });
        if (session.type !== 'session') throw new Lost(`hello: ${session['code']}`);
        this.#token = session['token'];
        for (const message of session['missed']) this.#show(message);
        return;
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        await delay(100 + Math.random() * 200);
      }
    }
  }

  async #open(): Promise<WebSocket> {
    const offered = this.#token === undefined ? [] : [`token.${this.#token}`];
    const socket = new WebSocket(this.#url, ['flex-channel.v1', ...offered]);
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(String(data)));
    socket.onclose = () => this.#loseAll();
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Lost('no handshake')), TIMEOUT_MS);
      socket.addEventListener('open', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.addEventListener('error', () => {
        clearTimeout(timer);
        reject(new Lost('refused'));
      });
    });
    return socket;
  }

  #receive(event: Received): void {
    this.#received += 1;
    if (event.type === 'message') {
      const message = event as unknown as Shown;
      this.pushes.set(message.index, (this.pushes.get(message.index) ?? 0) + 1);
      this.#show(message);
      this.onMessage(message);
    } else if (event.type === 'rejected') this.rejected.push(event['id']);
    // API Gateway's own frame names no request: any may be lost.
    else if (event.type === undefined) this.#loseAll();
    else if (event.ref !== undefined) this.#waiting.get(event.ref)?.resolve(event);
  }

  #show(message: Shown): void {
    this.shown.set(message.index, message);
  }

  #loseAll(): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Lost('connection lost'));
  }
}
