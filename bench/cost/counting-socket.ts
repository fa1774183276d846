import type { ChatSocket } from '#client/sdk/index';

/** API Gateway counts a message once for each so many bytes begun. */
const METERED_BYTES = 32 * 1024;

/** What has gone over the sockets of one client, both ways. */
export class SocketCount {
  messages = 0;
  readonly framesByAction: Record<string, number> = {};

  /** To be given to the client as `createSocket`. */
  readonly createSocket = (url: string, protocols: string[]): ChatSocket => {
    const socket = new WebSocket(url, protocols);
    const send = socket.send.bind(socket);
    socket.send = (text) => {
      const { action } = JSON.parse(String(text)) as { action: string };
      this.framesByAction[action] = (this.framesByAction[action] ?? 0) + 1;
      this.#count(String(text));
      send(text);
    };
    socket.addEventListener('message', ({ data }) => this.#count(String(data)));
    return socket as unknown as ChatSocket;
  };

  #count(text: string): void {
    this.messages += Math.max(1, Math.ceil(Buffer.byteLength(text) / METERED_BYTES));
  }
}
