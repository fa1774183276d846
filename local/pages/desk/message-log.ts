/** What was said in the chosen task. */

import type { DeskMessage, Task } from '../shared/desk-api.ts';
import { KeyedList } from '../shared/keyed-list.ts';
import { StickToEnd } from '../shared/stick-to-end.ts';
import { isByCustomer, type MessageActions, messageView } from './message-view.ts';
import { inRuns, type Run } from './runs.ts';
import { customerOf } from './task-words.ts';

/** @param say tells people who can't see the log what has just been said. */
export function createMessageLog(
  log: HTMLElement,
  say: (text: string) => void,
  actions: MessageActions,
) {
  const end = new StickToEnd(log);
  let customer = '';
  let shownTask: string | undefined;
  let shownCount = 0;
  const list = new KeyedList<Run<DeskMessage>>(
    log,
    ({ item }) => item.sid,
    () => messageView(() => customer, actions),
  );

  /** What was there when the task was opened is read, not heard. */
  function announce(messages: readonly DeskMessage[]): void {
    for (const message of messages.filter(isByCustomer)) say(`${customer}: ${message.body ?? ''}`);
  }

  return {
    /** Empties it until the messages of another task are there. */
    clear(): void {
      shownTask = undefined;
      list.show([]);
    },
    show(task: Task, messages: readonly DeskMessage[]): void {
      customer = customerOf(task);
      list.show(inRuns(messages, ({ author }) => author));
      if (shownTask === task.sid) announce(messages.slice(shownCount));
      if (shownTask !== task.sid || messages.length !== shownCount) end.grown();
      shownTask = task.sid;
      shownCount = messages.length;
    },
  };
}
