/**
 * A text box and its form: Enter sends, Shift+Enter begins a new line. While an input method
 * composes, Enter belongs to it.
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

/** Safari ends a composition before it tells of the key that ended it, whose code is 229 then. */
function sends({
  altKey,
  ctrlKey,
  isComposing,
  key,
  keyCode,
  metaKey,
  shiftKey,
}: KeyboardEvent): boolean {
  const isPlain = !(altKey || ctrlKey || metaKey || shiftKey);
  return key === 'Enter' && isPlain && !isComposing && keyCode !== 229;
}
