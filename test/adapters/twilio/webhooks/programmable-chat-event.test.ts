import { parseFlexWebhook } from '#adapters/twilio/webhooks/flex-webhook';
import { ChatError } from '#core/errors';

const CHANNEL = `CH${'0'.repeat(31)}3`;
const RECEIVED_MS = 1_767_600_000_000;

/** The fields of an agent's message, as a channel's own webhook brings them. */
const messageSent = {
  EventType: 'onMessageSent',
  AccountSid: `AC${'0'.repeat(31)}1`,
  InstanceSid: `IS${'0'.repeat(31)}2`,
  ChannelSid: CHANNEL,
  MessageSid: `IM${'0'.repeat(31)}4`,
  Index: '2',
  From: 'agent_2Eone',
  Body: 'Hello',
  Attributes: '{}',
  DateCreated: '2026-01-05T10:20:30.597Z',
  Source: 'SDK',
  ClientIdentity: 'agent_2Eone',
  RetryCount: '0',
  WebhookType: 'webhook',
};

const mediaMessageSent = {
  ...messageSent,
  EventType: 'onMediaMessageSent',
  Body: '',
  MediaSid: `ME${'0'.repeat(31)}5`,
  MediaSize: '254586',
  MediaContentType: 'image/png',
  MediaFilename: 'a b.png',
};

const member = {
  EventType: 'onMemberAdded',
  InstanceSid: `IS${'0'.repeat(31)}2`,
  ChannelSid: CHANNEL,
  MemberSid: `MB${'0'.repeat(31)}6`,
  Identity: 'agent_2Eone',
  Source: 'SDK',
};

const channelUpdated = {
  EventType: 'onChannelUpdated',
  InstanceSid: `IS${'0'.repeat(31)}2`,
  ChannelSid: CHANNEL,
  Attributes: '{"task_sid":"WT1","from":"Grace","status":"INACTIVE","long_lived":false}',
  DateUpdated: '2026-01-05T10:30:00.000Z',
  Source: 'SDK',
};

const parse = (form: Record<string, string | string[]>) => parseFlexWebhook(form, RECEIVED_MS);

function without<Fields extends Record<string, string>>(fields: Fields, name: keyof Fields) {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name));
}

function refusalOf(form: Record<string, string | string[]>): string {
  try {
    parse(form);
  } catch (error) {
    if (error instanceof ChatError && error.code === 'INVALID_INPUT') return error.message;
  }
  throw new Error('not refused as INVALID_INPUT');
}

describe('parseFlexWebhook of a changed message of Programmable Chat', () => {
  test.each([
    ['onMessageUpdated', 'edited'],
    ['onMessageRemoved', 'deleted'],
  ])('reads %s as %s', (EventType, kind) => {
    const form = { ...messageSent, EventType, DateUpdated: '2026-01-05T10:21:00.000Z' };

    expect(parse(form)).toMatchObject({
      kind,
      channelSid: CHANNEL,
      message: { index: 2, author: 'agent_2Eone', body: 'Hello' },
    });
  });
});

describe('parseFlexWebhook of a message in Programmable Chat', () => {
  test('reads an agent message', () => {
    expect(parse(messageSent)).toEqual({
      kind: 'message',
      channelSid: CHANNEL,
      message: {
        index: 2,
        author: 'agent_2Eone',
        role: 'agent',
        body: 'Hello',
        sentAtMs: Date.UTC(2026, 0, 5, 10, 20, 30, 597),
      },
    });
  });

  test.each([
    ['the SDK', { Source: 'SDK' }, 'agent'],
    ['REST', { Source: 'API', From: 'Flow Bot' }, 'bot'],
    ['REST as system', { Source: 'API', From: 'system' }, 'system'],
  ])('takes a message through %s for one of the right role', (_who, fields, role) => {
    expect(parse({ ...messageSent, ...fields })).toMatchObject({ message: { role } });
  });

  test('reads the same from the webhook of the whole service', () => {
    expect(parse(without(messageSent, 'WebhookType'))).toEqual(parse(messageSent));
  });

  test('reads the client message id of the customer', () => {
    const Attributes = '{"clientMessageId":"m-1"}';

    expect(parse({ ...messageSent, Attributes })).toMatchObject({
      message: { clientMessageId: 'm-1' },
    });
  });

  test('reads media and no text of a media message', () => {
    expect(parse(mediaMessageSent)).toMatchObject({
      kind: 'message',
      message: {
        index: 2,
        role: 'agent',
        body: '',
        media: [
          {
            id: mediaMessageSent.MediaSid,
            filename: 'a b.png',
            contentType: 'image/png',
            size: 254586,
          },
        ],
      },
    });
  });

  test('reads media without a file name', () => {
    expect(parse(without(mediaMessageSent, 'MediaFilename'))).toMatchObject({
      message: { media: [{ filename: '' }] },
    });
  });

  test('dates a message that carries no time by its receipt', () => {
    expect(parse(without(messageSent, 'DateCreated'))).toMatchObject({
      message: { sentAtMs: RECEIVED_MS },
    });
  });

  test.each([
    ['Index', { ...messageSent, Index: 'one' }],
    ['ChannelSid', { ...messageSent, ChannelSid: 'UO3' }],
  ])('refuses a malformed %s, naming it', (field, fields) => {
    expect(refusalOf(fields)).toBe(`webhook field ${field}: not as expected`);
  });

  test.each(['MediaSid', 'MediaContentType', 'MediaSize'] as const)(
    'shows a media message without %s',
    (field) => {
      const event = parse(without(mediaMessageSent, field));

      expect(event).toMatchObject({ kind: 'message', message: { media: [expect.anything()] } });
    },
  );
});

