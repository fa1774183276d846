import { interact, listenTo } from '../support/interactions.ts';
import { type Json, type Stage, setStage } from '../support/stage.ts';

/** Each case: what the simulator does by itself, then what the setting makes of it. */
describe('what nobody documents can be had either way', () => {
  let stage: Stage;
  let url: string;

  const set = async (unconfirmed: object) => {
    expect(await stage.desk('PUT', '/faults', { unconfirmed })).toMatchObject({ status: 200 });
  };
  const tasks = async (): Promise<Json[]> => {
    await stage.twilio.settled();
    return (await stage.desk('GET', '/agent/tasks')).body;
  };
  const stateOf = async () => (await stage.rest('GET', url)).body.state;
  const signatures = () => stage.calls.map(({ headers }) => 'x-twilio-signature' in headers);

  beforeEach(async () => {
    stage = await setStage();
    url = await stage.openConversation();
  });
  afterEach(async () => stage.close());

  test('webhooks of interactions come signed, or unsigned', async () => {
    await listenTo(stage, 'global', ['onInteractionCreated']);

    await interact(stage, url);
    await stage.twilio.settled();
    await set({ interactionWebhooks: 'unsigned' });
    await interact(stage, await stage.openConversation());
    await stage.twilio.settled();

    expect(signatures()).toEqual([true, false]);
  });

  test('unsigned interaction webhooks leave those of the conversation signed', async () => {
    await set({ interactionWebhooks: 'unsigned' });
    await stage.rest('POST', `${url}/Webhooks`, [
      ['Target', 'webhook'],
      ['Configuration.Url', stage.hookUrl],
      ['Configuration.Filters', 'onMessageAdded'],
    ]);

    await stage.rest('POST', `${url}/Messages`, [['Body', 'Hello']], {
      'X-Twilio-Webhook-Enabled': 'true',
    });
    await stage.twilio.settled();

    expect(signatures()).toEqual([true]);
  });

  test('one ttid serves many interactions, or the first', async () => {
    const ttid = await listenTo(stage, 'interaction', ['onChannelCreated']);
    const told = () => stage.calls.map(({ form }) => form['MediaChannelSid']);
    const conversations = [url, await stage.openConversation(), await stage.openConversation()];
    const [first, second, third] = conversations.map((each) => each.slice(-34));

    for (const each of conversations.slice(0, 2)) {
      await interact(stage, each, [['WebhookTtid', ttid]]);
      await stage.twilio.settled();
    }
    await set({ ttidServes: 'one' });
    await interact(stage, conversations[2] ?? '', [['WebhookTtid', ttid]]);
    await stage.twilio.settled();

    expect(told()).toEqual([first, second]);
    expect(await tasks()).toHaveLength(3);
    expect(third).toMatch(/^CH/);
  });

  test('a ttid that serves one interaction goes on telling of that one', async () => {
    await set({ ttidServes: 'one' });
    const ttid = await listenTo(stage, 'interaction', ['onChannelCreated', 'onParticipantJoined']);

    await interact(stage, url, [['WebhookTtid', ttid]]);
    const [task] = await tasks();
    await stage.desk('POST', `/agent/tasks/${task.sid}/accept`, { name: 'Ada' });
    await stage.twilio.settled();

    expect(stage.calls.map(({ form }) => form['ParticipantType'])).toEqual([
      undefined,
      'customer',
      'agent',
    ]);
  });

  test('large task attributes are refused at once, or the channel fails later', async () => {
    const large = { note: 'n'.repeat(4_096) };
    await listenTo(stage, 'global', ['onChannelCreateFailed']);

    const atOnce = await interact(stage, url, [], large);
    await set({ largeTaskAttributes: 'later' });
    const later = await interact(stage, url, [], large);
    await stage.twilio.settled();

    expect(atOnce).toMatchObject({ status: 400, body: { code: 45366 } });
    expect(later.status).toBe(200);
    expect(await tasks()).toEqual([]);
    expect(stage.calls.map(({ form }) => form['ErrorCode'])).toEqual(['45366']);
    const channels = await stage.rest('GET', `${later.body.url.slice('https://'.length)}/Channels`);
    expect(channels.body.channels[0]).toMatchObject({ status: 'failed', error_code: 45366 });
  });

  test.each([
    ['wrapup', ['closed', 'closed']],
    ['completion', ['active', 'closed']],
  ])('the conversation of an ended chat closes at %s', async (conversationCloses, states) => {
    await set({ conversationCloses });
    await interact(stage, url);
    const [task] = await tasks();
    await stage.desk('POST', `/agent/tasks/${task.sid}/accept`, { name: 'Ada' });

    const wrapping = await stage.desk('POST', `/agent/tasks/${task.sid}/wrapup`);
    const seen = [await stateOf()];
    await stage.desk('POST', `/agent/tasks/${task.sid}/complete`);
    seen.push(await stateOf());

    expect(wrapping.body.status).toBe('wrapping');
    expect(seen).toEqual(states);
  });

  test('the conversation closes after the task when completion closes it', async () => {
    await set({ conversationCloses: 'completion' });
    await interact(stage, url);
    const [task] = await tasks();
    await stage.desk('POST', `/agent/tasks/${task.sid}/accept`, { name: 'Ada' });

    await stage.desk('POST', `/agent/tasks/${task.sid}/complete`);

    expect([await stateOf(), (await tasks())[0].status]).toEqual(['closed', 'completed']);
  });

  test('a second interaction is an error 45353, or an answer 200 that does nothing', async () => {
    await listenTo(stage, 'global', ['onInteractionCreated', 'onChannelCreated']);
    await interact(stage, url);
    await stage.twilio.settled();

    const refused = await interact(stage, url);
    await set({ secondInteraction: 'nothing' });
    const ignored = await interact(stage, url);

    expect(refused).toMatchObject({ status: 409, body: { code: 45353 } });
    expect(ignored).toMatchObject({ status: 200, body: { sid: expect.stringMatching(/^KD/) } });
    expect(await tasks()).toHaveLength(1);
    expect(stage.calls).toHaveLength(2);
    expect((await stage.rest('GET', ignored.body.url.slice('https://'.length))).status).toBe(404);
  });

  test('`{}` brings back what the simulator does by itself', async () => {
    await set({ secondInteraction: 'nothing' });
    await stage.desk('PUT', '/faults', {});
    await interact(stage, url);

    expect(await interact(stage, url)).toMatchObject({ status: 409 });
  });

  test.each([{ interactionWebhooks: 'perhaps' }, { ttidServes: 2 }, { closes: 'wrapup' }])(
    '%j is refused',
    async (unconfirmed) => {
      expect(await stage.desk('PUT', '/faults', { unconfirmed })).toMatchObject({
        status: 400,
        body: { error: expect.stringMatching(/^unconfirmed\./) },
      });
    },
  );
});
