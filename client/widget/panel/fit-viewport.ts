/** On phones the keyboard takes part of the height, and only the visual viewport knows. */

/** Tells the style sheet what can be seen of the page. */
export function fitViewport({ style }: HTMLElement): void {
  if (!visualViewport) return;
  style.setProperty('--visible-height', `${visualViewport.height}px`);
  style.setProperty('--visible-top', `${visualViewport.offsetTop}px`);
}
