import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import twilio from 'twilio';
import {
  ACCOUNT,
  type Answer,
  type Form,
  type Json,
  type Stage,
  setStage,
} from '../support/stage.ts';

const SINKS = 'events.twilio.com/v1/Sinks';
const SUBSCRIPTIONS = 'events.twilio.com/v1/Subscriptions';
const CANCELED = 'com.twilio.taskrouter.task.canceled';
const CREATED = 'com.twilio.taskrouter.task.created';

const stages: Stage[] = [];
let stage: Stage;
let answers: number[];

async function start(options: Parameters<typeof setStage>[0] = {}): Promise<Stage> {
  const started = await setStage(options, () => answers.shift() ?? 200);
  stages.push(started);
  return started;
}

beforeEach(async () => {
  answers = [];
  stage = await start();
});
afterEach(async () => {
  for (const each of stages.splice(0)) await each.close();
});

const typeOf = (type: string, version = 4): readonly [string, string] => [
  'Types',
  JSON.stringify({ type, schema_version: version }),
];

const aSink = (configuration: object = { destination: stage.hookUrl, method: 'POST' }) =>
  stage.rest('POST', SINKS, [
    ['Description', 'ours'],
    ['SinkConfiguration', JSON.stringify(configuration)],
    ['SinkType', 'webhook'],
  ]);

const aSubscription = (sinkSid: string, ...types: Form): Promise<Answer> =>
  stage.rest('POST', SUBSCRIPTIONS, [['Description', 'ours'], ['SinkSid', sinkSid], ...types]);

async function subscribed(...types: string[]): Promise<{ sink: Json; subscription: Json }> {
  const { body: sink } = await aSink();
  const { body: subscription } = await aSubscription(
    sink.sid,
    ...types.map((type) => typeOf(type)),
  );
  return { sink, subscription };
}

const aTask = async (attributes: object = { name: 'Grace' }): Promise<string> => {
  const tasks = `taskrouter.twilio.com/v1/Workspaces/${ACCOUNT.workspaceSid}/Tasks`;
  const { body } = await stage.rest('POST', tasks, [['Attributes', JSON.stringify(attributes)]]);
  return `${tasks}/${body.sid}`;
};

const cancel = (task: string) =>
  stage.rest('POST', task, [
    ['AssignmentStatus', 'canceled'],
    ['Reason', 'hangup'],
  ]);

const told = (): Json[] => stage.calls.flatMap(({ rawBody }) => JSON.parse(rawBody));

describe('sinks', () => {
  test('are active from the start, listed, renamed and deleted', async () => {
    const created = await aSink();
    const { sid } = created.body;
    const renamed = await stage.rest('POST', `${SINKS}/${sid}`, [['Description', 'mine']]);
    const listed = await stage.rest('GET', `${SINKS}?Status=active&InUse=false`);
    const deleted = await stage.rest('DELETE', `${SINKS}/${sid}`);

    expect(created).toMatchObject({
      status: 201,
      body: {
        sid: expect.stringMatching(/^DG[0-9a-f]{32}$/),
        description: 'ours',
        sink_configuration: { destination: stage.hookUrl, method: 'POST' },
        sink_type: 'webhook',
        status: 'active',
      },
    });
    expect(renamed.body.description).toBe('mine');
    expect(listed.body.sinks).toMatchObject([{ sid }]);
    expect(deleted.status).toBe(204);
    expect((await stage.rest('GET', `${SINKS}/${sid}`)).status).toBe(404);
  });

  test.each<[string, object]>([
    ['without a destination', { method: 'POST' }],
    ['to no address', { destination: '/task-event', method: 'POST' }],
    ['to another scheme', { destination: 'ftp://example.com/', method: 'POST' }],
    ['with another method', { destination: 'https://example.com/', method: 'PUT' }],
    ['without a method', { destination: 'https://example.com/' }],
    ['from a list', []],
  ])('are refused %s', async (_, configuration) => {
    expect(await aSink(configuration)).toMatchObject({ status: 400, body: { code: 20001 } });
  });

  test('that are in use cannot be deleted', async () => {
    const { sink, subscription } = await subscribed(CANCELED);

    const refused = await stage.rest('DELETE', `${SINKS}/${sink.sid}`);
    await stage.rest('DELETE', `${SUBSCRIPTIONS}/${subscription.sid}`);
    const deleted = await stage.rest('DELETE', `${SINKS}/${sink.sid}`);

    expect(refused).toMatchObject({ status: 400, body: { code: 91007 } });
    expect(deleted.status).toBe(204);
  });

  test('get a test event on demand, and are valid whatever they are asked', async () => {
    const { body: sink } = await aSink();

    const tested = await stage.rest('POST', `${SINKS}/${sink.sid}/Test`);
    await stage.twilio.settled();
    const validated = await stage.rest('POST', `${SINKS}/${sink.sid}/Validate`, [['TestId', 'x']]);

    expect(tested).toMatchObject({ status: 201, body: { result: 'submitted' } });
    expect(told()).toMatchObject([
      {
        type: 'com.twilio.eventstreams.test-event',
        data: { test_id: expect.stringMatching(/^TE/) },
      },
    ]);
    expect(validated).toMatchObject({ status: 201, body: { result: 'valid' } });
  });
});

