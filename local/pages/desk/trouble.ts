import { setText } from '../shared/dom.ts';

/** What went wrong: with the agent's last action, and with looking for news. */
export function createTrouble(element: HTMLElement) {
  let action = '';
  let looking = '';
  const show = () => setText(element, [action, looking].filter(Boolean).join(' '));
  return {
    /** Stands until the agent does something else. */
    ofAction(text: string): void {
      action = text;
      show();
    },
    /** Stands until a look succeeds. */
    ofLooking(text: string): void {
      looking = text;
      show();
    },
  };
}
