import type { ChatSocket } from '#client/sdk/index';
import type { ServerEvent } from '#protocol/events';
import type { Frame } from '#protocol/frames';

/** The client's side of a socket, with the test as the server. */
export class FakeSocket implements ChatSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly protocols: readonly string[];
  readonly sent: Frame[] = [];
  isClosed = false;

  constructor(protocols: readonly string[]) {
    this.protocols = protocols;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }

  /** Frames with this action, oldest first. */
  framesOf<Action extends Frame['action']>(action: Action) {
    return this.sent.filter(
      (frame): frame is Extract<Frame, { action: Action }> => frame.action === action,
    );
  }

  async open(): Promise<void> {
    this.onopen?.();
    await settled();
  }

  /** Closes as a browser sees it when the handshake is refused, or the network goes. */
  async fail(): Promise<void> {
    this.onclose?.();
    await settled();
  }

  async push(event: ServerEvent | object): Promise<void> {
    this.onmessage?.({ data: JSON.stringify(event) });
    await settled();
  }

  /** Answers the newest frame with this action. */
  async reply(action: Frame['action'], event: ServerEvent): Promise<void> {
    const frame = this.framesOf(action).at(-1);
    if (frame === undefined) throw new Error(`the client has sent no ${action}`);
    await this.push({ ...event, ref: frame.ref });
  }
}

/** Lets everything run that waits for a reply which is there already. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