describe('subscriptions', () => {
  test('are listed by sink, and so are their types', async () => {
    const { sink, subscription } = await subscribed(CANCELED, CREATED);
    await subscribed(CANCELED);
    const events = `${SUBSCRIPTIONS}/${subscription.sid}/SubscribedEvents`;

    const added = await stage.rest('POST', events, [
      ['Type', 'com.twilio.taskrouter.task.deleted'],
      ['SchemaVersion', '2'],
    ]);
    const again = await stage.rest('POST', events, [['Type', CANCELED]]);
    await stage.rest('DELETE', `${events}/${CREATED}`);
    const listed = await stage.rest('GET', events);
    const ofSink = await stage.rest('GET', `${SUBSCRIPTIONS}?SinkSid=${sink.sid}`);

    expect([added.status, again.status]).toEqual([201, 200]);
    expect(listed.body.types).toMatchObject([
      { type: CANCELED, schema_version: 4 },
      { type: 'com.twilio.taskrouter.task.deleted', schema_version: 2 },
    ]);
    expect(ofSink.body.subscriptions).toMatchObject([
      { sid: subscription.sid, description: 'ours' },
    ]);
  });

  test.each<[string, (sink: string) => Promise<Answer>]>([
    ['without a sink', () => aSubscription(`DG${'0'.repeat(32)}`, typeOf(CANCELED))],
    ['without types', (sink) => aSubscription(sink)],
    ['to a type that does not exist', (sink) => aSubscription(sink, typeOf(`${CANCELED}d`))],
    ['in a version that does not exist', (sink) => aSubscription(sink, typeOf(CANCELED, 5))],
    [
      'without a version',
      (sink) => aSubscription(sink, ['Types', JSON.stringify({ type: CANCELED })]),
    ],
  ])('are refused %s', async (_, subscribe) => {
    const { body: sink } = await aSink();

    expect(await subscribe(sink.sid)).toMatchObject({ status: 400, body: { code: 20001 } });
  });

  test('are refused for a sink that has failed', async () => {
    const { body } = await aSink();
    const sink = stage.twilio.world.eventSinks.get(body.sid);
    if (sink) sink.status = 'failed';

    expect((await aSubscription(body.sid, typeOf(CANCELED))).status).toBe(400);
  });

  test('know the types of TaskRouter', async () => {
    const { body } = await stage.rest('GET', `events.twilio.com/v1/Types/${CANCELED}`);
    const unknown = await stage.rest('GET', 'events.twilio.com/v1/Types/com.twilio.nothing');

    expect(body).toMatchObject({ type: CANCELED, schema_id: 'TaskRouter.WDSEvent' });
    expect(unknown.status).toBe(404);
  });
});

