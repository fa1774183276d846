import { CHANNELS, SERVICE } from '../support/programmable-chat-stage.ts';
import { CONVERSATIONS, type Form, type Json, type Stage, setStage } from '../support/stage.ts';

let stage: Stage;

async function create(form: Form = []): Promise<Json> {
  return (await stage.rest('POST', CHANNELS, form)).body;
}

describe('Programmable Chat', () => {
  beforeEach(async () => {
    stage = await setStage();
  });
  afterEach(async () => stage.close());

  describe('channels', () => {
    test('are created, found by SID and unique name, and deleted', async () => {
      const created = await stage.rest('POST', CHANNELS, [
        ['UniqueName', 'chat/1'],
        ['FriendlyName', 'Grace'],
        ['Type', 'private'],
      ]);

      const { sid } = created.body;
      const byName = await stage.rest('GET', `${CHANNELS}/${encodeURIComponent('chat/1')}`);
      expect(created.status).toBe(201);
      expect(byName.body).toMatchObject({
        sid,
        unique_name: 'chat/1',
        friendly_name: 'Grace',
        type: 'private',
        created_by: 'system',
        attributes: '{}',
        members_count: 0,
        messages_count: 0,
        url: `https://${CHANNELS}/${sid}`,
      });
      expect((await stage.rest('DELETE', `${CHANNELS}/${sid}`)).status).toBe(204);
      expect((await stage.rest('GET', `${CHANNELS}/${sid}`)).status).toBe(404);
    });

    test('replace their attributes as a whole', async () => {
      const { sid } = await create([['Attributes', '{"a":1,"b":2}']]);

      const { body } = await stage.rest('POST', `${CHANNELS}/${sid}`, [['Attributes', '{"c":3}']]);

      expect(body.attributes).toBe('{"c":3}');
    });

    test('share names and SIDs with conversations', async () => {
      const { body } = await stage.rest('POST', CONVERSATIONS, [['UniqueName', 'one']]);

      const seen = await stage.rest('GET', `${CHANNELS}/${body.sid}`);
      const again = await stage.rest('POST', CHANNELS, [['UniqueName', 'one']]);

      expect(seen.body).toMatchObject({ sid: body.sid, unique_name: 'one', type: 'private' });
      expect(again).toMatchObject({ status: 409, body: { code: 50307 } });
    });

    test('are unknown in another service', async () => {
      const elsewhere = `chat.twilio.com/v2/Services/IS${'0'.repeat(32)}/Channels`;

      expect((await stage.rest('GET', elsewhere)).status).toBe(404);
    });

    test('are listed page by page', async () => {
      const [first, second] = [await create(), await create()];

      const page = await stage.rest('GET', `${CHANNELS}?PageSize=1`);
      const next = page.body.meta.next_page_url.replace('https://', '');

      expect(page.body.channels).toMatchObject([{ sid: first.sid }]);
      expect((await stage.rest('GET', next)).body.channels).toMatchObject([{ sid: second.sid }]);
    });
  });

  describe('members', () => {
    test('are found by SID and identity and note what was consumed', async () => {
      const { sid } = await create();
      const members = `${CHANNELS}/${sid}/Members`;

      const { status, body } = await stage.rest('POST', members, [['Identity', 'customer-1']]);
      await stage.rest('POST', `${members}/customer-1`, [['LastConsumedMessageIndex', '4']]);

      const read = await stage.rest('GET', `${members}/${body.sid}`);
      expect(status).toBe(201);
      expect(body).toMatchObject({ channel_sid: sid, last_consumed_message_index: null });
      expect(read.body).toMatchObject({ identity: 'customer-1', last_consumed_message_index: 4 });
      expect(read.body.last_consumption_timestamp).toMatch(/Z$/);
    });

    test('cannot be in a channel twice, and can be taken out', async () => {
      const { sid } = await create();
      const members = `${CHANNELS}/${sid}/Members`;
      await stage.rest('POST', members, [['Identity', 'customer-1']]);

      const again = await stage.rest('POST', members, [['Identity', 'customer-1']]);
      const gone = await stage.rest('DELETE', `${members}/customer-1`);

      expect(again).toMatchObject({ status: 409, body: { code: 50404 } });
      expect(gone.status).toBe(204);
      expect((await stage.rest('GET', members)).body.members).toEqual([]);
    });
  });

  describe('messages', () => {
    test('come from anybody, need no text and are numbered', async () => {
      const { sid } = await create();
      const messages = `${CHANNELS}/${sid}/Messages`;

      const first = await stage.rest('POST', messages, [
        ['From', 'nobody in it'],
        ['Body', 'Hello'],
        ['Attributes', '{"id":"m1"}'],
      ]);
      const second = await stage.rest('POST', messages, []);

      expect(first).toMatchObject({
        status: 201,
        body: {
          to: sid,
          channel_sid: sid,
          from: 'nobody in it',
          body: 'Hello',
          attributes: '{"id":"m1"}',
          index: 0,
          type: 'text',
          media: null,
        },
      });
      expect(second.body).toMatchObject({ from: 'system', body: '', index: 1 });
    });

    test('are listed oldest first, or newest first', async () => {
      const { sid } = await create();
      const messages = `${CHANNELS}/${sid}/Messages`;
      await stage.rest('POST', messages, [['Body', 'one']]);
      await stage.rest('POST', messages, [['Body', 'two']]);

      const bodies = async (query: string) =>
        (await stage.rest('GET', `${messages}${query}`)).body.messages.map(
          ({ body }: Json) => body,
        );

      expect(await bodies('')).toEqual(['one', 'two']);
      expect(await bodies('?Order=desc')).toEqual(['two', 'one']);
    });

    test('are changed and deleted', async () => {
      const { sid } = await create();
      const messages = `${CHANNELS}/${sid}/Messages`;
      const { body } = await stage.rest('POST', messages, [['Body', 'Hello']]);

      const changed = await stage.rest('POST', `${messages}/${body.sid}`, [['Body', 'Bye']]);
      await stage.rest('DELETE', `${messages}/${body.sid}`);

      expect(changed.body.body).toBe('Bye');
      expect((await stage.rest('GET', `${messages}/${body.sid}`)).status).toBe(404);
    });

    test('have a limit in bytes', async () => {
      const { sid } = await create();

      const tooLong = await stage.rest('POST', `${CHANNELS}/${sid}/Messages`, [
        ['Body', 'ä'.repeat(16 * 1024 + 1)],
      ]);

      expect(tooLong).toMatchObject({ status: 400, body: { code: 50504 } });
    });
  });

  describe('users', () => {
    test('are created once and found by SID and identity', async () => {
      const users = `${SERVICE}/Users`;

      const created = await stage.rest('POST', users, [
        ['Identity', 'ada'],
        ['FriendlyName', 'Ada'],
      ]);
      const again = await stage.rest('POST', users, [['Identity', 'ada']]);

      expect(created.status).toBe(201);
      expect(again).toMatchObject({ status: 409, body: { code: 50201 } });
      for (const key of ['ada', created.body.sid]) {
        const { body } = await stage.rest('GET', `${users}/${key}`);
        expect(body).toMatchObject({ identity: 'ada', friendly_name: 'Ada' });
      }
      expect((await stage.rest('GET', `${users}/bob`)).status).toBe(404);
    });
  });

  describe('the service', () => {
    test('keeps the settings of its webhooks, and forgets an address that is emptied', async () => {
      const changed = await stage.rest('POST', SERVICE, [
        ['PostWebhookUrl', stage.hookUrl],
        ['WebhookFilters', 'onMessageSent'],
        ['WebhookFilters', 'onChannelUpdated'],
        ['PostWebhookRetryCount', '2'],
      ]);
      const emptied = await stage.rest('POST', SERVICE, [['PostWebhookUrl', '']]);

      expect(changed.body).toMatchObject({
        post_webhook_url: stage.hookUrl,
        pre_webhook_url: null,
        webhook_method: 'POST',
        webhook_filters: ['onMessageSent', 'onChannelUpdated'],
        post_webhook_retry_count: 2,
      });
      expect(emptied.body).toMatchObject({
        post_webhook_url: null,
        webhook_filters: ['onMessageSent', 'onChannelUpdated'],
      });
    });

    test.each<[string, Form[number]]>([
      ['an event of Conversations', ['WebhookFilters', 'onMessageAdded']],
      ['an address that is none', ['PostWebhookUrl', 'example.com']],
    ])('refuses %s', async (_, parameter) => {
      expect((await stage.rest('POST', SERVICE, [parameter])).status).toBe(400);
    });
  });
});
