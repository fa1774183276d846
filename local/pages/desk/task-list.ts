/** The tasks, newest first, one of them chosen. */

import type { Task } from '../shared/desk-api.ts';
import { element, setText } from '../shared/dom.ts';
import { KeyedList, type View } from '../shared/keyed-list.ts';
import { customerOf, PHASES } from './task-words.ts';

interface TaskRow {
  readonly task: Task;
  readonly isChosen: boolean;
}

export function createTaskList(parent: HTMLElement, choose: (sid: string) => void) {
  const list = new KeyedList<TaskRow>(
    parent,
    ({ task }) => task.sid,
    ({ task }) => taskView(task.sid, choose),
  );
  return {
    /** @param tasks oldest first. */
    show(tasks: readonly Task[], chosenSid: string | undefined): void {
      list.show([...tasks].reverse().map((task) => ({ task, isChosen: task.sid === chosenSid })));
    },
  };
}

function taskView(sid: string, choose: (sid: string) => void): View<TaskRow> {
  const name = element('span', { class: 'task-name', dir: 'auto' });
  const phase = element('span', { class: 'phase' });
  const button = element('button', { class: 'task', type: 'button', 'data-testid': 'task' });
  button.append(name, phase);
  button.addEventListener('click', () => choose(sid));
  return {
    root: element('li', {}, button),
    update({ task, isChosen }) {
      setText(name, customerOf(task));
      setText(phase, PHASES[task.status]);
      button.dataset['status'] = task.status;
      button.ariaCurrent = `${isChosen}`;
    },
  };
}
