import type { World } from '../../world/world.ts';
import type { Task, TaskEventType } from '../model.ts';
import { announceTask } from '../task-events.ts';
import { fitsTask } from './task-attributes.ts';

export type NewTask = Pick<
  Task,
  | 'attributes'
  | 'interactionSid'
  | 'conversationSid'
  | 'workflowSid'
  | 'taskChannelUniqueName'
  | 'priority'
  | 'timeout'
>;

/** What a task gets that says nothing else, in seconds. */
export const DEFAULT_TASK_TIMEOUT = 86_400;

/** The caller decides when it appears in the world. */
export function newTask(world: World, given: NewTask): Task {
  const nowMs = world.nowMs();
  return {
    sid: world.newSid('WT'),
    assignmentStatus: 'pending',
    reason: null,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    ...given,
  };
}

/** A task that takes its time, and appears unless routing fails or its attributes are too large. */
export function promiseTask(world: World, task: Task): void {
  if (world.takeRoutingFault() !== undefined || !fitsTask(task.attributes)) return;
  world.lateTasks.set(task.sid, task);
  world.scheduler.after(world.taskDelayMs, () => showTask(world, task));
}

/** A task that took its time appears in the workspace. */
export function showTask(world: World, task: Task): void {
  world.lateTasks.delete(task.sid);
  addTask(world, task);
}

/** A task appears in the workspace. */
export function addTask(world: World, task: Task): void {
  world.tasks.set(task.sid, task);
  announceTask(world, 'task.created', task);
}

/** A task is gone from the workspace: by a request, or by TaskRouter itself after its time. */
export function deleteTask(
  world: World,
  task: Task,
  type: 'task.deleted' | 'task.system-deleted',
): void {
  world.tasks.delete(task.sid);
  announceTask(world, type, task);
}

/** Whether no agent has it yet. */
export const isWaiting = ({ assignmentStatus }: Task): boolean =>
  ['pending', 'reserved'].includes(assignmentStatus);

/** Whether an agent has it, or is to get it. */
export const isOngoing = (task: Task): boolean =>
  isWaiting(task) || task.assignmentStatus === 'assigned';

/** @returns the first task of a conversation that is still ongoing. */
export const ongoingTaskOf = (world: World, conversationSid: string): Task | undefined =>
  [...world.tasks.values()].find(
    (task) => task.conversationSid === conversationSid && isOngoing(task),
  );

const TOLD_OF: Readonly<Partial<Record<Task['assignmentStatus'], TaskEventType>>> = {
  assigned: 'reservation.accepted',
  wrapping: 'task.wrapup',
  completed: 'task.completed',
  canceled: 'task.canceled',
};

export function setTaskStatus(world: World, task: Task, status: Task['assignmentStatus']): void {
  task.assignmentStatus = status;
  task.updatedAtMs = world.nowMs();
  const type = TOLD_OF[status];
  if (type !== undefined) announceTask(world, type, task);
}
