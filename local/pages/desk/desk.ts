/** The agent's desk: looks for tasks and messages, and does what the agent wants done. */
import { createAnnouncer } from '#client/widget/panel/announcer';
import { type DeskMessage, deskApi, type Task } from '../shared/desk-api.ts';
import { byId } from '../shared/dom.ts';
import { keepFocus } from '../shared/focus.ts';
import { createAnswerBox } from './answer-box.ts';
import { createMessageLog } from './message-log.ts';
import { isByCustomer } from './message-view.ts';
import { createTaskHeader, type TaskAction } from './task-header.ts';
import { createTaskList } from './task-list.ts';
import { customerOf } from './task-words.ts';
import { createTemplateBox } from './template-box.ts';
import { createTrouble } from './trouble.ts';

const POLL_EVERY_MS = 500;

const agentField = byId('agent', HTMLInputElement);
const announcer = createAnnouncer('News');
document.body.append(announcer.element);
const trouble = createTrouble(byId('trouble', HTMLElement));
const taskList = createTaskList(byId('tasks', HTMLElement), choose);
const header = createTaskHeader(onAction);
const messageLog = createMessageLog(byId('log', HTMLElement), announcer.say, {
  edit: ({ sid, body }) => {
    const words = window.prompt('What the message is to say', body ?? '');
    if (words) change((task) => deskApi.edit(task, sid, words));
  },
  remove: ({ sid }) => change((task) => deskApi.remove(task, sid)),
});
const answerBox = createAnswerBox(
  (sid, text) => attempt('Your answer was not sent', () => deskApi.answer(sid, text)),
  // Where no plugin is installed, nobody is told.
  (sid) => void deskApi.typing(sid).catch(() => {}),
);

const templateBox = createTemplateBox((template) => {
  const sid = chosenSid;
  if (sid === undefined) return;
  void attempt('The template was not sent', () => deskApi.sendTemplate(sid, template));
});

/** Undefined until the first look. */
let tasks: readonly Task[] | undefined;
let chosenSid: string | undefined;
/** Task and index that the customer was last told of. */
let markedRead = '';

const ACTIONS: Readonly<Record<TaskAction, (sid: string) => Promise<unknown>>> = {
  accept: (sid) => deskApi.accept(sid, agentField.value.trim()),
  leave: deskApi.leave,
  complete: deskApi.complete,
};

const chosen = (): Task | undefined => tasks?.find(({ sid }) => sid === chosenSid);

function choose(sid: string): void {
  chosenSid = sid;
  trouble.ofAction('');
  messageLog.clear();
  show();
  void look();
}

function show(): void {
  const task = chosen();
  taskList.show(tasks ?? [], chosenSid);
  byId('no-tasks', HTMLElement).hidden = tasks?.length !== 0;
  byId('nothing', HTMLElement).hidden = task !== undefined || !tasks?.length;
  byId('opened', HTMLElement).hidden = task === undefined;
  if (task === undefined) return;
  keepFocus(
    () => {
      header.show(task);
      answerBox.show(task);
    },
    () => (task.status === 'accepted' ? answerBox.element : header.title),
  );
}

function announceTasks(found: readonly Task[]): void {
  if (tasks === undefined) return;
  const known = new Set(tasks.map(({ sid }) => sid));
  for (const task of found) {
    if (!known.has(task.sid)) announcer.say(`${customerOf(task)} is waiting`);
  }
}

async function refresh(): Promise<void> {
  const found = await deskApi.tasks();
  announceTasks(found);
  tasks = found;
  show();
  const task = chosen();
  if (task === undefined) return;
  const messages = await deskApi.messages(task.sid);
  if (task.sid !== chosenSid) return;
  messageLog.show(task, messages);
  await markRead(task, messages);
}

async function markRead(task: Task, messages: readonly DeskMessage[]): Promise<void> {
  const last = messages.filter(isByCustomer).pop();
  if (task.status !== 'accepted' || last === undefined) return;
  const mark = `${task.sid} ${last.index}`;
  if (mark === markedRead) return;
  markedRead = mark;
  await deskApi.read(task.sid, last.index);
}

async function look(): Promise<void> {
  try {
    await refresh();
    trouble.ofLooking('');
  } catch (error) {
    trouble.ofLooking(`Looking for news fails: ${(error as Error).message}`);
  }
}

/** @returns whether it worked. */
async function attempt(failure: string, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    trouble.ofAction('');
    return true;
  } catch (error) {
    trouble.ofAction(`${failure}: ${(error as Error).message}`);
    return false;
  } finally {
    await look();
  }
}

function onAction(action: TaskAction): void {
  const sid = chosenSid;
  if (sid !== undefined) void attempt('That did not work', () => ACTIONS[action](sid));
}

function change(act: (task: string) => Promise<unknown>): void {
  const sid = chosenSid;
  if (sid !== undefined) void attempt('The message is as it was', () => act(sid));
}

async function poll(): Promise<void> {
  if (document.visibilityState === 'visible') await look();
  setTimeout(() => void poll(), POLL_EVERY_MS);
}

// Without them the desk does all else.
void deskApi.templates().then(templateBox.fill, () => {});
void poll();
