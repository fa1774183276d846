import type { ChatClientError } from '../basics/errors.ts';
import type { ConnectionState } from '../connection/connection-state.ts';
import type { ChatModel } from '../model/chat-model.ts';
import type { ModelChange } from '../model/model-change.ts';
import type { Message } from '../model/transcript.ts';
import type { Command } from '../outbox/command.ts';
import type { StoredSession } from '../storage/session-store.ts';

/** What the tab that leads shares with the others: enough to take over. */
export interface Shared {
  readonly model: ChatModel;
  readonly connection: ConnectionState;
  readonly persistent: boolean;
  readonly session: StoredSession | undefined;
}

/** What tabs on one session say to each other. */
export type TabMessage =
  /** Asks for a sign of life; `joins`: and for everything there is to know. */
  | {
      readonly type: 'ask';
      readonly joins: boolean;
      readonly isVisible: boolean;
      /** Absent: a tab of an earlier version, which knows `shared` only. */
      readonly takesChanges?: true;
    }
  | { readonly type: 'alive' | 'bye' }
  /** To every tab: the session is forgotten; undefined: whichever it was. */
  | { readonly type: 'forget'; readonly sessionId: string | undefined }
  /** `n` counts what the leader has told; absent: it is of an earlier version, and tells everything each time. */
  | { readonly type: 'shared'; readonly shared: Shared; readonly n?: number }
  | {
      readonly type: 'changed';
      readonly n: number;
      readonly change: ModelChange;
      readonly rest: Omit<Shared, 'model'>;
    }
  | { readonly type: 'said'; readonly messages: readonly Message[] }
  | { readonly type: 'call'; readonly id: string; readonly command: Command }
  /** To the tab that called; `earlier` is whatever it asked for, under the name that it had at first. */
  | {
      readonly type: 'reply';
      readonly id: string;
      readonly code?: ChatClientError['code'];
      readonly earlier?: unknown;
    };

export interface Envelope {
  readonly from: string;
  /** Present when the sender leads. */
  readonly term?: number;
  readonly message: TabMessage;
}
