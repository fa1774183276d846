import type { DeskMessage, Task } from './desk-api.ts';
import { element, setText } from './dom.ts';
import { KeyedList, type View } from './keyed-list.ts';

export const PHASES: Readonly<Record<Task['status'], string>> = {
  pending: 'Waiting',
  accepted: 'In conversation',
  wrapping: 'Chat over, to be completed',
  completed: 'Completed',
};

export function customerOf({ attributes }: Task): string {
  const name = attributes['customerName'] ?? attributes['name'] ?? attributes['from'];
  return typeof name === 'string' && name !== '' ? name : 'Customer';
}

/** What else is known of the customer, as label and value. */
export function factsOf({ attributes }: Task): readonly (readonly [string, string])[] {
  const before = attributes['pre_engagement_data'];
  const known = Object.entries(typeof before === 'object' && before !== null ? before : {});
  return known
    .filter(([label, value]) => label !== 'name' && typeof value === 'string' && value !== '')
    .map(([label, value]) => [LABELS[label] ?? label, String(value)]);
}

const LABELS: Readonly<Record<string, string>> = {
  email: 'E-mail',
  language: 'Language',
  pageUrl: 'Page',
};

export interface TaskRow {
  readonly task: Task;
  readonly isChosen: boolean;
}

export function createTaskList(parent: HTMLElement, choose: (sid: string) => void) {
  return new KeyedList<TaskRow>(
    parent,
    ({ task }) => task.sid,
    ({ task }) => taskView(task.sid, choose),
  );
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

export function createMessageList(parent: HTMLElement) {
  return new KeyedList<DeskMessage>(parent, ({ sid }) => sid, messageView);
}

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

/** The customer's side is told by the identity that the channel gives each customer. */
export function isByCustomer({ author }: DeskMessage): boolean {
  return author.startsWith('customer-');
}

function messageView(message: DeskMessage): View<DeskMessage> {
  const byCustomer = isByCustomer(message);
  const sentAtMs = Date.parse(message.dateCreated);
  const root = element(
    'article',
    { class: 'bubble', 'data-own': `${!byCustomer}`, 'data-begins': 'true', 'data-ends': 'true' },
    element('p', { class: 'author', dir: 'auto' }, byCustomer ? 'Customer' : message.author),
    element('p', { class: 'body', dir: 'auto', 'data-testid': 'desk-body' }, message.body ?? ''),
    element(
      'p',
      { class: 'meta' },
      element('time', { datetime: message.dateCreated }, clock.format(sentAtMs)),
    ),
  );
  root.dataset['testid'] = 'desk-message';
  return { root, update: () => {} };
}
