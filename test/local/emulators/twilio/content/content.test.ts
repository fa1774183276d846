import { AUTHORIZATION, type Json, type Stage, setStage } from '../support/stage.ts';

const reply = { type: 'QUICK_REPLY', title: 'Yes', id: 'yes' };
const link = { type: 'URL', title: 'Site', url: 'https://shop.example/{{1}}' };
const call = { type: 'PHONE_NUMBER', title: 'Call', phone: '+15551234567' };
const item = { item: 'New York', id: 'nyc', description: 'from £300' };
const REPLIES = { 'twilio/quick-reply': { body: 'Hello {{1}}', actions: [reply] } };

describe('content templates', () => {
  let stage: Stage;
  let url: string;

  async function create(types: object, more: object = {}): Promise<Json> {
    const response = await fetch(`${stage.twilio.url}/content.twilio.com/v1/Content`, {
      method: 'POST',
      headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
      body: JSON.stringify({ language: 'en', friendly_name: 'test', types, ...more }),
    });
    return { status: response.status, body: await response.json() };
  }
  const send = (sid: string, variables?: string, more: readonly [string, string][] = []) =>
    stage.rest('POST', `${url}/Messages`, [
      ['ContentSid', sid],
      ...more,
      ...(variables === undefined ? [] : [['ContentVariables', variables] as const]),
    ]);

  async function upload(): Promise<string> {
    const { chatServiceSid } = stage.twilio.world.account;
    const media = `mcs.us1.twilio.com/v1/Services/${chatServiceSid}/Media?Filename=a.png`;
    const response = await fetch(`${stage.twilio.url}/${media}`, {
      method: 'POST',
      headers: { authorization: AUTHORIZATION, 'content-type': 'image/png' },
      body: Uint8Array.from([1, 2, 3]),
    });
    return ((await response.json()) as { sid: string }).sid;
  }

  beforeAll(async () => {
    stage = await setStage();
    url = await stage.openConversation();
  });
  afterEach(async () => void (await stage.desk('PUT', '/faults', {})));
  afterAll(async () => stage.close());

  test('are read as they were created', async () => {
    const { status, body } = await create(REPLIES, { variables: { 1: 'you' } });

    expect(status).toBe(201);
    const read = await stage.rest('GET', `content.twilio.com/v1/Content/${body.sid}`);
    expect(read.body).toMatchObject({ sid: body.sid, types: REPLIES, variables: { 1: 'you' } });
  });

  test.each([
    { 'twilio/text': { body: 'Hello' } },
    { 'twilio/media': { media: ['https://shop.example/a.png'] } },
    { 'twilio/location': { latitude: 51.5, longitude: 0, label: 'Our shop' } },
    { 'twilio/list-picker': { body: 'Where?', button: 'Pick', items: [item] } },
    { 'twilio/call-to-action': { body: 'Hello', actions: [link, link, call] } },
    { 'twilio/card': { title: 'A kettle', actions: [reply, link, call] } },
  ])('are taken: %j', async (types) => {
    expect(await create(types)).toMatchObject({ status: 201 });
  });

  test.each([
    {},
    { 'twilio/unknown': {} },
    { 'twilio/quick-reply': { body: 'x'.repeat(1_025), actions: [reply] } },
    { 'twilio/quick-reply': { body: 'Hello', actions: [] } },
    { 'twilio/quick-reply': { body: 'Hello', actions: Array(11).fill(reply) } },
    { 'twilio/quick-reply': { body: 'Hello', actions: [{ ...reply, title: 'x'.repeat(26) }] } },
    { 'twilio/quick-reply': { body: 'Hello', actions: [{ ...reply, id: 'x'.repeat(201) }] } },
    { 'twilio/quick-reply': { body: 'Hello', actions: [link] } },
    { 'twilio/list-picker': { body: 'Where?', button: 'Pick', items: Array(11).fill(item) } },
    {
      'twilio/list-picker': {
        body: 'Where?',
        button: 'Pick',
        items: [{ ...item, item: 'x'.repeat(25) }],
      },
    },
    { 'twilio/call-to-action': { body: 'x'.repeat(641), actions: [link] } },
    { 'twilio/call-to-action': { body: 'Hello', actions: [link, link, link] } },
    { 'twilio/call-to-action': { body: 'Hello', actions: [call, call] } },
    { 'twilio/call-to-action': { body: 'Hello', actions: [{ ...link, url: 'javascript:x' }] } },
    { 'twilio/card': { title: 'A kettle' } },
    { 'twilio/card': { title: 'A kettle', subtitle: 'x'.repeat(61) } },
    { 'twilio/location': { latitude: 91, longitude: 0 } },
  ])('are refused: %.80j', async (types) => {
    expect(await create(types)).toMatchObject({ status: 400 });
  });

  test('become a message whose body is filled in', async () => {
    const { body: template } = await create(REPLIES, { variables: { 1: 'you' } });

    const byDefault = await send(template.sid);
    const given = await send(template.sid, '{"1":"Ada"}');

    const rest = { content_sid: template.sid, media: null };
    expect(byDefault).toMatchObject({ status: 201, body: { body: 'Hello you', ...rest } });
    expect(given).toMatchObject({ status: 201, body: { body: 'Hello Ada', ...rest } });
  });

  test('are sent instead of a body and a file', async () => {
    const { body: template } = await create(REPLIES);
    const mediaSid = await upload();

    const { body } = await send(template.sid, undefined, [
      ['Body', 'another'],
      ['MediaSid', mediaSid],
    ]);

    expect(body).toMatchObject({ body: expect.stringContaining('Hello'), media: null });
    const unused = await stage.rest('POST', `${url}/Messages`, [['MediaSid', mediaSid]]);
    expect(unused.status).toBe(201);
  });

  test('can not be sent when they are unknown, or with gaps filled by no texts', async () => {
    const { body: template } = await create(REPLIES);

    expect(await send(`HX${'9'.repeat(32)}`)).toMatchObject({ status: 404 });
    expect(await send(template.sid, '["Ada"]')).toMatchObject({ status: 400 });
  });

  test('may stand among the media, and are read from there', async () => {
    await stage.desk('PUT', '/faults', { unconfirmed: { richContent: 'media' } });
    const { body: template } = await create(REPLIES, { variables: { 1: 'you' } });

    const { body } = await send(template.sid);

    const [media] = body.media;
    expect(media).toMatchObject({
      category: 'body',
      content_type: 'application/x-vnd.com.twilio.rich.twilio.quick-reply',
    });
    const { chatServiceSid } = stage.twilio.world.account;
    const content = await stage.rest(
      'GET',
      `mcs.us1.twilio.com/v1/Services/${chatServiceSid}/Media/${media.sid}/Content`,
    );
    expect(content.body).toEqual({ data: { body: 'Hello you', actions: [reply] } });
  });

  test('are of many messages, a file of one only', async () => {
    const sid = await upload();
    const post = () => stage.rest('POST', `${url}/Messages`, [['MediaSid', sid]]);

    expect(await post()).toMatchObject({ status: 201, body: { media: [{ sid }] } });
    expect(await post()).toMatchObject({ status: 400, body: { code: 50508 } });
  });
});
