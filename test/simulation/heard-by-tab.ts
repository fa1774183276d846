import type { ChatSocket } from '#client/sdk/platform/environment';
import type { ServerEvent } from '#protocol/events';
import type { Tab } from './browser.ts';
import { SocketWrapper } from './socket-wrapper.ts';

/** A socket whose callbacks come to a tab that may sleep or be gone. */
export class HeardByTab extends SocketWrapper {
  readonly #tab: Tab;
  /** Of each frame that waits for a reply, whether it carried a cursor. */
  readonly #cursors = new Map<string, boolean>();

  constructor(link: ChatSocket, tab: Tab) {
    super(link);
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
