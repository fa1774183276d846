import type { EventOf } from '#protocol/events';
import type { Cursor } from '#protocol/frames';
import { MAX_HISTORY_LIMIT } from '#protocol/limits';
import { isRetryable } from '../basics/errors.ts';
import { backoffMs } from '../connection/connection-state.ts';
import type { ReconnectingConnection } from '../connection/reconnecting-connection.ts';
import { applyPage } from '../model/apply-listing.ts';
import type { ChatModel } from '../model/chat-model.ts';
import type { ModelStore } from '../model/model-store.ts';
import { isSamePlace, type Message, newMessages } from '../model/transcript.ts';
import type { EarlierMessages } from '../model/window.ts';

interface HistoryHandlers {
  /** The model knows a page more. */
  readonly onPage: () => void;
  /** A page has told what an event should have told before, and did not. */
  readonly onUntold: () => void;
}

/** Reads on from the model's cursor until nothing is missing. */
export class HistoryReader {
  readonly #connection: ReconnectingConnection;
  readonly #store: ModelStore;
  readonly #random: () => number;
  readonly #handlers: HistoryHandlers;
  #isReading = false;
  #isAskedAgain = false;

  constructor(
    connection: ReconnectingConnection,
    store: ModelStore,
    random: () => number,
    handlers: HistoryHandlers,
  ) {
    this.#connection = connection;
    this.#store = store;
    this.#random = random;
    this.#handlers = handlers;
  }

  /** Asks at least once from now on. */
  read(): void {
    if (this.#isReading) {
      this.#isAskedAgain = true;
    } else if (this.#connection.isOnline && this.#store.model.catchUp) {
      this.#isReading = true;
      this.#readPage(0);
    }
  }

  /** Asks only if something is known to be missing. */
  readMissing(): void {
    if (isMissing(this.#store.model)) this.read();
  }

  /** The connection is gone, and what was asked on it. */
  stop(): void {
    this.#isReading = this.#isAskedAgain = false;
  }

  /** The messages of a chat that come last before a place. */
  async readEarlier({ chat, index }: Cursor): Promise<EarlierMessages> {
    const from = { chat, index: Math.max(-1, index - MAX_HISTORY_LIMIT) };
    const messages: Message[] = [];
    for (let after = from; after.index < index; ) {
      const page = await this.#connection.request({ ...ASK, after });
      const [last] = page.messages.slice(-1);
      messages.push(...page.messages.filter((message) => message.index <= index));
      // A page without messages that is not complete has brought the server nearer to them.
      if (last || page.complete) after = { chat, index: last?.index ?? index };
    }
    return { messages, from };
  }

  #readPage(failures: number): void {
    this.#isAskedAgain = false;
    const { model } = this.#store;
    const { agents, catchUp } = model;
    const after = catchUp?.cursor;
    const range = isAllUnread(model) ? { latest: true } : after && { after };
    this.#connection.request({ ...ASK, ...range }).then(
      (page) => {
        if (isUntold(this.#store.model, page)) this.#handlers.onUntold();
        this.#store.update((now) => applyPage(now, page, agents));
        this.#handlers.onPage();
        // A page that leads no further: there is no more to be had just now.
        const isStuck = isAt(this.#store.model, after);
        if (isStuck && isMissing(this.#store.model)) this.#pause(failures);
        else this.#goOn();
      },
      (error: unknown) => {
        if (isRetryable(error)) this.#pause(failures);
        else this.stop();
      },
    );
  }

  #goOn(): void {
    if (!this.#isReading) return;
    if (this.#isAskedAgain || isMissing(this.#store.model)) this.#readPage(0);
    else this.stop();
  }

  #pause(failures: number): void {
    // Without a connection `stop` has been called, and a reading on the next one may be under way.
    if (!this.#connection.isOnline) return;
    this.#connection.after(backoffMs(failures, this.#random()), () => this.#readPage(failures + 1));
  }
}

const ASK = { action: 'history', limit: MAX_HISTORY_LIMIT } as const;

/** Nothing of the current chat is known: its end is to be seen first. */
const isAllUnread = ({ catchUp, chat, from, transcript }: ChatModel): boolean =>
  catchUp?.cursor.index === -1 &&
  catchUp.cursor.chat === chat?.number &&
  from === undefined &&
  transcript.length === 0;

/** Whether a page tells something new though everything seemed to be known. */
function isUntold(
  model: ChatModel,
  { chat: number, messages, state }: EventOf<'history'>,
): boolean {
  const { catchUp, chat, held, transcript } = model;
  if (!catchUp?.complete || held.length > 0) return false;
  const isEndNew = state === 'ended' && chat?.number === number && chat.state !== 'ended';
  return isEndNew || newMessages(transcript, messages).length > 0;
}

const isAt = ({ catchUp }: ChatModel, cursor: Cursor | undefined): boolean =>
  catchUp !== undefined && cursor !== undefined && isSamePlace(catchUp.cursor, cursor);

const isMissing = ({ catchUp }: ChatModel): boolean => catchUp?.complete === false;
