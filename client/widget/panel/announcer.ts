/** Tells people who can't see the panel what has just happened; never the backlog. */

/** Screen readers miss what is gone sooner. */
const STAYS_MS = 1_000;

export interface Announcer {
  readonly element: HTMLElement;
  /** In order, each once. */
  say(text: string): void;
}

/** @param label of the region, such as "Conversation". */
export function createAnnouncer(label: string): Announcer {
  const element = document.createElement('div');
  element.className = 'spoken';
  element.setAttribute('role', 'log');
  element.setAttribute('aria-label', label);
  return {
    element,
    say(text) {
      const line = document.createElement('p');
      line.textContent = text;
      element.append(line);
      setTimeout(() => line.remove(), STAYS_MS);
    },
  };
}
