import type { EventOf, EventType } from '#protocol/events';

interface EventEntry<Type extends EventType> {
  readonly title: string;
  readonly summary: string;
  /** Whether the server sends it of its own accord; the others answer a frame. */
  readonly pushed: boolean;
  readonly example: EventOf<Type>;
}

const OFFER: EventOf<'message'> = {
  type: 'message',
  chat: 1,
  index: 14,
  author: { role: 'bot', name: 'Assistant' },
  body: 'Did that answer your question?',
  content: {
    type: 'quickReply',
    actions: [
      { type: 'reply', id: 'answered', title: 'Yes, thanks' },
      { type: 'reply', id: 'unanswered', title: 'Not quite' },
    ],
  },
  sentAt: '2026-11-22T09:01:09.031Z',
};

const MESSAGE: EventOf<'message'> = {
  type: 'message',
  chat: 1,
  index: 13,
  author: { role: 'agent', name: 'Grace' },
  body: 'It left our warehouse this morning.',
  media: [{ id: 'ME1', filename: 'label.pdf', contentType: 'application/pdf', size: 20_480 }],
  sentAt: '2026-11-22T09:00:09.031Z',
};

/** What each reply and event says. */
export const EVENTS: { readonly [Type in EventType]: EventEntry<Type> } = {
  session: {
    title: 'Session',
    summary: 'Answers `hello` and `startChat`: a fresh token, the chat, and what was missed.',
    pushed: false,
    example: {
      type: 'session',
      ref: '1',
      sessionId: '5f0c2a4e-3d56-4c7b-9a43-0b8f3d1f6a11',
      token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl',
      expiresAt: '2026-11-23T09:00:00.000Z',
      chat: { number: 1, state: 'open', lastIndex: 13 },
      missed: [MESSAGE],
      complete: true,
    },
  },
  accepted: {
    title: 'Accepted',
    summary: 'The message is stored durably and in order; it will reach Flex, or be `rejected`.',
    pushed: true,
    example: { type: 'accepted', ref: '2', id: 'm-01JD8' },
  },
  upload: {
    title: 'Upload',
    summary: 'Answers `attach`: post these fields and, last, the field `file` to this address.',
    pushed: false,
    example: {
      type: 'upload',
      ref: '8',
      id: 'm-01JD9',
      url: 'https://files.s3.eu-central-1.amazonaws.com/',
      fields: { key: 'quarantine/5f0c2a4e/m-01JD9/1', policy: 'eyJleHBpcmF0aW9uIjo…' },
      expiresAt: '2026-11-22T09:05:00.000Z',
    },
  },
  media: {
    title: 'File',
    summary: 'Answers `media`: an address that is good for some minutes and needs no credentials.',
    pushed: false,
    example: {
      type: 'media',
      ref: '9',
      chat: 1,
      index: 13,
      id: 'ME1',
      url: 'https://media.us1.twilio.com/ME1?Expires=1795338000',
    },
  },
  history: {
    title: 'History',
    summary: 'Messages of one chat by ascending index; `complete` is false when there are more.',
    pushed: false,
    example: {
      type: 'history',
      ref: '3',
      chat: 1,
      messages: [MESSAGE, OFFER],
      complete: true,
      state: 'open',
    },
  },
  ok: {
    title: 'Done',
    summary: 'Answers a frame that asks for nothing back.',
    pushed: false,
    example: { type: 'ok', ref: '5', action: 'markRead' },
  },
  pong: {
    title: 'Pong',
    summary: 'Answers `ping` with the time of the server.',
    pushed: false,
    example: { type: 'pong', now: '2026-11-22T09:04:00.000Z' },
  },
  token: {
    title: 'Token',
    summary: 'Answers `checkToken`: whether the token still resumes its session.',
    pushed: false,
    example: { type: 'token', valid: false },
  },
  error: {
    title: 'Refused',
    summary: 'A frame was refused; nothing of it was done.',
    pushed: false,
    example: {
      type: 'error',
      ref: '2',
      code: 'too_large',
      message: 'body: too large: at most 8192 bytes',
      id: 'm-01JD8',
    },
  },
  message: {
    title: 'Message',
    summary:
      'A message is in Flex: of an agent, a bot or the system, or the customer’s own as an echo.',
    pushed: true,
    example: MESSAGE,
  },
  messageEdited: {
    title: 'Message edited',
    summary: 'A message says something else now: all of it, as this may come before the message.',
    pushed: true,
    example: { ...MESSAGE, type: 'messageEdited', editedAt: '2026-11-22T09:01:12.480Z' },
  },
  messageDeleted: {
    title: 'Message deleted',
    summary: 'A message is gone from Flex; whoever shows or keeps it removes it.',
    pushed: true,
    example: { type: 'messageDeleted', chat: 1, index: 13 },
  },
  rejected: {
    title: 'Rejected',
    summary: 'An accepted message will not reach Flex.',
    pushed: true,
    example: { type: 'rejected', id: 'm-01JD8', code: 'chat_ended' },
  },
  participant: {
    title: 'Participant',
    summary: 'An agent joins or leaves.',
    pushed: true,
    example: { type: 'participant', chat: 1, event: 'joined', role: 'agent', name: 'Grace' },
  },
  read: {
    title: 'Read',
    summary: 'The agent has read the chat up to a message.',
    pushed: true,
    example: { type: 'read', chat: 1, index: 12 },
  },
  typing: {
    title: 'Agent is typing',
    summary: 'The agent is typing; shown for `expiresInMs`, or 6 seconds.',
    pushed: true,
    example: { type: 'typing', chat: 1, name: 'Grace' },
  },
  idle: {
    title: 'Idle',
    summary:
      'Nobody has written for long: the chat ends at `endsAt`, unless somebody writes before.',
    pushed: true,
    example: { type: 'idle', chat: 1, endsAt: '2026-11-22T09:15:00.000Z' },
  },
  ended: {
    title: 'Ended',
    summary: 'The chat has ended in Flex.',
    pushed: true,
    example: { type: 'ended', chat: 1, by: 'agent', at: '2026-11-22T09:05:00.000Z' },
  },
  closing: {
    title: 'Closing',
    summary: 'The server is about to close the connection.',
    pushed: true,
    example: { type: 'closing', reason: 'restart', reconnect: true },
  },
};
