import { parseFlexWebhook } from '#adapters/twilio/webhooks/flex-webhook';
import { ChatError } from '#core/errors';

const CHANNEL = `CH${'0'.repeat(31)}3`;
const RECEIVED_MS = 1_767_600_000_000;

/** The fields of an agent's message, as a conversation's own webhook brings them. */
const messageAdded = {
  EventType: 'onMessageAdded',
  ConversationSid: CHANNEL,
  ChatServiceSid: `IS${'0'.repeat(31)}2`,
  MessageSid: `IM${'0'.repeat(31)}4`,
  Index: '2',
  Author: 'agent_2Eone',
  ParticipantSid: `MB${'0'.repeat(31)}6`,
  Body: 'Hello',
  Attributes: '{}',
  Source: 'SDK',
  DateCreated: '2026-01-05T10:20:30.597Z',
};

const participant = {
  ConversationSid: CHANNEL,
  ParticipantSid: `MB${'0'.repeat(31)}6`,
  Identity: 'agent_2Eone',
  'MessagingBinding.Type': 'CHAT',
};

const stateUpdated = {
  EventType: 'onConversationStateUpdated',
  ConversationSid: CHANNEL,
  StateFrom: 'active',
  StateTo: 'closed',
  StateUpdated: '2026-01-05T10:30:00.000Z',
  Reason: 'EVENT',
};

const interaction = {
  InteractionSid: `KD${'0'.repeat(31)}7`,
  ChannelSid: `UO${'0'.repeat(31)}8`,
  MediaChannelSid: CHANNEL,
};

const parse = (form: Record<string, string | string[]>) => parseFlexWebhook(form, RECEIVED_MS);

function without<Fields extends Record<string, string>>(fields: Fields, name: keyof Fields) {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name));
}

function refusalOf(form: Record<string, string | string[]>): ChatError {
  try {
    parse(form);
  } catch (error) {
    if (error instanceof ChatError) return error;
  }
  throw new Error('no ChatError was thrown');
}

describe('parseFlexWebhook of a message', () => {
  test('reads an agent message', () => {
    expect(parse(messageAdded)).toEqual({
      kind: 'message',
      channelSid: CHANNEL,
      message: {
        index: 2,
        author: 'agent_2Eone',
        role: 'agent',
        body: 'Hello',
        sentAtMs: Date.UTC(2026, 0, 5, 10, 20, 30, 597),
        participantSid: 'MB00000000000000000000000000000006',
      },
    });
  });

  test('reads a change of a message with the time of the change', () => {
    const form = {
      ...messageAdded,
      EventType: 'onMessageUpdated',
      Body: 'Hello again',
      DateUpdated: '2026-01-05T10:21:00.000Z',
    };

    expect(parse(form)).toMatchObject({
      kind: 'edited',
      message: { index: 2, body: 'Hello again', editedAtMs: Date.UTC(2026, 0, 5, 10, 21) },
    });
    expect(parse(without(form, 'DateUpdated'))).toMatchObject({
      message: { editedAtMs: RECEIVED_MS },
    });
  });

  test("does not make an agent's message of a bot's that an agent changes", () => {
    const form = { ...messageAdded, EventType: 'onMessageUpdated', ParticipantSid: '' };

    expect(parse(form)).toMatchObject({ kind: 'edited', message: { role: 'bot' } });
  });

  test('reads the deletion of a message with its client id', () => {
    const form = {
      ...messageAdded,
      EventType: 'onMessageRemoved',
      Attributes: '{"clientMessageId":"m1"}',
    };

    expect(parse(form)).toMatchObject({
      kind: 'deleted',
      channelSid: CHANNEL,
      message: { index: 2, clientMessageId: 'm1' },
    });
  });

  test.each([
    ['a participant through REST', { Source: 'API' }, 'agent'],
    ['the SDK without participant', { ParticipantSid: '' }, 'agent'],
    ['REST without participant', { Source: 'API', ParticipantSid: '' }, 'bot'],
    ['system', { Author: 'system' }, 'system'],
  ])('takes a message of %s for one of the role', (_who, fields, role) => {
    expect(parse({ ...messageAdded, ...fields })).toMatchObject({ message: { role } });
  });

  test('reads the client message id of the customer', () => {
    const Attributes = '{"clientMessageId":"m-1","more":[1]}';

    expect(parse({ ...messageAdded, Attributes })).toMatchObject({
      message: { clientMessageId: 'm-1' },
    });
  });

  test.each(['', 'no JSON', '[]', 'null', '{"clientMessageId":7}'])(
    'reads no client message id from the attributes %j',
    (Attributes) => {
      expect(parse({ ...messageAdded, Attributes })).not.toHaveProperty('message.clientMessageId');
    },
  );

  test('reads media of a message without Body', () => {
    const Media = JSON.stringify([
      { Sid: 'ME1', Filename: 'a b.png', ContentType: 'image/png', Size: 254586 },
      { Sid: 'ME2', Filename: null, ContentType: 'audio/mp4', Size: 1 },
    ]);

    expect(parse({ ...without(messageAdded, 'Body'), Media })).toMatchObject({
      message: {
        body: '',
        media: [
          { id: 'ME1', filename: 'a b.png', contentType: 'image/png', size: 254586 },
          { id: 'ME2', filename: '', contentType: 'audio/mp4', size: 1 },
        ],
      },
    });
  });

  test('dates a message that carries no time by its receipt', () => {
    expect(parse(without(messageAdded, 'DateCreated'))).toMatchObject({
      message: { sentAtMs: RECEIVED_MS },
    });
  });

  test.each([
    ['Index', { Index: 'one' }],
    ['Index', { Index: '-1' }],
    ['Index', { Index: '1e3' }],
    ['ConversationSid', { ConversationSid: 'CH3' }],
  ])('refuses a malformed %s, naming it', (field, fields) => {
    const error = refusalOf({ ...messageAdded, ...fields });

    expect(error.code).toBe('INVALID_INPUT');
    expect(error.message).toBe(`webhook field ${field}: not as expected`);
  });

  test.each(['Index'] as const)('refuses a missing %s, naming it', (field) => {
    expect(refusalOf(without(messageAdded, field)).message).toBe(`webhook field ${field}: missing`);
  });
});

