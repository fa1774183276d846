import type { EventType } from '#protocol/events';
import type { Action, Frame } from '#protocol/frames';
import { DEFAULT_MAX_BODY_BYTES } from '#protocol/limits';

interface FrameEntry<Name extends Action> {
  readonly title: string;
  readonly summary: string;
  readonly description?: string;
  /** The event that answers it, unless it is refused. */
  readonly reply: EventType;
  readonly example: Extract<Frame, { action: Name }>;
}

/** What each frame is for. */
export const FRAMES: { readonly [Name in Action]: FrameEntry<Name> } = {
  hello: {
    title: 'Hello',
    summary: 'Begins or prolongs the session and asks for what was missed.',
    reply: 'session',
    example: {
      action: 'hello',
      ref: '1',
      profile: {
        name: 'Ada',
        email: 'ada@example.com',
        language: 'en-GB',
        pageUrl: 'https://shop.example.com/orders',
        fields: { plan: 'business' },
      },
      after: { chat: 1, index: 12 },
    },
  },
  sendMessage: {
    title: 'Send a message',
    summary: 'Hands in a message for the agent. Repeating an id is harmless.',
    description:
      `A deployment may allow less than the largest \`body\` of the schema; ` +
      `${DEFAULT_MAX_BODY_BYTES} bytes are the default. The channel's own attribute \`flexChannel\` ` +
      'is not taken from `attributes`.',
    reply: 'accepted',
    example: {
      action: 'sendMessage',
      ref: '2',
      id: 'm-01JD8',
      body: 'Where is my order?',
      chat: 1,
      attributes: { orderNumber: 1815 },
    },
  },
  attach: {
    title: 'Attach a file',
    summary: 'Asks where one file may be uploaded; it becomes a message of this id.',
    description:
      'Refused with `not_supported` where `session` names no `files`. Once the file is uploaded and ' +
      'stands in the order of messages, the event `accepted` follows, or `rejected`.',
    reply: 'upload',
    example: {
      action: 'attach',
      ref: '8',
      id: 'm-01JD9',
      filename: 'receipt.pdf',
      contentType: 'application/pdf',
      size: 20_480,
      chat: 1,
    },
  },
  media: {
    title: 'Open a file',
    summary: 'Asks for an address of a file in a message; ask again for each click.',
    reply: 'media',
    example: { action: 'media', ref: '9', chat: 1, index: 13, id: 'ME1' },
  },
  history: {
    title: 'Read the history',
    summary: 'Asks for the messages after a cursor, or from the first of the current chat.',
    reply: 'history',
    example: { action: 'history', ref: '3', after: { chat: 1, index: 12 }, limit: 50 },
  },
  startChat: {
    title: 'Start another chat',
    summary:
      'After an ended chat, gets the number of the next; its first message opens it in Flex.',
    reply: 'session',
    example: { action: 'startChat', ref: '4', profile: { name: 'Ada' } },
  },
  markRead: {
    title: 'Mark as read',
    summary: 'The customer has read the chat up to a message.',
    reply: 'ok',
    example: { action: 'markRead', ref: '5', chat: 1, index: 13 },
  },
  typing: {
    title: 'Typing',
    summary: 'The customer is typing.',
    reply: 'ok',
    example: { action: 'typing' },
  },
  endChat: {
    title: 'End the chat',
    summary: 'The customer ends the chat; the event `ended` follows.',
    reply: 'ok',
    example: { action: 'endChat', ref: '6' },
  },
  checkToken: {
    title: 'Check a token',
    summary:
      'Asks whether a session token is still good, on a connection that was opened without one.',
    description:
      'A browser does not tell a refused token from a refused connection; the reply does. ' +
      'It works before `hello` and begins nothing.',
    reply: 'token',
    example: { action: 'checkToken', ref: '7', token: 'eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl' },
  },
  ping: {
    title: 'Ping',
    summary: 'Keeps the connection open: API Gateway closes it after 10 minutes of silence.',
    reply: 'pong',
    example: { action: 'ping' },
  },
};