describe('parseFlexWebhook of a member in Programmable Chat', () => {
  test.each([
    ['onMemberAdded', 'joined'],
    ['onMemberRemoved', 'left'],
  ])('reads %s as %s', (EventType, kind) => {
    expect(parse({ ...member, EventType })).toEqual({
      kind,
      channelSid: CHANNEL,
      identity: 'agent_2Eone',
      participantSid: 'MB00000000000000000000000000000006',
    });
  });

  test('reads a read horizon', () => {
    const fields = { ...member, EventType: 'onMemberUpdated', LastConsumedMessageIndex: '4' };

    expect(parse(fields)).toEqual({
      kind: 'read',
      channelSid: CHANNEL,
      identity: 'agent_2Eone',
      index: 4,
    });
  });

  test.each([{}, { LastConsumedMessageIndex: '' }])(
    'reports nothing for an update with the horizon %j',
    (horizon) => {
      const fields = { ...member, EventType: 'onMemberUpdated', ...horizon };

      expect(parse(fields)).toEqual({ kind: 'other', channelSid: CHANNEL });
    },
  );
});

describe('parseFlexWebhook of a channel in Programmable Chat', () => {
  test('reads the status INACTIVE as the end by the agent', () => {
    expect(parse(channelUpdated)).toEqual({
      kind: 'ended',
      channelSid: CHANNEL,
      by: 'agent',
      atMs: Date.UTC(2026, 0, 5, 10, 30),
    });
  });

  test('dates an end without a time by its receipt', () => {
    expect(parse(without(channelUpdated, 'DateUpdated'))).toMatchObject({ atMs: RECEIVED_MS });
  });

  test.each([
    '{"status":"ACTIVE","from":"INACTIVE"}',
    '{"status":"inactive"}',
    '{"status":["INACTIVE"]}',
    '{}',
    '"INACTIVE"',
    'INACTIVE',
    '',
  ])('does not read an update with the attributes %j as the end', (Attributes) => {
    expect(parse({ ...channelUpdated, Attributes })).toEqual({
      kind: 'other',
      channelSid: CHANNEL,
    });
  });

  test.each(['onChannelAdded', 'onSomethingNew'])('reports nothing for %s', (EventType) => {
    expect(parse({ ...channelUpdated, EventType })).toEqual({
      kind: 'other',
      channelSid: CHANNEL,
    });
  });

  test('leaves the webhook of an interaction to the interaction', () => {
    const interaction = {
      EventType: 'onChannelStatusUpdated',
      InteractionSid: `KD${'0'.repeat(31)}7`,
      InstanceSid: `GO${'0'.repeat(31)}9`,
      ChannelSid: `UO${'0'.repeat(31)}8`,
      MediaChannelSid: CHANNEL,
      ChannelStatus: 'closed',
    };

    expect(parse(interaction)).toMatchObject({ kind: 'ended', channelSid: CHANNEL });
  });

  test('reads events of a conversation as before', () => {
    const added = {
      EventType: 'onMessageAdded',
      ConversationSid: CHANNEL,
      ChatServiceSid: `IS${'0'.repeat(31)}2`,
      Index: '0',
      Source: 'API',
    };

    expect(parse(added)).toMatchObject({ kind: 'message', channelSid: CHANNEL });
  });
});
