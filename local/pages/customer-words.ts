/** Everything the customer's page says by itself. */
import type {
  ChatClientError,
  ChatClientState,
  Message,
  Notice,
  OutboxEntry,
  ReplacedSession,
} from '#client/sdk/index';

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });

type Code = ChatClientError['code'];

const REASONS: Readonly<Partial<Record<Code, string>>> = {
  chat_ended: 'the chat had ended',
  rate_limited: 'too many messages at once',
  too_large: 'the text is too long',
  outbox_full: 'too many earlier ones are still on their way or have failed',
};

export function statusText(state: ChatClientState): string {
  const { connection, chat, agents, endsAt, timeline, typing } = state;
  if (connection.name === 'ended') return 'Disconnected';
  if (connection.name !== 'online') return offlineText(state);
  if (chat?.state === 'ended') return 'This chat has ended';
  if (endsAt !== undefined)
    return `This chat ends at ${clock.format(Date.parse(endsAt))} unless you write`;
  if (typing !== undefined) return `${typing} is typing…`;
  if (agents.length > 0) return `You are talking to ${agents.join(', ')}`;
  const heardFromAgent = timeline.some(
    (item) =>
      item.kind === 'message' &&
      item.message.chat === chat?.number &&
      item.message.author.role === 'agent',
  );
  if (chat?.state === 'open' && !heardFromAgent) return 'An agent will be with you soon';
  return 'Connected';
}

function offlineText({ connection, persistent }: ChatClientState): string {
  const isFirst = connection.name === 'connecting' && connection.attempt === 0;
  if (connection.name === 'offline' || isFirst) return 'Connecting…';
  return persistent
    ? 'Connection lost. Messages will be sent when it is back.'
    : 'Connection lost. Keep this page open until your messages are sent.';
}

/** @returns what is said once an earlier conversation can't be gone on with. */
export function replacedText(
  cause: ReplacedSession['cause'],
  { isShown }: { readonly isShown: boolean },
): string {
  const reason = cause === 'expired' ? ': you were away for long' : '';
  const place = isShown ? ' It is shown above the new one.' : '';
  return `Your earlier conversation has ended${reason}.${place}`;
}

/** @returns what is said of a message besides its text: what it carries, and what was left out. */
export function attachmentTexts({ media = [], truncated }: Message): string[] {
  const names = media.map(({ filename }) => `File: ${filename}`);
  return truncated ? [...names, 'The rest of this message is too long to be shown'] : names;
}

export function noticeText({ event, name, by }: Notice): string {
  switch (event) {
    case 'joined':
      return `${name} joined`;
    case 'left':
      return `${name} left`;
    case 'gap':
      return 'Earlier messages are not shown';
    case 'ended':
      return by === 'customer' ? 'You ended the chat' : 'The chat has ended';
  }
}

export function entryText({ state, code }: OutboxEntry): string {
  switch (state) {
    case 'failed':
      return `Not delivered${because(code)}`;
    case 'sent':
      return 'Sent';
    default:
      return 'Sending…';
  }
}

export function problemText(code: Code): string {
  return `Your message was not sent${because(code)}.`;
}

export function overText({ connection }: ChatClientState): string {
  return connection.name === 'ended'
    ? 'This session was closed. Reload the page to begin again.'
    : 'Is there anything else?';
}

const because = (code: Code | undefined): string => {
  const reason = code && REASONS[code];
  return reason === undefined ? '' : `: ${reason}`;
};
