/** A customer of the deployed stack, written after docs/protocol.md: one socket, frames and their replies. */
import { CommandError } from '../command.ts';

export interface Heard {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface SmokeFrame {
  readonly action: string;
  readonly [field: string]: unknown;
}

export interface SmokeCustomer {
  /** Sends a frame and waits for its reply. @throws CommandError for a reply of the type `error`. */
  ask(frame: SmokeFrame, timeoutMs: number): Promise<Heard>;
  /** Waits for an event; one that came before counts, too. */
  next(what: string, fits: (event: Heard) => boolean, timeoutMs: number): Promise<Heard>;
  close(): void;
}

/** As many as one conversation of a canary can bring, and more: what comes beyond is not kept. */
const MOST_HEARD = 1_000;

/**
 * @param origin what a page of the customers would say; API Gateway hands it to the authorizer.
 * @throws CommandError when the handshake is refused or takes too long.
 */
export async function connectCustomer(
  url: string,
  origin: string | undefined,
  timeoutMs: number,
): Promise<SmokeCustomer> {
  if (typeof WebSocket === 'undefined') {
    throw new CommandError('This Node has no WebSocket: use Node 22 or newer.');
  }
  const headers: Record<string, string> = origin === undefined ? {} : { Origin: origin };
  const socket = new WebSocket(url, { protocols: ['flex-channel.v1'], headers });
  const ears = new Ears();
  socket.onmessage = ({ data }) => ears.hear(String(data));
  const opened = new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new CommandError('the handshake was refused'));
    socket.onclose = ({ code }) => {
      const error = new CommandError(`the connection was closed, code ${code}`);
      reject(error);
      ears.end(error);
    };
  });
  try {
    await within(timeoutMs, 'an answer to the handshake', opened);
  } catch (error) {
    socket.close();
    throw error;
  }
  let refs = 0;
  return {
    async ask(frame, replyMs) {
      refs += 1;
      const ref = `smoke-${refs}`;
      socket.send(JSON.stringify({ ...frame, ref }));
      const reply = await ears.next(
        `a reply to ${frame.action}`,
        (event) => event['ref'] === ref,
        replyMs,
      );
      if (reply.type !== 'error') return reply;
      throw new CommandError(`${frame.action} was answered ${reply['code']}: ${reply['message']}`);
    },
    next: (what, fits, eventMs) => ears.next(what, fits, eventMs),
    close: () => socket.close(),
  };
}

class Ears {
  readonly #heard: Heard[] = [];
  readonly #waiting = new Set<() => void>();
  #ended: Error | undefined;

  hear(text: string): void {
    if (this.#heard.length >= MOST_HEARD) return;
    const event: unknown = parse(text);
    if (typeof event !== 'object' || event === null || !('type' in event)) return;
    this.#heard.push(event as Heard);
    for (const look of this.#waiting) look();
  }

  end(error: Error): void {
    this.#ended = error;
    for (const look of this.#waiting) look();
  }

  next(what: string, fits: (event: Heard) => boolean, timeoutMs: number): Promise<Heard> {
    let look = () => {};
    const found = new Promise<Heard>((resolve, reject) => {
      look = () => {
        const event = this.#heard.find(fits);
        if (event !== undefined) resolve(event);
        else if (this.#ended !== undefined) reject(this.#ended);
      };
      this.#waiting.add(look);
      look();
    });
    return within(timeoutMs, what, found).finally(() => this.#waiting.delete(look));
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws CommandError that names what did not come in time. */
async function within<T>(timeoutMs: number, what: string, wanted: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = () =>
      reject(new CommandError(`no ${what.replace(/^an? /, '')} within ${timeoutMs / 1000} s`));
    timer = setTimeout(error, timeoutMs);
  });
  try {
    return await Promise.race([wanted, late]);
  } finally {
    clearTimeout(timer);
  }
}