describe('parseFlexWebhook of a participant', () => {
  test.each([
    ['onParticipantAdded', 'joined'],
    ['onParticipantRemoved', 'left'],
  ])('reads %s as %s', (EventType, kind) => {
    expect(parse({ ...participant, EventType })).toEqual({
      kind,
      channelSid: CHANNEL,
      identity: 'agent_2Eone',
      participantSid: 'MB00000000000000000000000000000006',
    });
  });

  test('reports nothing about a participant on the phone', () => {
    const EventType = 'onParticipantAdded';

    expect(parse({ ...without(participant, 'Identity'), EventType }).kind).toBe('other');
  });

  test('reads a read horizon', () => {
    const fields = { ...participant, EventType: 'onParticipantUpdated', LastReadMessageIndex: '4' };

    expect(parse(fields)).toEqual({
      kind: 'read',
      channelSid: CHANNEL,
      identity: 'agent_2Eone',
      index: 4,
    });
  });

  test.each([{}, { LastReadMessageIndex: '' }])(
    'reports nothing for an update with the horizon %j',
    (horizon) => {
      const fields = { ...participant, EventType: 'onParticipantUpdated', ...horizon };

      expect(parse(fields).kind).toBe('other');
    },
  );
});

describe('parseFlexWebhook of a state', () => {
  test.each([
    ['EVENT', 'agent'],
    ['API', 'agent'],
    ['TIMER', 'system'],
  ])('reads a conversation closed by %s as ended by %s', (Reason, by) => {
    expect(parse({ ...stateUpdated, Reason })).toEqual({
      kind: 'ended',
      channelSid: CHANNEL,
      by,
      atMs: Date.UTC(2026, 0, 5, 10, 30),
    });
  });

  test.each(['active', 'inactive', 'initializing'])(
    'does not treat the state %s as the end',
    (StateTo) => {
      expect(parse({ ...stateUpdated, StateTo }).kind).toBe('other');
    },
  );

  test.each([
    ['closed', 'ended'],
    ['active', 'other'],
  ])('reads onConversationUpdated with State %s as %s', (State, kind) => {
    const fields = { EventType: 'onConversationUpdated', ConversationSid: CHANNEL, State };

    expect(parse(fields).kind).toBe(kind);
  });
});

