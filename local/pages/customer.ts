import {
  type ChatClient,
  ChatClientError,
  type ChatClientState,
  createChatClient,
  type TimelineItem,
} from '#client/sdk/index';
import { createLog } from './customer-log.ts';
import { overText, problemText, replacedText, statusText } from './customer-words.ts';
import { connectComposer } from './desk/composer.ts';
import { StickToEnd } from './desk/stick-to-end.ts';
import { byId, setText } from './shared/dom.ts';

const config: { customerSocketUrl: string } = await (await fetch('/config.json')).json();
const status = byId('status', HTMLElement);
const client = openClient();

const log = byId('log', HTMLElement);
const composer = byId('composer', HTMLFormElement);
const introduction = byId('introduction', HTMLElement);
const nameField = byId('name', HTMLInputElement);
const text = byId('text', HTMLTextAreaElement);
const problem = byId('problem', HTMLElement);
const over = byId('over', HTMLElement);
const againButton = byId('again', HTMLButtonElement);
const endButton = byId('end', HTMLButtonElement);
const confirmDialog = byId('confirm', HTMLDialogElement);

const end = new StickToEnd(log, byId('newer', HTMLButtonElement));
const shownLog = createLog(log, {
  retry: (id) => client.retry(id),
  discard: (id) => client.discard(id),
});
let shownItems = 0;
/** Of sessions that could not be resumed. */
let former: readonly TimelineItem[] = [];

/** @throws ChatClientError for an address that can't be right; the page says that much. */
function openClient(): ChatClient {
  try {
    return createChatClient({ url: config.customerSocketUrl });
  } catch (error) {
    setText(status, 'There is no chat at the address that this page was given.');
    throw error;
  }
}

function show(state: ChatClientState): void {
  const { chat, connection, timeline } = state;
  setText(status, statusText(state));
  status.dataset['connection'] = connection.name;
  const shown = [...former, ...timeline];
  shownLog.show(shown);
  if (shown.length !== shownItems) end.grown();
  shownItems = shown.length;
  log.ariaBusy = chat === undefined ? 'true' : 'false';
  introduction.hidden = !isBeforeFirstMessage(state);
  endButton.hidden = chat?.state !== 'open';
  showOver(state);
  markRead();
}

function isBeforeFirstMessage({ chat, timeline }: ChatClientState): boolean {
  const isEmpty = !timeline.some((item) => item.kind === 'pending');
  return isEmpty && (chat === undefined || chat.state === 'none');
}

/** When the text box goes, focus in it goes on to what takes its place. */
function showOver(state: ChatClientState): void {
  const isClosed = state.connection.name === 'ended';
  const isOver = isClosed || state.chat?.state === 'ended';
  if (isOver === !over.hidden) return;
  const hadFocus = document.activeElement === text;
  const againHadFocus = document.activeElement === againButton;
  log.dataset['over'] = `${isOver}`;
  over.hidden = !isOver;
  composer.hidden = isOver;
  againButton.hidden = isClosed;
  if (isOver) setText(byId('over-text', HTMLElement), overText(state));
  if (isOver && hadFocus) againButton.focus();
  if (!isOver && againHadFocus) text.focus();
}

function markRead(): void {
  if (document.visibilityState !== 'visible') return;
  const { chat, timeline } = client.state;
  const last = timeline.filter((item) => item.kind === 'message').pop();
  if (last?.kind !== 'message' || chat?.state !== 'open') return;
  const { message } = last;
  if (message.chat === chat.number && message.author.role !== 'customer') {
    client.markRead(message.index);
  }
}

/** The agent's task is made of what is known before the first message. */
function introduce(): void {
  const name = nameField.value.trim();
  client.setProfile({
    ...(name !== '' && { name }),
    language: navigator.language,
    pageUrl: location.href,
  });
}

function send(body: string): boolean {
  const problemFound = client.problemWith(body);
  setText(problem, problemFound === undefined ? '' : problemText(problemFound));
  if (problemFound !== undefined) return false;
  if (isBeforeFirstMessage(client.state)) introduce();
  client.send(body);
  end.toEnd();
  return true;
}

/** A refusal is shown; whether it worked otherwise shows in the state. */
async function attempt(call: () => Promise<void>): Promise<void> {
  try {
    setText(problem, '');
    await call();
  } catch (error) {
    if (!(error instanceof ChatClientError)) throw error;
    setText(status, 'That did not work. Please try again.');
  }
}

connectComposer(composer, text, send);
text.addEventListener('input', () => client.typing());
endButton.addEventListener('click', () => confirmDialog.showModal());
confirmDialog.addEventListener('close', () => {
  if (confirmDialog.returnValue === 'end') void attempt(() => client.endChat());
  confirmDialog.returnValue = '';
});
againButton.addEventListener('click', () => void attempt(() => client.startChat()));
document.addEventListener('visibilitychange', markRead);

client.on('change', show);
client.on('replaced', (session) => {
  // What was on its way is in the new session's own timeline.
  const kept = session.timeline.filter(({ kind }) => kind !== 'pending');
  former = [...former, ...kept].map((item, place) => ({ ...item, key: `former:${place}` }));
  setText(problem, replacedText(session.cause, { isShown: kept.length > 0 }));
});
client.connect();