describe('events', () => {
  test('of subscribed types arrive as CloudEvents, signed over the digest of their body', async () => {
    await subscribed(CANCELED);
    const task = await aTask({ conversationSid: 'CH1' });
    await cancel(task);
    await stage.twilio.settled();

    expect(told()).toMatchObject([
      {
        specversion: '1.0',
        type: CANCELED,
        id: expect.stringMatching(/^EV/),
        datacontenttype: 'application/json',
        data: {
          payload: {
            eventtype: 'task.canceled',
            task_sid: task.slice(-34),
            task_attributes: '{"conversationSid":"CH1"}',
            task_assignment_status: 'canceled',
          },
        },
      },
    ]);
    const [call] = stage.calls;
    const { origin } = new URL(stage.hookUrl);
    const digest = createHash('sha256')
      .update(call?.rawBody ?? '')
      .digest('hex');
    expect(call?.url).toBe(`${new URL(stage.hookUrl).pathname}?bodySHA256=${digest}`);
    expect(call?.headers['content-type']).toBe('application/json');
    expect(
      twilio.validateRequestWithBody(
        ACCOUNT.authToken,
        String(call?.headers['x-twilio-signature']),
        `${origin}${call?.url}`,
        call?.rawBody ?? '',
      ),
    ).toBe(true);
  });

  test('that happen together come in one array', async () => {
    await subscribed('com.twilio.taskrouter.workflow.timeout', CANCELED);
    const task = await aTask();
    await stage.desk('POST', `/agent/tasks/${task.slice(-34)}/timeout`);
    await stage.twilio.settled();

    expect(stage.calls).toHaveLength(1);
    expect(told().map(({ data }) => data.payload.eventtype)).toEqual([
      'workflow.timeout',
      'task.canceled',
    ]);
  });

  test('go to every sink that subscribed, and no longer once it is gone', async () => {
    const { sink, subscription } = await subscribed(CREATED);
    await subscribed(CREATED);
    await aTask();
    await stage.twilio.settled();
    await stage.rest('DELETE', `${SUBSCRIPTIONS}/${subscription.sid}`);
    await stage.rest('DELETE', `${SINKS}/${sink.sid}`);
    await aTask();
    await stage.twilio.settled();

    expect(stage.calls).toHaveLength(3);
  });

  test('come again until they are taken', async () => {
    await subscribed(CREATED);
    answers = [502, 500];
    await aTask();
    await stage.twilio.settled();

    const ids = told().map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  test('come twice, late or never when faults are asked for', async () => {
    await subscribed(CREATED);

    await stage.desk('PUT', '/faults', { events: { duplicate: 1, delayMs: [1, 30] } });
    await aTask();
    await stage.twilio.settled();
    const twice = told().map(({ id }) => id);
    stage.calls.length = 0;
    await stage.desk('PUT', '/faults', { events: { drop: 1 } });
    await aTask();
    await stage.twilio.settled();

    expect(twice).toHaveLength(2);
    expect(new Set(twice).size).toBe(1);
    expect(stage.calls).toEqual([]);
  });

  test('that were not taken yet go on after a restart', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'twilio-')), 'twilio.bin');
    const { hookUrl } = stage;
    stage = await start({ file });
    const { body: sink } = await aSink({ destination: hookUrl, method: 'POST' });
    await aSubscription(sink.sid, typeOf(CREATED));
    await stage.desk('PUT', '/faults', { events: { delayMs: [60_000, 60_000] } });
    await aTask();
    await stage.twilio.close();
    const [first] = stages;
    const before = first?.calls.length;
    await (await start({ file })).twilio.settled();

    expect(before).toBe(0);
    expect(first?.calls).toHaveLength(1);
  });
});
