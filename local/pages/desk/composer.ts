import { sends } from '#client/widget/panel/enter-key';

/**
 * A text box and its form: Enter sends, Shift+Enter begins a new line.
 *
 * @param send gets the trimmed text, never an empty one.
 * @returns whether it took the text; if not, the draft stays.
 */
export function connectComposer(
  form: HTMLFormElement,
  box: HTMLTextAreaElement,
  send: (text: string) => boolean,
): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (text !== '' && send(text)) box.value = '';
  });
  box.addEventListener('keydown', (event) => {
    if (!sends(event)) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
