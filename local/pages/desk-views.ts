import type { DeskMessage, Task } from './desk-api.ts';
import { element, setText } from './dom.ts';
import { KeyedList, type View } from './keyed-list.ts';
import { inRuns, markRun, type Run } from './runs.ts';

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

/** Shows the conversation of a task. */
export function createMessageLog(log: HTMLElement) {
  let customer = '';
  const list = new KeyedList<Run<DeskMessage>>(
    log,
    ({ item }) => item.sid,
    ({ item }) => messageView(item, customer),
  );
  return {
    show(messages: readonly DeskMessage[], customerName: string): void {
      customer = customerName;
      list.show(inRuns(messages, ({ author }) => author));
    },
  };
}

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

/** Told by the identity that the channel gives each customer. */
export function isByCustomer({ author }: DeskMessage): boolean {
  return author.startsWith('customer-');
}

function messageView(message: DeskMessage, customer: string): View<Run<DeskMessage>> {
  const { author, body, dateCreated } = message;
  const byCustomer = isByCustomer(message);
  const time = element('time', { datetime: dateCreated }, clock.format(Date.parse(dateCreated)));
  const state = element('span', { class: 'state', 'data-testid': 'desk-state' });
  const root = element(
    'article',
    { class: 'bubble', 'data-own': `${!byCustomer}`, 'data-testid': 'desk-message' },
    element('p', { class: 'author', dir: 'auto' }, byCustomer ? customer : author),
    element('p', { class: 'body', dir: 'auto', 'data-testid': 'desk-body' }, body ?? ''),
    element('p', { class: 'meta' }, time, state),
  );
  return {
    root,
    update(row) {
      markRun(root, row);
      setText(state, row.item.isRead ? 'Read' : '');
    },
  };
}
