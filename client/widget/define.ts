import { FlexChatElement } from './element.ts';
import type { LoadPanel } from './load-panel.ts';

/** Defines `<flex-chat>`, unless the page has it already: the script may be there twice. */
export function defineFlexChat(loadPanel: LoadPanel): void {
  if (!globalThis.customElements || customElements.get('flex-chat')) return;
  FlexChatElement.loadPanel = loadPanel;
  customElements.define('flex-chat', FlexChatElement);
}
