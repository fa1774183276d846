import type { SessionId } from '#core/ids';
import type { SessionTokens } from '#core/ports';

interface Issued {
  readonly id: SessionId;
  readonly expiresAtMs: number;
}

/** Tokens in memory: only this object knows which ones it has issued. */
export class MemorySessionTokens implements SessionTokens {
  readonly #issued = new Map<string, Issued>();

  async ready(): Promise<void> {}

  async issue(id: SessionId, nowMs: number, expiresAtMs: number): Promise<string> {
    const token = `${id}.${nowMs}.${expiresAtMs}`;
    this.#issued.set(token, { id, expiresAtMs });
    return token;
  }

  async verify(token: string, nowMs: number): Promise<SessionId | undefined> {
    const issued = this.#issued.get(token);
    return issued !== undefined && issued.expiresAtMs > nowMs ? issued.id : undefined;
  }
}
