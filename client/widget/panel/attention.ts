/** Draws attention to a message that nobody looks at, as far as the page and the customer allow it. */
import type { SaidMessage } from '#client/sdk/index';
import type { FlexChatConfig } from '../config.ts';
import type { Alerts } from './alerts.ts';
import type { Parts } from './parts.ts';

export class Attention {
  readonly #config: FlexChatConfig;
  readonly #parts: Parts;
  #alerts: Alerts | undefined;

  constructor(config: FlexChatConfig, parts: Parts) {
    this.#config = config;
    this.#parts = parts;
  }

  /** Something can be muted. */
  get isOffered(): boolean {
    return this.#config.sound !== false || this.#notifies;
  }

  /** The browser would ask the customer for leave to show notifications. */
  get canAsk(): boolean {
    return this.#notifies && globalThis.Notification?.permission === 'default';
  }

  /** Call it from a gesture: before one, browsers let no page sound. */
  gesture(): void {
    if (this.isOffered) this.#loaded?.allowSound();
  }

  /** Call it from a gesture. */
  async ask(): Promise<void> {
    this.gesture();
    await Notification.requestPermission();
  }

  /** @param open shows the chat. */
  said({ author, body, media = [] }: SaidMessage, open: () => void): void {
    if (this.#config.sound !== false) this.#loaded?.sound();
    if (!this.#notifies || document.visibilityState === 'visible') return;
    this.#loaded?.notify(author.name, body || (media[0]?.filename ?? ''), open);
  }

  get #loaded(): Alerts | undefined {
    const chunk = this.#parts.get('alerts');
    if (chunk) this.#alerts ??= new chunk.Alerts();
    return this.#alerts;
  }

  /** On help lines nothing of the chat may show outside of the page. */
  get #notifies(): boolean {
    return this.#config.notifications !== false && this.#config.quickExitUrl === undefined;
  }
}
