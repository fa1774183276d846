import { parseTaskEvents } from '#adapters/twilio/webhooks/task-event';

const NOW = 1_790_000_000_000;
const CHANNEL = `CH${'a'.repeat(32)}`;

const anEvent = (name: string, attributes: unknown, more: object = {}) => ({
  specversion: '1.0',
  type: `com.twilio.taskrouter.${name}`,
  id: 'EV1',
  data: {
    payload: {
      eventtype: name,
      task_sid: 'WT1',
      task_attributes: typeof attributes === 'string' ? attributes : JSON.stringify(attributes),
    },
  },
  ...more,
});

const parse = (...events: unknown[]) => parseTaskEvents(JSON.stringify(events), NOW);

describe('parseTaskEvents', () => {
  test.each([
    ['task.canceled', 'canceled'],
    ['workflow.timeout', 'canceled'],
    ['task.deleted', 'deleted'],
    ['task.system-deleted', 'deleted'],
    ['task.completed', 'left'],
    ['task.wrapup', 'left'],
  ])('reads %s as %s', (name, reason) => {
    const unserved = { kind: 'unserved', channelSid: CHANNEL, reason, taskSid: 'WT1', atMs: NOW };

    expect(parse(anEvent(name, { conversationSid: CHANNEL }))).toEqual([unserved]);
    expect(parse(anEvent(name, { channelSid: CHANNEL }))).toEqual([unserved]);
  });

  test('reads a new task, whoever made it', () => {
    const created = anEvent('task.created', { conversationSid: CHANNEL });

    expect(parse(created)).toEqual([{ kind: 'routed', channelSid: CHANNEL, taskSid: 'WT1' }]);
  });

  test.each([
    [`UO${'1'.repeat(32)}`, true],
    ['UO1', false],
    [undefined, false],
  ])(
    'reads the interaction of a new task: with the channel %s %s',
    (interactionChannelSid, reads) => {
      const interactionSid = `KD${'1'.repeat(32)}`;
      const created = anEvent('task.created', {
        conversationSid: CHANNEL,
        flexInteractionSid: interactionSid,
        flexInteractionChannelSid: interactionChannelSid,
      });

      expect(parse(created)).toEqual([
        {
          kind: 'routed',
          channelSid: CHANNEL,
          taskSid: 'WT1',
          ...(reads && { interactionSid, interactionChannelSid }),
        },
      ]);
    },
  );

  test.each<[string, unknown]>([
    ['a voice task', anEvent('task.canceled', { call_sid: 'CA1' })],
    ['a new task of another channel', anEvent('task.created', { call_sid: 'CA1' })],
    ['an event that says nothing', anEvent('task.updated', { conversationSid: CHANNEL })],
    ['attributes that are not JSON', anEvent('task.canceled', '{')],
    ['attributes that are no object', anEvent('task.canceled', '"text"')],
    ['a channel that is no SID', anEvent('task.canceled', { conversationSid: 'CH1' })],
    ['a channel that is no text', anEvent('task.canceled', { conversationSid: 7 })],
    ['no data', anEvent('task.canceled', {}, { data: null })],
    ['the test of a sink', { type: 'com.twilio.eventstreams.test-event', data: { test_id: 'T' } }],
    ['nothing', null],
  ])('leaves out %s, and reads the others', (_, event) => {
    expect(parse(event)).toEqual([]);
    expect(parse(event, anEvent('task.deleted', { channelSid: CHANNEL }))).toHaveLength(1);
  });

  test('prefers the SID of a conversation to that of a channel', () => {
    const both = { conversationSid: CHANNEL, channelSid: `CH${'b'.repeat(32)}` };

    expect(parse(anEvent('task.canceled', both))).toMatchObject([{ channelSid: CHANNEL }]);
  });

  test.each(['', '{', '{}', 'null'])('refuses %j', (body) => {
    expect(() => parseTaskEvents(body, NOW)).toThrow('task events');
  });
});
