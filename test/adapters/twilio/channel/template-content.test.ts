import { contentOfTemplate } from '#adapters/twilio/channel/template-content';

const yes = { type: 'QUICK_REPLY', title: 'Yes', id: 'yes' };
const site = { type: 'URL', title: 'Site', url: 'https://shop.example/' };
const code = { type: 'COPY_CODE', title: 'Copy', code: '10OFF' };

describe('a template of Twilio', () => {
  test.each([
    [
      {
        'twilio/quick-reply': { body: 'Sure?', actions: [yes, { ...yes, title: 'No', id: null }] },
      },
      {
        body: 'Sure?',
        content: {
          type: 'quickReply',
          actions: [
            { type: 'reply', title: 'Yes', id: 'yes' },
            { type: 'reply', title: 'No', id: 'No' },
          ],
        },
      },
    ],
    [
      {
        'twilio/list-picker': {
          body: 'Where to?',
          button: 'Pick',
          items: [{ item: 'New York', id: 'nyc', description: '' }],
        },
      },
      {
        body: 'Where to?',
        content: { type: 'listPicker', button: 'Pick', items: [{ id: 'nyc', title: 'New York' }] },
      },
    ],
    [
      {
        'twilio/text': { body: 'A kettle' },
        'twilio/card': {
          title: 'A kettle',
          subtitle: 'boils',
          media: ['https://shop.example/kettle.png'],
          actions: [site, code],
        },
      },
      {
        body: 'A kettle\nboils',
        content: {
          type: 'card',
          title: 'A kettle',
          subtitle: 'boils',
          media: ['https://shop.example/kettle.png'],
          actions: [{ type: 'url', title: 'Site', url: 'https://shop.example/' }],
        },
      },
    ],
    [
      {
        'twilio/call-to-action': {
          body: 'Call us',
          actions: [{ type: 'PHONE_NUMBER', title: 'Call', phone: '+15551234567' }],
        },
      },
      {
        body: 'Call us',
        content: {
          type: 'callToAction',
          actions: [{ type: 'phone', title: 'Call', phone: '+15551234567' }],
        },
      },
    ],
    [
      { 'twilio/media': { media: ['https://shop.example/a.png'] } },
      { body: '', content: { type: 'media', media: ['https://shop.example/a.png'] } },
    ],
    [
      { 'twilio/location': { latitude: '51.5', longitude: 0, label: 'Our shop' } },
      {
        body: 'Our shop',
        content: { type: 'location', latitude: 51.5, longitude: 0, label: 'Our shop' },
      },
    ],
  ])('is read: %j', (types, found) => {
    expect(contentOfTemplate(types)).toEqual(found);
  });

  test.each([
    { 'twilio/text': { body: 'Hello' } },
    { 'twilio/carousel': { cards: [] } },
    { 'twilio/quick-reply': { body: 'Sure?', actions: [{ ...yes, title: '{{1}}' }] } },
    { 'twilio/call-to-action': { body: 'Hi', actions: [{ ...site, url: 'javascript:alert(1)' }] } },
    { 'twilio/call-to-action': { body: 'Hi', actions: [code] } },
    { 'twilio/quick-reply': 'Sure?' },
    {},
  ])('is shown as its body: %j', (types) => {
    expect(contentOfTemplate(types)).toBeUndefined();
  });

  test('whose body alone has gaps keeps its buttons', () => {
    const types = { 'twilio/quick-reply': { body: 'Hello {{1}}', actions: [yes] } };

    expect(contentOfTemplate(types)?.content).toMatchObject({ type: 'quickReply' });
  });
});
