import type { World } from '../../world/world.ts';
import type { Actor, Conversation } from '../model.ts';
import { changeState } from './conversation.ts';

const TIMER: Actor = { source: 'API', firesWebhooks: true };

/** When the timers of a conversation go off, as far as it has any that can. */
export function timerDates(conversation: Conversation): {
  readonly inactiveAtMs?: number;
  readonly closedAtMs?: number;
} {
  const { state, inactiveTimerMs, closedTimerMs, lastActivityMs } = conversation;
  const runs = state !== 'closed';
  return {
    ...(runs && state !== 'inactive' && inactiveTimerMs !== undefined
      ? { inactiveAtMs: lastActivityMs + inactiveTimerMs }
      : {}),
    ...(runs && closedTimerMs !== undefined ? { closedAtMs: lastActivityMs + closedTimerMs } : {}),
  };
}

/** Brings every conversation to the state that its timers give it by now. */
export function settleTimers(world: World): void {
  const nowMs = world.nowMs();
  for (const conversation of world.conversations.values()) {
    const { inactiveAtMs = Infinity, closedAtMs = Infinity } = timerDates(conversation);
    if (closedAtMs <= nowMs) changeState(world, conversation, 'closed', 'TIMER', TIMER);
    else if (inactiveAtMs <= nowMs) changeState(world, conversation, 'inactive', 'TIMER', TIMER);
  }
}
