import type { Profile } from '#protocol/frames';
import type { OutboxEntry } from '../model/outbox.ts';

/** What a tab asks of the one that leads, which may be itself. Plain data: it travels between tabs. */
export type Command =
  | { readonly name: 'add'; readonly entry: OutboxEntry }
  | { readonly name: 'retry' | 'discard'; readonly id: string }
  | { readonly name: 'markRead'; readonly index: number }
  | { readonly name: 'setProfile'; readonly profile: Profile }
  | { readonly name: 'startChat' | 'endChat' | 'wake' };
