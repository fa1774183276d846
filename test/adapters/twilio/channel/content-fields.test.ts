import {
  contentFields,
  contentRef,
  messageAttributes,
} from '#adapters/twilio/channel/content-fields';
import { clientMessageId } from '#core/ids';

const REPLIES = { type: 'quickReply', actions: [{ type: 'reply', id: 'yes', title: 'Yes' }] };
const fieldsOf = (attributes: unknown) => contentFields(JSON.stringify(attributes));

describe('attributes of a message', () => {
  test('tell of content and of a choice', () => {
    const choice = { chat: 1, index: 3, id: 'yes' };

    expect(fieldsOf({ flexChannel: { content: REPLIES } })).toEqual({ content: REPLIES });
    expect(fieldsOf({ flexChannel: { choice } })).toEqual({ choice });
  });

  test.each([
    '',
    'no JSON',
    '[]',
    'null',
    '{"content":{"type":"quickReply"}}',
    '{"flexChannel":"quickReply"}',
    '{"flexChannel":{"content":"quickReply","choice":"yes"}}',
    '{"flexChannel":{"content":{"type":"carousel"},"choice":{"chat":1,"index":-1,"id":"yes"}}}',
    `{"flexChannel":{"content":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
  ])('tell nothing where they are of another shape: %.60s', (attributes) => {
    expect(contentFields(attributes)).toEqual({});
  });

  test('that imitate what the channel writes are replaced, or left out', () => {
    const imitated = {
      clientMessageId: 'forged',
      flexChannel: { content: REPLIES, choice: { chat: 1, index: 1, id: 'forged' } },
      colour: 'blue',
    };
    const message = { id: clientMessageId('m-1'), body: 'Yes', attributes: imitated };

    expect(JSON.parse(messageAttributes(message))).toEqual({
      clientMessageId: 'm-1',
      colour: 'blue',
    });
    const choice = { chat: 1, index: 7, id: 'yes' };
    expect(JSON.parse(messageAttributes({ ...message, choice }))).toEqual({
      clientMessageId: 'm-1',
      colour: 'blue',
      flexChannel: { choice },
    });
  });
});

describe('where Twilio keeps the content of a message', () => {
  const rich = { id: 'ME1', contentType: 'application/x-vnd.com.twilio.rich.twilio.quick-reply' };
  const file = { id: 'ME2', contentType: 'image/png' };

  test.each([
    { media: [file, rich], templateId: 'HX1', is: { media: rich, templateId: 'HX1' } },
    { media: [rich], templateId: '', is: { media: rich } },
    { media: [file], templateId: 'HX1', is: { templateId: 'HX1' } },
  ])('is $is', ({ media, templateId, is }) => {
    expect(contentRef(media, templateId)).toEqual({ contentRef: is });
  });

  test('is nowhere for words and files', () => {
    expect(contentRef([file], '')).toEqual({});
  });
});