describe('parseFlexWebhook of an interaction', () => {
  test.each([
    ['onParticipantJoined', 'agent', 'joined'],
    ['onParticipantLeft', 'agent', 'left'],
    ['onParticipantJoined', 'customer', 'other'],
    ['onParticipantUpdated', 'agent', 'other'],
  ])('reads %s of type %s as %s, without an identity', (EventType, ParticipantType, kind) => {
    const event = parse({ ...interaction, EventType, ParticipantType });

    expect(event).toEqual({ kind, channelSid: CHANNEL });
  });

  test.each([
    ['closed', { kind: 'ended', channelSid: CHANNEL, by: 'agent', atMs: RECEIVED_MS }],
    ['active', { kind: 'other', channelSid: CHANNEL }],
    ['inactive', { kind: 'other', channelSid: CHANNEL }],
  ])('reads the channel status %s', (ChannelStatus, expected) => {
    const fields = { ...interaction, EventType: 'onChannelStatusUpdated', ChannelStatus };

    expect(parse(fields)).toEqual(expected);
  });

  test('takes the channel from MediaChannelSid', () => {
    const fields = { ...interaction, MediaChannelSid: 'UO1', EventType: 'onParticipantJoined' };

    expect(parse({ ...fields, ParticipantType: 'agent' })).toEqual({
      kind: 'other',
      channelSid: '',
    });
  });
});

describe('parseFlexWebhook of anything else', () => {
  test.each([
    { EventType: 'onDeliveryUpdated', ConversationSid: CHANNEL },
    { EventType: 'onSomethingNew', ConversationSid: CHANNEL },
    { EventType: 'onChannelCreateFailed', InteractionSid: '', ErrorCode: '1' },
    { EventType: 'onUserUpdated', Identity: 'agent_2Eone' },
  ])('reports nothing for %j', (fields) => {
    expect(parse(fields).kind).toBe('other');
  });
});

describe('a webhook that lacks what it need not have', () => {
  const SID = `CH${'1'.repeat(32)}`;
  const MESSAGE = { EventType: 'onMessageAdded', ConversationSid: SID, Index: '7' };

  test.each(['2026-01-01T00:00:00+00', 'yesterday', ''])(
    'takes the time of receipt for %j',
    (DateCreated) => {
      expect(parseFlexWebhook({ ...MESSAGE, DateCreated }, 42)).toMatchObject({
        message: { sentAtMs: 42 },
      });
    },
  );

  test.each(['no JSON', 'null', '{}', '[1]', '['.repeat(9_000)])(
    'has no files where Media is %j',
    (Media) => {
      const event = parseFlexWebhook({ ...MESSAGE, Media }, 42);

      expect(event).toMatchObject({ kind: 'message', message: { index: 7, body: '' } });
    },
  );

  test('shows a file about which the webhook says nothing', () => {
    const Media = '[{"Sid":"ME1","Filename":null,"ContentType":null,"Size":null}]';

    expect(parseFlexWebhook({ ...MESSAGE, Media }, 42)).toMatchObject({
      message: { media: [{ id: 'ME1', contentType: 'application/octet-stream', size: 0 }] },
    });
  });

  test.each([
    [{}],
    [{ EventType: ['a', 'b'] }],
    [{ EventType: 'onSomethingNew', ConversationSid: 'XX' }],
    [{ EventType: 'onParticipantJoined', InteractionSid: 'KD1' }],
    [{ EventType: 'onChannelStatusUpdated', InteractionSid: 'KD1', MediaChannelSid: 'CA1' }],
    [{ EventType: 'onParticipantAdded', ConversationSid: SID }],
    [{ EventType: 'onMemberAdded', ChannelSid: SID }],
    [{ EventType: 'onConversationStateUpdated', ConversationSid: SID }],
  ])('changes nothing: %j', (form) => {
    expect(parseFlexWebhook(form, 42)).toMatchObject({ kind: 'other' });
  });
});
