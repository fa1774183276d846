import { createChannelContents } from '#adapters/twilio/channel/channel-contents';
import { answer, fault, type Script, scriptedTwilio } from '../scripted-twilio.ts';

const SERVICE = `IS${'0'.repeat(32)}`;
const MEDIA = `ME${'0'.repeat(32)}`;
const TEMPLATE = `HX${'0'.repeat(32)}`;
const rich = (type: string) => ({
  id: MEDIA,
  contentType: `application/x-vnd.com.twilio.rich.twilio.${type}`,
});
const OF_MEDIA = `GET mcs.us1.twilio.com/v1/Services/${SERVICE}/Media/${MEDIA}/Content`;
const OF_TEMPLATE = `GET content.twilio.com/v1/Content/${TEMPLATE}`;

const replies = (title: string) => ({
  body: 'Sure?',
  actions: [{ type: 'QUICK_REPLY', title, id: 'yes' }],
});
const media = answer({ data: replies('from the media') });
const template = answer({ types: { 'twilio/quick-reply': replies('from the template') } });

function contentsOn(script: Script) {
  const { rest, requests } = scriptedTwilio(script);
  const contents = createChannelContents(rest, { chatServiceSid: SERVICE });
  const titleOf = async (ref: Parameters<typeof contents.findContent>[0]) => {
    const found = await contents.findContent(ref);
    return found?.content.type === 'quickReply' ? found.content.actions[0]?.title : undefined;
  };
  return { titleOf, requests };
}

describe('rich content of a message', () => {
  test('is that of its media, read once', async () => {
    const { titleOf, requests } = contentsOn({ [OF_MEDIA]: media, [OF_TEMPLATE]: template });
    const ref = { media: rich('quick-reply'), templateId: TEMPLATE };

    expect(await titleOf(ref)).toBe('from the media');
    expect(await titleOf(ref)).toBe('from the media');
    expect(requests.map(({ call }) => call)).toEqual([OF_MEDIA]);
  });

  test.each([
    ['can not be read', fault(503, 20503), 'quick-reply'],
    ['are not there', fault(404, 20404), 'quick-reply'],
    ['are of an unknown type', media, 'carousel'],
    ['hold something else', answer({ data: 'text' }), 'quick-reply'],
    ['hold something hostile', answer({ data: replies('') }), 'quick-reply'],
  ])('is that of its template where its media %s', async (_, ofMedia, type) => {
    const { titleOf } = contentsOn({ [OF_MEDIA]: ofMedia, [OF_TEMPLATE]: template });

    expect(await titleOf({ media: rich(type), templateId: TEMPLATE })).toBe('from the template');
  });

  test('is none where nothing can be read, and is not asked for again at once', async () => {
    const { titleOf, requests } = contentsOn({ [OF_TEMPLATE]: fault(500, 20500) });

    expect(await titleOf({ templateId: TEMPLATE })).toBeUndefined();
    expect(await titleOf({ templateId: TEMPLATE })).toBeUndefined();
    expect(requests).toHaveLength(1);
  });

  test('is looked for under no other name than that of a file or a template', async () => {
    const { titleOf, requests } = contentsOn({});
    const stranger = { ...rich('quick-reply'), id: '../../Accounts' };

    expect(await titleOf({ media: stranger, templateId: '../Accounts' })).toBeUndefined();
    expect(requests).toEqual([]);
  });
});
