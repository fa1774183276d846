/** The chunk for pages that ask something before the first message. */
export { formProblem } from './check-form.ts';
export { default as css } from './form.css';
export { PreChat } from './pre-chat.tsx';
export { PreChatForm } from './pre-chat-form.ts';
