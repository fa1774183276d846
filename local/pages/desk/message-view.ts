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

/** @param customerName of the task that is shown. */
export function messageView(customerName: () => string): View<Run<DeskMessage>> {
  const author = element('p', { class: 'author', dir: 'auto' });
  const body = element('p', { class: 'body', dir: 'auto', 'data-testid': 'desk-body' });
  const time = element('time');
  const state = element('span', { class: 'state', 'data-testid': 'desk-state' });
  const meta = element('p', { class: 'meta' }, time, state);
  const root = element('article', { class: 'bubble', 'data-testid': 'desk-message' });
  root.append(author, body, meta);
  return {
    root,
    update(row) {
      const message = row.item;
      const byCustomer = isByCustomer(message);
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
