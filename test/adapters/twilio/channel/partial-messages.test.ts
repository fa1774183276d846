import * as v from 'valibot';
import { messageListSchema } from '#adapters/twilio/channel/message-pages';
import { MessageSchema, toFlexMessage } from '#adapters/twilio/conversations/message';
import { createConversationMessages } from '#adapters/twilio/conversations/messages';
import {
  MessageSchema as FromChatSchema,
  toFlexMessage as fromChat,
} from '#adapters/twilio/programmable-chat/message';
import { createProgrammableChatMessages } from '#adapters/twilio/programmable-chat/messages';
import { channelSid, clientMessageId, sessionId } from '#core/ids';
import { answer, fault, scriptedTwilio } from '../scripted-twilio.ts';

const PARTIAL = [
  { index: 0 },
  { index: '1', author: null, from: null, body: null, media: null, attributes: null },
  { index: 2, body: 7, attributes: '{', date_created: '2026-01-01T00:00:00+00' },
  { index: 3, media: 'none', participant_sid: 5, author: {} },
];
const FILE = { sid: null, filename: null, content_type: null, size: null };

describe('a message that Twilio tells in part', () => {
  test('is read; a message without an index is left out', () => {
    const list = { messages: [...PARTIAL, {}, null], meta: { next_page_url: null } };

    for (const schema of [MessageSchema, FromChatSchema]) {
      const { messages } = v.parse(messageListSchema<{ index: number }>(schema), list);
      expect(messages.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    }
  });

  test('has a file about which the answer says nothing', () => {
    const media = [{ id: '', filename: '', contentType: 'application/octet-stream', size: 0 }];

    expect(toFlexMessage(v.parse(MessageSchema, { index: 0, media: [FILE] }))).toMatchObject({
      media,
    });
    const message = v.parse(FromChatSchema, { index: 0, media: FILE });
    expect(fromChat(message, new Set())).toMatchObject({ media });
  });
});

describe('a post that Twilio answers in part', () => {
  const CHAT = { sessionId: sessionId('s'), number: 1 };
  const MESSAGE = { id: clientMessageId('m-1'), body: 'hello' };
  const SERVICE = { chatServiceSid: `IS${'1'.repeat(32)}` };
  const posting = (reply: ReturnType<typeof answer>) => {
    const { rest } = scriptedTwilio({ POST: reply });
    const users = { find: async () => undefined };
    return [
      createConversationMessages(rest, SERVICE as never).postMessage(
        { sid: channelSid('CH1') },
        CHAT,
        MESSAGE,
      ),
      createProgrammableChatMessages(rest, SERVICE as never, users as never).postMessage(
        { sid: channelSid('CH1') },
        CHAT,
        MESSAGE,
      ),
    ];
  };

  test.each([{}, [], { index: null }, { index: 'x', author: 5 }])('is posted: %j', async (body) => {
    for (const posted of posting(answer(body, 201))) await expect(posted).resolves.toBeUndefined();
  });

  test('is not posted when the status says so', async () => {
    for (const posted of posting(fault(503, 20503))) {
      await expect(posted).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    }
  });
});
