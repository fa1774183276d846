import { connectComposer } from './composer.ts';
import { type DeskMessage, deskApi, type Task } from './desk-api.ts';
import {
  createMessageLog,
  createTaskList,
  customerOf,
  factsOf,
  isByCustomer,
  PHASES,
} from './desk-views.ts';
import { byId, element, setText } from './dom.ts';
import { StickToEnd } from './stick-to-end.ts';

const POLL_EVERY_MS = 500;

const agentField = byId('agent', HTMLInputElement);
const log = byId('log', HTMLElement);
const composer = byId('composer', HTMLFormElement);
const answerBox = byId('text', HTMLTextAreaElement);
const acceptButton = byId('accept', HTMLButtonElement);
const leaveButton = byId('leave', HTMLButtonElement);
const completeButton = byId('complete', HTMLButtonElement);

const end = new StickToEnd(log);
const taskList = createTaskList(byId('tasks', HTMLElement), choose);
const messages = createMessageLog(log);

let tasks: readonly Task[] = [];
let chosenSid: string | undefined;
let shownMessages = 0;
/** Task and index that the customer was last told of. */
let markedRead = '';

const chosen = (): Task | undefined => tasks.find(({ sid }) => sid === chosenSid);

function choose(sid: string): void {
  chosenSid = sid;
  shownMessages = 0;
  messages.show([], '');
  showTasks();
  void refresh();
}

function showTasks(): void {
  taskList.show(
    tasks
      .slice()
      .reverse()
      .map((task) => ({ task, isChosen: task.sid === chosenSid })),
  );
  byId('no-tasks', HTMLElement).hidden = tasks.length > 0;
  const task = chosen();
  byId('nothing', HTMLElement).hidden = task !== undefined || tasks.length === 0;
  byId('opened', HTMLElement).hidden = task === undefined;
  if (task) showTask(task);
}

function showTask(task: Task): void {
  setText(byId('customer', HTMLElement), customerOf(task));
  setText(byId('phase', HTMLElement), PHASES[task.status]);
  showFacts(task);
  acceptButton.hidden = task.status !== 'pending';
  leaveButton.hidden = task.status !== 'accepted';
  completeButton.hidden = task.status !== 'accepted' && task.status !== 'wrapping';
  composer.hidden = task.status !== 'accepted';
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

async function showMessages(task: Task): Promise<void> {
  const said = await deskApi.messages(task.sid);
  if (task.sid !== chosenSid) return;
  messages.show(said, customerOf(task));
  if (said.length !== shownMessages) end.grown();
  shownMessages = said.length;
  await markRead(task, said);
}

async function markRead(task: Task, said: readonly DeskMessage[]): Promise<void> {
  const last = said.filter(isByCustomer).pop();
  if (task.status !== 'accepted' || last === undefined) return;
  const mark = `${task.sid} ${last.index}`;
  if (mark === markedRead) return;
  markedRead = mark;
  await deskApi.read(task.sid, last.index);
}

async function refresh(): Promise<void> {
  tasks = await deskApi.tasks();
  showTasks();
  const task = chosen();
  if (task) await showMessages(task);
}

/** Runs an action of the agent, or a look at the server; failures are shown until the next success. */
async function attempt(action: () => Promise<unknown>): Promise<void> {
  const trouble = byId('trouble', HTMLElement);
  try {
    await action();
    setText(trouble, '');
  } catch (error) {
    setText(trouble, `That did not work: ${(error as Error).message}`);
  }
}

function onChosen(act: (sid: string) => Promise<unknown>): void {
  const sid = chosenSid;
  if (sid === undefined) return;
  void attempt(async () => {
    await act(sid);
    await refresh();
  });
}

async function poll(): Promise<void> {
  if (document.visibilityState === 'visible') await attempt(refresh);
  setTimeout(() => void poll(), POLL_EVERY_MS);
}

acceptButton.addEventListener('click', () =>
  onChosen(async (sid) => {
    await deskApi.accept(sid, agentField.value.trim());
    await refresh();
    answerBox.focus();
  }),
);
leaveButton.addEventListener('click', () => onChosen(deskApi.leave));
completeButton.addEventListener('click', () => onChosen(deskApi.complete));
connectComposer(composer, answerBox, (text) => {
  onChosen((sid) => deskApi.answer(sid, text));
  return true;
});

void poll();
