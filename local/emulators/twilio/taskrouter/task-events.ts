import type { World } from '../world/world.ts';
import type { Task } from './state/task.ts';

/** What TaskRouter tells about tasks, as far as it is simulated. */
const TASK_EVENTS = [
  'task.created',
  'task.updated',
  'task.wrapup',
  'task.completed',
  'task.canceled',
  'task.deleted',
  'task.system-deleted',
  'workflow.timeout',
  'reservation.accepted',
] as const;

export type TaskEventType = (typeof TASK_EVENTS)[number];

/** Something that happened to a task, with the task as it is by then. */
export interface TaskEvent {
  readonly type: TaskEventType;
  readonly task: Task;
}

/** Tells whoever listens, at once. */
export function announceTask(world: World, type: TaskEventType, task: Task): void {
  world.file?.touch();
  for (const subscriber of world.taskSubscribers) subscriber({ type, task });
}
