/** Above the conversation: whose it is, what is known of them, and what the agent can do now. */

import type { Task } from '../shared/desk-api.ts';
import { byId, element, setText } from '../shared/dom.ts';
import { customerOf, factsOf, PHASES } from './task-words.ts';

/** In which states of the task each of the agent's actions is there, by the id of its button. */
const ACTIONS = {
  accept: ['pending'],
  leave: ['accepted'],
  complete: ['accepted', 'wrapping'],
} as const satisfies Readonly<Record<string, readonly Task['status'][]>>;

export type TaskAction = keyof typeof ACTIONS;

export function createTaskHeader(act: (action: TaskAction) => void) {
  const title = byId('customer', HTMLElement);
  const buttons = (Object.keys(ACTIONS) as TaskAction[]).map((action) => {
    const button = byId(action, HTMLButtonElement);
    button.addEventListener('click', () => act(action));
    return { action, button };
  });
  return {
    /** Takes the focus when what had it is gone. */
    title,
    show(task: Task): void {
      setText(title, customerOf(task));
      setText(
        byId('phase', HTMLElement),
        task.customerTyping ? 'The customer is typing…' : PHASES[task.status],
      );
      showFacts(task);
      for (const { action, button } of buttons) {
        const states: readonly Task['status'][] = ACTIONS[action];
        button.hidden = !states.includes(task.status);
      }
    },
  };
}

function showFacts(task: Task): void {
  const facts = byId('facts', HTMLElement);
  const key = JSON.stringify([task.sid, factsOf(task)]);
  if (facts.dataset['key'] === key) return;
  facts.dataset['key'] = key;
  facts.replaceChildren(
    ...factsOf(task).map(([label, value]) =>
      element('div', {}, element('dt', {}, label), element('dd', { dir: 'auto' }, value)),
    ),
  );
}
