import type { ChatSocket } from '#client/sdk/platform/environment';

/** A socket around another one; subclasses change what goes through. */
export class SocketWrapper implements ChatSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #inner: ChatSocket;

  constructor(inner: ChatSocket) {
    this.#inner = inner;
    inner.onopen = () => this.opened();
    inner.onmessage = ({ data }) => this.receive(String(data));
    inner.onclose = () => this.closed();
  }

  send(text: string): void {
    this.#inner.send(text);
  }

  close(): void {
    this.#inner.close();
  }

  protected opened(): void {
    this.onopen?.();
  }

  protected receive(text: string): void {
    this.onmessage?.({ data: text });
  }

  protected closed(): void {
    this.onclose?.();
  }
}
