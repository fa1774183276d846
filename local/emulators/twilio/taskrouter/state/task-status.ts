import { badRequest } from '../../rest/twilio-error.ts';
import type { World } from '../../world/world.ts';
import type { Task } from '../model.ts';
import { isWaiting, setTaskStatus } from './task.ts';

/**
 * A change that a REST request asks TaskRouter for.
 * @throws TwilioError 20001 naming the task's status when it does not allow the change.
 */
export function changeTaskStatus(world: World, task: Task, status: Task['assignmentStatus']): void {
  if (status === 'canceled' && task.interactionSid !== undefined) {
    throw badRequest(`Task ${task.sid} belongs to an interaction, whose channel is to be closed`);
  }
  if (!isAllowed(task, status)) {
    throw badRequest(
      `Cannot change task ${task.sid} to ${status} because it is ${task.assignmentStatus}`,
    );
  }
  setTaskStatus(world, task, status);
}

function isAllowed(task: Task, status: Task['assignmentStatus']): boolean {
  switch (status) {
    case 'canceled':
      return isWaiting(task);
    case 'wrapping':
    case 'completed':
      return ['assigned', 'wrapping'].includes(task.assignmentStatus);
    default:
      return false;
  }
}
