import type { ChatSocket } from '#client/sdk/platform/environment';
import type { EventOf, ServerEvent } from '#protocol/events';
import { SocketWrapper } from './socket-wrapper.ts';

/** Who hears a socket. */
export interface Hearer {
  /** At once, or once it is awake; never, if it is gone. */
  run(callback: () => void): void;
  connected(socket: ChatSocket): void;
  disconnected(socket: ChatSocket): void;
  welcomed(event: EventOf<'session'>, hadCursor: boolean): void;
}

/** A socket whose callbacks come to a tab that may sleep or be gone. */
export class HeardByTab extends SocketWrapper {
  readonly #tab: Hearer;
  /** Of each frame that waits for a reply, whether it carried a cursor. */
  readonly #cursors = new Map<string, boolean>();

  constructor(socket: ChatSocket, tab: Hearer) {
    super(socket);
    this.#tab = tab;
  }

  override send(text: string): void {
    const frame = JSON.parse(text) as { action: string; ref: string; after?: unknown };
    this.#cursors.set(frame.ref, frame.action !== 'hello' || frame.after !== undefined);
    super.send(text);
  }

  override close(): void {
    this.#tab.disconnected(this);
    super.close();
  }

  protected override opened(): void {
    this.#tab.run(() => {
      this.#tab.connected(this);
      super.opened();
    });
  }

  protected override receive(text: string): void {
    this.#tab.run(() => {
      const event = JSON.parse(text) as ServerEvent;
      if (this.onmessage && event.type === 'session') {
        this.#tab.welcomed(event, this.#cursors.get(event.ref ?? '') ?? true);
      }
      super.receive(text);
    });
  }

  protected override closed(): void {
    this.#tab.run(() => {
      this.#tab.disconnected(this);
      super.closed();
    });
  }
}
