/** The chunk for pages that ask something before the first message. */
export { ConfigError } from '../config-error.ts';
export { formProblem } from './check-form.ts';
export { default as css } from './form.css';
export { PreChat } from './pre-chat.tsx';
export { PreChatForm } from './pre-chat-form.ts';
