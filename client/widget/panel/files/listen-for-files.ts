/** Files that are dropped on the panel, or pasted into it. @returns ends it. */
export function listenForFiles(
  element: HTMLElement,
  onFiles: (files: readonly File[]) => void,
): () => void {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  const show = (isDropping: boolean) => element.classList.toggle('is-dropping', isDropping);
  element.addEventListener(
    'dragover',
    (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      show(true);
    },
    options,
  );
  element.addEventListener('dragleave', () => show(false), options);
  element.addEventListener(
    'drop',
    (event) => {
      show(false);
      take(event, event.dataTransfer);
    },
    options,
  );
  element.addEventListener('paste', (event) => take(event, event.clipboardData), options);

  function take(event: Event, data: DataTransfer | null): void {
    const files = [...(data?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    onFiles(files);
  }

  return () => listening.abort();
}
