/**
 * Makes a change of the page; when it takes away what had the focus, something else gets it,
 * as a keyboard would have to begin at the top of the page otherwise.
 */
export function keepFocus(change: () => void, next: () => HTMLElement): void {
  const before = document.activeElement;
  change();
  if (before === null || before === document.body) return;
  if (!before.isConnected || before.closest('[hidden]') !== null) next().focus();
}
