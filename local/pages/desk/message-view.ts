/** One message on the desk. */

import type { DeskMessage } from '../shared/desk-api.ts';
import { element, setText } from '../shared/dom.ts';
import type { View } from '../shared/keyed-list.ts';
import { markRun, type Run } from './runs.ts';

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

/** Told by the identity that the channel gives each customer. */
export function isByCustomer({ author }: DeskMessage): boolean {
  return author.startsWith('customer-');
}

/** What an agent may do with a message of their own. */
export interface MessageActions {
  edit(message: DeskMessage): void;
  remove(message: DeskMessage): void;
}

/** @param customerName of the task that is shown. */
export function messageView(
  customerName: () => string,
  actions: MessageActions,
): View<Run<DeskMessage>> {
  let shown: DeskMessage | undefined;
  const button = (text: string, act: (message: DeskMessage) => void) => {
    const made = element('button', { type: 'button' }, text);
    made.addEventListener('click', () => shown && act(shown));
    return made;
  };
  const edit = button('Edit', actions.edit);
  const remove = button('Delete', actions.remove);
  const author = element('p', { class: 'author', dir: 'auto' });
  const body = element('p', { class: 'body', dir: 'auto', 'data-testid': 'desk-body' });
  const time = element('time');
  const state = element('span', { class: 'state', 'data-testid': 'desk-state' });
  const meta = element('p', { class: 'meta' }, time, state);
  const changes = element('p', { class: 'changes' }, edit, remove);
  const root = element('article', { class: 'bubble', 'data-testid': 'desk-message' });
  root.append(author, body, meta, changes);
  return {
    root,
    update(row) {
      const message = row.item;
      shown = message;
      const byCustomer = isByCustomer(message);
      changes.hidden = byCustomer;
      root.dataset['own'] = `${!byCustomer}`;
      markRun(root, row);
      setText(author, byCustomer ? customerName() : message.author);
      setText(body, message.body ?? '');
      setText(time, clock.format(Date.parse(message.dateCreated)));
      time.dateTime = message.dateCreated;
      setText(state, message.isRead ? 'Read' : '');
    },
  };
}
