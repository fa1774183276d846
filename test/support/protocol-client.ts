/** A client written from docs/protocol.md alone: Node's own WebSocket and JSON, nothing of this project. */

export interface Received {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a client that trusts the protocol's page
  readonly [field: string]: any;
}

export interface ProtocolClient {
  /** Everything received, oldest first. */
  readonly received: readonly Received[];
  /** Sends a frame and waits for its reply. */
  ask(frame: object): Promise<Received>;
  /** Sends any text. */
  sendRaw(text: string): void;
  /** Waits until something received fits; looks at what is there already, too. */
  next(type: string, fits?: (event: Received) => boolean): Promise<Received>;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  close(): void;
}

/** Longer than any machine is busy; nothing is measured by it. */
const PATIENCE_MS = 45_000;
let refs = 0;

/** @throws when the handshake is refused. */
export async function connectClient(
  url: string,
  token?: string,
  identity?: string,
): Promise<ProtocolClient> {
  const offered = [
    ...(token === undefined ? [] : [`token.${token}`]),
    ...(identity === undefined ? [] : [`identity.${identity}`]),
  ];
  const socket = new WebSocket(url, ['flex-channel.v1', ...offered]);
  const received: Received[] = [];
  const watchers = new Set<() => void>();
  socket.onmessage = ({ data }) => {
    received.push(JSON.parse(String(data)));
    for (const look of watchers) look();
  };
  const closed = new Promise<number>((resolve) => {
    socket.onclose = ({ code }) => resolve(code);
  });
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error('the handshake was refused'));
  });

  function find(what: string, fits: (event: Received) => boolean): Promise<Received> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const event = received.find(fits);
        if (event === undefined) return;
        clearTimeout(timer);
        watchers.delete(look);
        resolve(event);
      };
      const timer = setTimeout(() => {
        watchers.delete(look);
        reject(new Error(`no ${what} within ${PATIENCE_MS} ms; got ${JSON.stringify(received)}`));
      }, PATIENCE_MS);
      watchers.add(look);
      look();
    });
  }

  return {
    received,
    closed,
    ask: (frame) => {
      const ref = `ref-${refs++}`;
      socket.send(JSON.stringify({ ...frame, ref }));
      return find(`reply to ${JSON.stringify(frame)}`, (event) => event['ref'] === ref);
    },
    sendRaw: (text) => socket.send(text),
    next: (type, fits = () => true) => find(type, (event) => event.type === type && fits(event)),
    close: () => socket.close(),
  };
}
