/** Where the agent writes. Each task has a draft of its own. */

import type { Task } from '../shared/desk-api.ts';
import { byId } from '../shared/dom.ts';
import { connectComposer } from './composer.ts';

/** As often as the plugin in Flex tells of it. */
const TYPING_EVERY_MS = 3_000;

/**
 * @param send resolves to whether the answer was taken; one that was not is in the box again.
 * @param type the agent is writing.
 */
export function createAnswerBox(
  send: (sid: string, text: string) => Promise<boolean>,
  type: (sid: string) => void,
) {
  const form = byId('composer', HTMLFormElement);
  const box = byId('text', HTMLTextAreaElement);
  const button = byId('send', HTMLButtonElement);
  const templates = byId('template', HTMLSelectElement);
  const drafts = new Map<string, string>();
  let shown: Task | undefined;
  let toldAtMs = -TYPING_EVERY_MS;

  box.addEventListener('input', () => {
    const nowMs = performance.now();
    if (shown?.status !== 'accepted' || box.value === '' || nowMs - toldAtMs < TYPING_EVERY_MS)
      return;
    toldAtMs = nowMs;
    type(shown.sid);
  });

  connectComposer(form, box, (text) => {
    if (shown?.status !== 'accepted') return false;
    const { sid } = shown;
    void send(sid, text).then((isTaken) => {
      if (!isTaken) giveBack(sid, text);
    });
    return true;
  });

  /** Before what was written meanwhile. */
  function giveBack(sid: string, text: string): void {
    const later = shown?.sid === sid ? box.value : (drafts.get(sid) ?? '');
    const draft = later === '' ? text : `${text}\n${later}`;
    drafts.set(sid, draft);
    if (shown?.sid !== sid) return;
    box.value = draft;
    showForm();
  }

  /** What can't be sent any more stays to be copied. */
  function showForm(): void {
    const isOpen = shown?.status === 'accepted';
    form.hidden = !isOpen && box.value === '';
    box.readOnly = !isOpen;
    button.hidden = templates.hidden = !isOpen;
  }

  return {
    element: box,
    show(task: Task): void {
      if (shown?.sid !== task.sid) {
        if (shown) drafts.set(shown.sid, box.value);
        box.value = drafts.get(task.sid) ?? '';
      }
      shown = task;
      showForm();
    },
  };
}
