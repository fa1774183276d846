/** What Studio keeps, and what runs of a flow know. */

import type { ConversationEvent } from '../conversations/model.ts';
import type { FlowDefinition } from './definition.ts';

export interface StudioFlow {
  readonly sid: string;
  friendlyName: string;
  status: 'draft' | 'published';
  /** The latest revision. */
  definition: FlowDefinition;
  /** The latest published one, which is what runs. */
  published?: FlowDefinition;
  revision: number;
  commitMessage: string | null;
  /** Who speaks for the flow: the Send Message widget, or a Function that fires webhooks. */
  readonly via: 'widget' | 'function';
  /** The task gets all attributes of the channel, beside those that the definition names. */
  readonly passesAttributes: boolean;
  readonly createdAtMs: number;
  updatedAtMs: number;
}

/** A message that starts a flow. */
export interface FlowStart {
  readonly flow: StudioFlow;
  readonly event: ConversationEvent;
  /** Whose webhook heard it; tells which of the trigger's branches is taken. */
  readonly api: 'programmable-chat' | 'conversations';
}

/** A running flow with what its templates can name. */
export interface FlowRun extends FlowStart {
  readonly variables: Readonly<Record<string, unknown>>;
}
