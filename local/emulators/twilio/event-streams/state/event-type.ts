/**
 * What can be subscribed to, of TaskRouter only.
 * Source: https://www.twilio.com/docs/events/event-types, and the pages of each type.
 */

const NAMES = [
  ...['created', 'updated', 'wrapup', 'completed', 'canceled', 'deleted', 'system-deleted'].map(
    (name) => `task.${name}`,
  ),
  ...['initiated', 'attempt-failed', 'failed', 'canceled', 'completed'].map(
    (name) => `task.transfer-${name}`,
  ),
  ...['created', 'accepted', 'rejected', 'timeout', 'canceled', 'rescinded'].map(
    (name) => `reservation.${name}`,
  ),
  ...['completed', 'failed', 'wrapup'].map((name) => `reservation.${name}`),
  ...['entered', 'timeout', 'skipped', 'target-matched'].map((name) => `workflow.${name}`),
  ...['entered', 'timeout', 'moved'].map((name) => `task-queue.${name}`),
];

const PREFIX = 'com.twilio.taskrouter.';

export const TASKROUTER_SCHEMA = 'TaskRouter.WDSEvent';

/** The newest that the documentation shows. */
export const TASKROUTER_SCHEMA_VERSION = 4;

/** @param name as TaskRouter itself says it, such as `task.canceled`. */
export const eventTypeOf = (name: string): string => `${PREFIX}${name}`;

export const EVENT_TYPES: readonly string[] = NAMES.map(eventTypeOf);
