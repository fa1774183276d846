import {
  channelAttributes,
  channelData,
  fittedChannelData,
  taskAttributes,
} from '#adapters/twilio/flex/customer-attributes';
import { channelSid } from '#core/ids';
import type { Profile } from '#protocol/frames';
import { MAX_PROFILE_BYTES, utf8Bytes } from '#protocol/limits';

const CHANNEL = channelSid(`CH${'0'.repeat(32)}`);

/** What Flex puts beside it at least. */
const ADDED_BYTES = 620;

/** A profile of so many bytes as JSON, in custom fields of some length. */
function aProfile(
  bytes: number,
  filling = 'x',
  known: Profile = { name: 'Ada', email: 'ada@example.com' },
): Profile {
  const fields: Record<string, string> = {};
  const sizeOf = () => utf8Bytes(JSON.stringify({ ...known, fields }));
  for (let n = 0; sizeOf() + 40 + utf8Bytes(JSON.stringify(filling.repeat(60))) <= bytes; n += 1)
    fields[`field${n}`] = filling.repeat(60);
  const missing = bytes - sizeOf() - 10;
  if (missing > 0) fields['last'] = 'y'.repeat(missing);
  return { ...known, fields };
}

const jsonOf = (profile: Profile) => JSON.stringify(taskAttributes(CHANNEL, profile));

describe('the attributes of a task', () => {
  test('hold a profile of half the size completely, each value once', () => {
    const profile = aProfile(1_977);

    const json = jsonOf(profile);

    for (const value of new Set(Object.values(profile.fields ?? {}))) expect(json).toContain(value);
    expect(json.split('ada@example.com')).toHaveLength(2);
    expect(json.split('"Ada"')).toHaveLength(2);
    expect(JSON.parse(json)).not.toHaveProperty('cut');
  });

  test.each([
    ['3,977 bytes', aProfile(3_977)],
    ['the largest there is', aProfile(MAX_PROFILE_BYTES)],
    ['the largest, in two-byte characters', aProfile(MAX_PROFILE_BYTES, 'ü')],
    ['the largest, in four-byte characters', aProfile(MAX_PROFILE_BYTES, '😀')],
    [
      'characters that JSON escapes',
      aProfile(MAX_PROFILE_BYTES, '\u0001', { name: '\u0001'.repeat(40) }),
    ],
    ['one field that is too large', { name: 'Ada', fields: { note: 'x'.repeat(4_000) } }],
    [
      'a long address and title',
      {
        name: 'n'.repeat(256),
        pageUrl: `https://a.example/${'p'.repeat(2_000)}`,
        fields: { pageTitle: 't'.repeat(1_500) },
      },
    ],
  ])('fit and say that they were cut, with %s', (_what, profile) => {
    expect(utf8Bytes(JSON.stringify(profile))).toBeLessThanOrEqual(MAX_PROFILE_BYTES);

    const json = jsonOf(profile);

    expect(
      utf8Bytes(json) + ADDED_BYTES + utf8Bytes(JSON.stringify(profile.name)),
    ).toBeLessThanOrEqual(4_096);
    expect(JSON.parse(json)).toMatchObject({ name: profile.name, cut: true });
  });

  test('leave out custom fields from the last to the first, before the address', () => {
    const x = 'x'.repeat(900);
    const profile = {
      name: 'Ada',
      pageUrl: 'https://a.example/',
      fields: { a: x, b: x, c: x, d: x },
    };

    const { pre_engagement_data } = taskAttributes(CHANNEL, profile);

    expect(Object.keys(pre_engagement_data as object)).toEqual(
      ['a', 'b', 'c', 'pageUrl'].filter((key) => key in (pre_engagement_data as object)),
    );
    expect(pre_engagement_data).toHaveProperty('a');
    expect(pre_engagement_data).not.toHaveProperty('d');
    expect(pre_engagement_data).toHaveProperty('pageUrl');
  });

  test.each([
    ['the subject', { fields: { subject: 'Refund', topic: 'sales', pageTitle: 'Cart' } }, 'Refund'],
    ['the topic', { fields: { topic: 'sales', pageTitle: 'Cart' } }, 'sales'],
    [
      "the page's title",
      { pageUrl: 'https://a.example/cart', fields: { topic: ' ', pageTitle: 'Cart' } },
      'Cart',
    ],
    ["the page's address", { pageUrl: 'https://a.example/cart?token=1' }, 'a.example/cart'],
    ['nothing', { pageUrl: 'no address' }, undefined],
  ])('have %s as the subject', (_what, profile: Profile, subject) => {
    expect(taskAttributes(CHANNEL, profile)['subject']).toBe(subject);
  });
});

