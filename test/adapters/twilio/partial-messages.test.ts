import * as v from 'valibot';
import { ChatMessageSchema, toFlexMessage as fromChat } from '#adapters/twilio/chat-message';
import { MessageSchema, toFlexMessage } from '#adapters/twilio/conversation-message';
import { messageListSchema } from '#adapters/twilio/message-pages';

const PARTIAL = [
  { index: 0 },
  { index: '1', author: null, from: null, body: null, media: null, attributes: null },
  { index: 2, body: 7, attributes: '{', date_created: '2026-01-01T00:00:00+00' },
  { index: 3, media: 'none', participant_sid: 5, author: {} },
];
const FILE = { sid: null, filename: null, content_type: null, size: null };

describe('a message that Twilio tells in part', () => {
  test('is read, and one without a place is left out', () => {
    const list = { messages: [...PARTIAL, {}, null], meta: { next_page_url: null } };

    for (const schema of [MessageSchema, ChatMessageSchema]) {
      const { messages } = v.parse(messageListSchema<{ index: number }>(schema), list);
      expect(messages.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    }
  });

  test('has a file of which nothing is told', () => {
    const media = [{ id: '', filename: '', contentType: 'application/octet-stream', size: 0 }];

    expect(toFlexMessage(v.parse(MessageSchema, { index: 0, media: [FILE] }))).toMatchObject({
      media,
    });
    const message = v.parse(ChatMessageSchema, { index: 0, media: FILE });
    expect(fromChat(message, false)).toMatchObject({ media });
  });
});
