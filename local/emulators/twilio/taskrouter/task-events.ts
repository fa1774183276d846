import type { World } from '../world/world.ts';
import type { Task, TaskEventType } from './model.ts';

/** Tells whoever listens, at once. */
export function announceTask(world: World, type: TaskEventType, task: Task): void {
  world.file?.touch();
  for (const subscriber of world.taskSubscribers) subscriber({ type, task });
}
