/** As the page server sends it. */
export interface WireEntry {
  /** Rising; told again, with the same number, when it has ended. */
  readonly number: number;
  readonly kind: WireKind;
  readonly title: string;
  readonly about: string;
  readonly at: string;
  readonly body: string;
  readonly status?: string;
  readonly ms?: number;
  readonly answer?: string;
}

/** In the order of a message's way to the agent and back. */
export const KINDS = {
  frame: 'Frames',
  letter: 'Letters',
  twilio: 'Twilio REST',
  webhook: 'Webhooks',
  push: 'Pushes',
  event: 'Events',
} as const;

export type WireKind = keyof typeof KINDS;

export const KIND_NAMES: Readonly<Record<WireKind, string>> = {
  frame: 'frame',
  letter: 'letter',
  twilio: 'Twilio',
  webhook: 'webhook',
  push: 'push',
  event: 'event',
};
