/** The widget as a module: importing it defines `<flex-chat>`. */
import { defineFlexChat } from './define.ts';

export type { Draft, FlexChatConfig, FormField } from './config.ts';
export { FlexChatElement } from './element.ts';
export type { FlexChatEvents } from './events.ts';
export type { Rating } from './panel/conversation.ts';
export type { Texts } from './texts/texts.ts';

defineFlexChat(() => import('./panel/panel.ts'));
