import type { Message, OutboxEntry, TimelineItem } from '#client/sdk/index';
import { attachmentTexts, entryText, noticeText } from './customer-words.ts';
import { inRuns, markRun, type Run } from './desk/runs.ts';
import { element, setText } from './shared/dom.ts';
import { KeyedList, type View } from './shared/keyed-list.ts';

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

interface Bubble {
  readonly own: boolean;
  readonly author: string;
  readonly body: string;
  /** Shown below the body, one line each. */
  readonly attachments: readonly string[];
  readonly atMs: number;
  /** Such as `delivered`; empty for messages of others. */
  readonly state: string;
  readonly stateText: string;
  /** Set when it can be sent again. */
  readonly failedId?: string;
}

type Row = Run<TimelineItem>;

/** What can be done about a failed message. */
export interface FailedActions {
  readonly retry: (id: string) => void;
  readonly discard: (id: string) => void;
}

/** Shows the timeline in the log. */
export function createLog(log: HTMLElement, actions: FailedActions) {
  const list = new KeyedList<Row>(
    log,
    ({ item }) => item.key,
    ({ item }) => (item.kind === 'notice' ? noticeView() : bubbleView(actions)),
  );
  return {
    show(timeline: readonly TimelineItem[]): void {
      list.show(inRuns(timeline, speakerOf));
    },
  };
}

function speakerOf(item: TimelineItem): string | undefined {
  if (item.kind === 'notice') return undefined;
  if (item.kind === 'pending') return 'customer:';
  const { role, name } = item.message.author;
  return role === 'customer' ? 'customer:' : `${role}:${name}`;
}

function noticeView(): View<Row> {
  const root = element('p', { class: 'notice', 'data-testid': 'notice', dir: 'auto' });
  return {
    root,
    update({ item }) {
      if (item.kind === 'notice') setText(root, noticeText(item.notice));
    },
  };
}

function bubbleView({ retry, discard }: FailedActions): View<Row> {
  const author = element('p', { class: 'author', dir: 'auto' });
  const body = element('p', { class: 'body', dir: 'auto', 'data-testid': 'body' });
  const attachments = element('p', {
    class: 'attachments',
    dir: 'auto',
    'data-testid': 'attachments',
  });
  const time = element('time');
  const state = element('span', { class: 'state', 'data-testid': 'state' });
  const meta = element('p', { class: 'meta' }, time, state);
  const root = element('article', { class: 'bubble', 'data-testid': 'message' });
  root.append(author, body, attachments, meta);
  let failedId: string | undefined;
  const buttons = [
    failedButton('retry', 'Try again', () => failedId && retry(failedId)),
    failedButton('discard', 'Discard', () => failedId && discard(failedId)),
  ];
  meta.append(...buttons);
  return {
    root,
    update(row) {
      const { item } = row;
      if (item.kind === 'notice') return;
      const shown =
        item.kind === 'message' ? ofMessage(item.message, item.readByAgent) : ofEntry(item.entry);
      root.dataset['own'] = `${shown.own}`;
      root.dataset['state'] = shown.state;
      markRun(root, row);
      setText(author, shown.own ? 'You' : shown.author);
      setText(body, shown.body);
      setText(attachments, shown.attachments.join('\n'));
      attachments.hidden = shown.attachments.length === 0;
      setText(time, clock.format(shown.atMs));
      time.dateTime = new Date(shown.atMs).toISOString();
      setText(state, shown.stateText);
      failedId = shown.failedId;
      for (const button of buttons) button.hidden = failedId === undefined;
    },
  };
}

function failedButton(testId: string, text: string, act: () => void): HTMLButtonElement {
  const button = element('button', { class: 'retry', type: 'button', 'data-testid': testId });
  button.append(text);
  button.addEventListener('click', act);
  return button;
}

function ofMessage(message: Message, readByAgent: boolean): Bubble {
  const { author, body, sentAt } = message;
  const attachments = attachmentTexts(message);
  const own = author.role === 'customer';
  const state = own ? (readByAgent ? 'read' : 'delivered') : '';
  const stateText = own ? (readByAgent ? 'Read' : 'Delivered') : '';
  return {
    own,
    author: author.name,
    body,
    attachments,
    atMs: Date.parse(sentAt),
    state,
    stateText,
  };
}

function ofEntry(entry: OutboxEntry): Bubble {
  return {
    own: true,
    author: '',
    body: entry.body,
    attachments: [],
    atMs: entry.createdAtMs,
    state: entry.state,
    stateText: entryText(entry),
    ...(entry.state === 'failed' && { failedId: entry.id }),
  };
}