describe('the attributes of a channel', () => {
  test('hold all that is known, and beside it what fits into a task', () => {
    const profile = aProfile(MAX_PROFILE_BYTES);

    const attributes = channelAttributes(profile);

    expect(attributes['pre_engagement_data']).toEqual({
      ...profile.fields,
      name: 'Ada',
      email: 'ada@example.com',
    });
    expect(attributes['task']).toMatchObject({ cut: true, subject: '' });
    expect(utf8Bytes(JSON.stringify(attributes))).toBeLessThanOrEqual(16 * 1024);
  });

  test('that a flow passes on fit into a task', () => {
    const data = fittedChannelData(aProfile(MAX_PROFILE_BYTES));

    expect(data).toMatchObject({ name: 'Ada', cut: true });
    expect(utf8Bytes(JSON.stringify(data))).toBeLessThanOrEqual(3_200);
  });
});

describe('the mark of a verified customer', () => {
  const verified = { issuer: 'https://login.example.com/', subject: 'user-1' };
  const MARK = { customer: { verified: true, ...verified } };
  /** What a customer might send to pass for a verified one. */
  const forged: Profile = {
    name: 'Mallory',
    fields: {
      flexChannel: '{"customer":{"verified":true}}',
      verified: 'true',
      cut: '',
      name: 'Ada',
    },
  };

  test('stands in the task, in the channel and in what flows pass on', () => {
    const ada = { name: 'Ada', verified };

    expect(taskAttributes(CHANNEL, ada)).toMatchObject({ name: 'Ada', flexChannel: MARK });
    expect(channelAttributes(ada)).toMatchObject({
      flexChannel: MARK,
      task: { flexChannel: MARK },
    });
    expect(channelData(ada)).toEqual({ name: 'Ada', flexChannel: MARK });
    expect(fittedChannelData(ada)).toEqual({ name: 'Ada', flexChannel: MARK });
  });

  test('stands nowhere for a customer who only says so', () => {
    for (const attributes of [
      taskAttributes(CHANNEL, forged),
      channelAttributes(forged),
      channelData(forged),
      fittedChannelData(forged),
    ]) {
      expect(JSON.stringify(attributes)).not.toMatch(/flexChannel|verified/);
      expect(attributes).toMatchObject({ name: 'Mallory' });
      expect(attributes).not.toHaveProperty('cut');
    }
  });

  test('is not overwritten by what a verified customer says beside it', () => {
    const both = { ...forged, verified };

    expect(taskAttributes(CHANNEL, both)).toMatchObject({ flexChannel: MARK });
    expect(fittedChannelData(both)).toMatchObject({ flexChannel: MARK });
  });

  test('leaves room for all of a task beside it', () => {
    const largest = { issuer: `https://${'i'.repeat(500)}`, subject: 's'.repeat(256) };
    const attributes = taskAttributes(CHANNEL, {
      ...aProfile(MAX_PROFILE_BYTES),
      verified: largest,
    });

    expect(attributes).toMatchObject({ cut: true, flexChannel: { customer: largest } });
    expect(utf8Bytes(JSON.stringify(attributes)) + ADDED_BYTES).toBeLessThanOrEqual(4_096);
  });
});
