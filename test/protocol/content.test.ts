import { type Content, parseContent } from '#protocol/content';

const URL_CHARACTERS = 2_048;
const reply = { type: 'reply', id: 'yes', title: 'Yes' } as const;
const link = {
  type: 'url',
  title: 'Track it',
  url: 'https://shop.example/track?id=1#now',
} as const;
const call = { type: 'phone', title: 'Call us', phone: '+44 (20) 7946-0000' } as const;
const item = { id: 'nyc', title: 'New York', description: 'from £300' };

const CONTENTS: Content[] = [
  { type: 'quickReply', actions: [reply, { ...reply, id: 'no', title: 'Non 🎈' }] },
  { type: 'listPicker', button: 'Where to?', items: [item, { id: 'den', title: 'Denver' }] },
  { type: 'card', title: 'A kettle' },
  {
    type: 'card',
    title: 'A kettle',
    subtitle: 'boils',
    media: ['https://shop.example:8443/kettle.png'],
    actions: [reply, link, call],
  },
  { type: 'callToAction', actions: [link, call] },
  { type: 'media', media: ['https://shop.example/a.pdf'] },
  { type: 'location', latitude: 51.5, longitude: -0.12, label: 'Our shop' },
  { type: 'location', latitude: -90, longitude: 180 },
];

test.each(CONTENTS)('content is taken as it is: $type', (content) => {
  expect(parseContent(content)).toEqual(content);
});

test('fields that nobody knows are left out', () => {
  const known = { type: 'quickReply', actions: [reply] };

  const parsed = parseContent({ ...known, html: '<b>', actions: [{ ...reply, onclick: 'x' }] });

  expect(parsed).toEqual(known);
});

describe('what is unknown or hostile is no content', () => {
  const linkTo = (url: unknown) => ({ type: 'callToAction', actions: [{ ...link, url }] });
  const calls = (phone: unknown) => ({ type: 'callToAction', actions: [{ ...call, phone }] });
  const replies = (...actions: unknown[]) => ({ type: 'quickReply', actions });
  test.each([
    undefined,
    null,
    'quickReply',
    [],
    {},
    { type: 'carousel', cards: [] },
    { type: '__proto__' },
    replies(),
    replies(...Array.from({ length: 11 }, () => reply)),
    replies({ ...reply, title: '' }),
    replies({ ...reply, title: ' \u200b\u202e' }),
    replies({ ...reply, title: 'x'.repeat(101) }),
    replies({ ...reply, id: '' }),
    replies({ ...reply, id: 'x'.repeat(201) }),
    replies({ ...reply, id: { $ne: 1 } }),
    replies(link),
    { type: 'listPicker', button: 'Where to?', items: [{ title: 'no id' }] },
    { type: 'card', title: 'A kettle', actions: [{ type: 'COPY_CODE', title: 'Copy', code: '1' }] },
    { type: 'media', media: ['data:text/html,<script>alert(1)</script>'] },
    { type: 'location', latitude: 91, longitude: 0 },
    { type: 'location', latitude: '51', longitude: 0 },
    linkTo('javascript:alert(1)'),
    linkTo(' https://shop.example'),
    linkTo('HTTPS://shop.example'),
    linkTo('http://shop.example'),
    linkTo('//shop.example'),
    linkTo('https://bank.example@evil.example/'),
    linkTo('https://shop.example\\@evil.example'),
    linkTo('https://shop.example/ "onclick="x'),
    linkTo('https://shop.example/\njavascript:'),
    linkTo('https://bаnk.example/'),
    linkTo(`https://shop.example/${'x'.repeat(URL_CHARACTERS)}`),
    linkTo(['https://shop.example/']),
    calls('javascript:alert(1)'),
    calls('+44;phone-context=evil'),
    calls('1'.repeat(40)),
  ])('%j', (content) => {
    expect(parseContent(content)).toBeUndefined();
  });

  test('and what is larger than 8 KB in all', () => {
    const items = Array.from({ length: 10 }, () => ({ ...item, id: '€'.repeat(200) }));
    const large = items.map((one) => ({ ...one, description: '€'.repeat(256) }));

    expect(parseContent({ type: 'listPicker', button: 'Pick', items })).toBeDefined();
    expect(parseContent({ type: 'listPicker', button: 'Pick', items: large })).toBeUndefined();
  });
});
