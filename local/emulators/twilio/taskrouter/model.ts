/** What TaskRouter keeps, and tells of it. Plain data: transitions are in `state/`. */
import type { ASSIGNMENT_STATUSES } from './endpoints.ts';

/** TaskRouter's unit of work for an agent. */
export interface Task {
  readonly sid: string;
  assignmentStatus: (typeof ASSIGNMENT_STATUSES)[number];
  attributes: Readonly<Record<string, unknown>>;
  /** Absent: a task without an interaction, as on a channel of Programmable Chat. */
  readonly interactionSid?: string;
  /** Absent: a task that is about no conversation. */
  conversationSid?: string;
  readonly workflowSid: string;
  readonly taskChannelUniqueName: string;
  priority: number;
  /** Seconds. */
  readonly timeout: number;
  reason: string | null;
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** Who accepted it. */
  agentIdentity?: string;
  /** The agent has left the chat and may come back to it. */
  hasLeft?: boolean;
}

/** A kind of work in TaskRouter. */
export interface TaskChannel {
  readonly sid: string;
  readonly uniqueName: string;
}

/** What TaskRouter tells about tasks, as far as it is simulated. */
export type TaskEventType =
  | 'task.created'
  | 'task.updated'
  | 'task.wrapup'
  | 'task.completed'
  | 'task.canceled'
  | 'task.deleted'
  | 'task.system-deleted'
  | 'workflow.timeout'
  | 'reservation.accepted';

/** Something that happened to a task, with the task as it is by then. */
export interface TaskEvent {
  readonly type: TaskEventType;
  readonly task: Task;
}
