import type { ASSIGNMENT_STATUSES } from '../endpoints/taskrouter.ts';

/** TaskRouter's unit of work for an agent. */
export interface Task {
  readonly sid: string;
  assignmentStatus: (typeof ASSIGNMENT_STATUSES)[number];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly interactionSid: string;
  readonly conversationSid: string;
  readonly workflowSid: string;
  readonly taskChannelUniqueName: string;
  readonly priority: number;
  /** Seconds. */
  readonly timeout: number;
  reason: string | null;
  readonly createdAtMs: number;
  updatedAtMs: number;
  /** Who accepted it. */
  agentIdentity?: string;
}

/** Whether an agent has it, or is to get it. */
export const isOngoing = ({ assignmentStatus }: Task): boolean =>
  ['pending', 'reserved', 'assigned'].includes(assignmentStatus);
