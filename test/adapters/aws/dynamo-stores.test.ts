import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { formerFingerprint } from '#adapters/aws/attempts';
import { DynamoChannelIndex } from '#adapters/aws/dynamo-channel-index';
import { DynamoConnectionStore } from '#adapters/aws/dynamo-connection-store';
import { DynamoIdentityIndex } from '#adapters/aws/dynamo-identity-index';
import { DynamoMinuteCounters, KeyedCounters } from '#adapters/aws/dynamo-minute-counters';
import { DynamoSessionCounters } from '#adapters/aws/dynamo-session-counters';
import { DynamoSessionStore } from '#adapters/aws/dynamo-session-store';
import {
  type ClientMessageId,
  channelSid,
  clientMessageId,
  connectionId,
  sessionId,
} from '#core/ids';
import { channelIndexContract } from '#test/contracts/channel-index.contract';
import { connectionStoreContract } from '#test/contracts/connection-store.contract';
import { identityIndexContract } from '#test/contracts/identity-index.contract';
import { minuteCountersContract } from '#test/contracts/minute-counters.contract';
import { sessionCountersContract } from '#test/contracts/session-counters.contract';
import { sessionStoreContract } from '#test/contracts/session-store.contract';
import { type LocalDynamo, startDynamo } from '#test/support/local-table';

const ID = sessionId('a-session');
const NOW = 1_790_000_000_000;
const EXPIRY = NOW + 60_000;

let dynamo: LocalDynamo;
let requests: string[] = [];

beforeAll(async () => {
  dynamo = await startDynamo();
  dynamo.client.middlewareStack.add(
    (next, context) => (args) => {
      requests.push(`${context.commandName}`);
      return next(args);
    },
    { step: 'initialize' },
  );
});

afterAll(() => dynamo.stop());

const createStores = async () => {
  const { table, name } = await dynamo.createTable();
  requests = [];
  return {
    table: name,
    sessions: new DynamoSessionStore(table),
    connections: new DynamoConnectionStore(table),
    channels: new DynamoChannelIndex(table),
  };
};

const createCounters = async () => new DynamoMinuteCounters((await dynamo.createTable()).table);

const readItem = async (table: string, pk: string, sk: string) => {
  const key = { TableName: table, Key: marshall({ pk, sk }) };
  return (await dynamo.client.send(new GetItemCommand(key))).Item;
};

sessionStoreContract('DynamoSessionStore', createStores);
connectionStoreContract('DynamoConnectionStore', createStores);
minuteCountersContract('DynamoMinuteCounters', createCounters);
sessionCountersContract(
  'DynamoSessionCounters',
  async () => new DynamoSessionCounters((await dynamo.createTable()).table),
);
minuteCountersContract('KeyedCounters', async () => {
  const counters = await createCounters();
  return new KeyedCounters(counters, async () => 'a key');
});
identityIndexContract(
  'DynamoIdentityIndex',
  async () => new DynamoIdentityIndex((await dynamo.createTable()).table),
);
channelIndexContract('DynamoChannelIndex', async () => (await createStores()).channels);

const anAttempt = (id: ClientMessageId) => ({ id, acceptedAtMs: NOW, burstWindowMs: 10_000 });

describe('DynamoSessionStore', () => {
  const OPEN = {
    number: 1_000,
    state: 'open',
    channel: {
      sid: channelSid(`CH${'a'.repeat(32)}`),
      interactionSid: `KD${'b'.repeat(32)}`,
      interactionChannelSid: `UO${'c'.repeat(32)}`,
      taskSid: `WT${'d'.repeat(32)}`,
    },
    endRequestedByCustomer: true,
  } as const;
  const FULL_ID = sessionId('s'.repeat(43));

  test('keeps a session with 20 long ids and all SIDs below 1 KB', async () => {
    const { sessions, table } = await createStores();
    await sessions.renew(FULL_ID, NOW, EXPIRY);
    await sessions.changeChat(FULL_ID, { number: 1, state: 'none' }, OPEN);
    for (let index = 0; index < 20; index += 1) {
      const id = clientMessageId(`${index}`.padStart(64, 'x'));
      await sessions.recordAttempt(FULL_ID, anAttempt(id), undefined, NOW);
    }

    const item = await readItem(table, `SESSION#${FULL_ID}`, 'SESSION');

    expect(item?.['attempts']?.L).toHaveLength(20);
    expect(item?.['attempts']?.L?.every(({ S }) => S !== '')).toBe(true);
    expect(itemBytes(item)).toBeLessThan(1_024);
  });

  test('reads a session as earlier versions wrote it, and writes the same attributes', async () => {
    const { sessions, table } = await createStores();
    const channel = {
      sid: { S: OPEN.channel.sid },
      taskSid: { S: OPEN.channel.taskSid },
      servedAtMs: { N: '1' },
      doubtedSinceMs: { N: '2' },
      wasServed: { BOOL: true },
    };
    const chat = (state: string) => ({
      M: { number: { N: '3' }, state: { S: state }, reroutes: { N: '1' }, channel: { M: channel } },
    });
    const item = {
      pk: { S: `SESSION#${ID}` },
      sk: { S: 'SESSION' },
      expiresAt: { N: String(EXPIRY / 1_000) },
      chat: chat('open'),
      attempts: { L: [] },
    };
    await dynamo.client.send(new PutItemCommand({ TableName: table, Item: item }));

    const read = (await sessions.find(ID, NOW))?.session.chat;
    if (read?.state !== 'open') throw new Error('the chat is not open');
    await sessions.changeChat(ID, read, { ...read, state: 'ended' });

    expect(read).toEqual({
      number: 3,
      state: 'open',
      reroutes: 1,
      channel: {
        sid: OPEN.channel.sid,
        taskSid: OPEN.channel.taskSid,
        servedAtMs: 1,
        unverifiedSinceMs: 2,
        wasServed: true,
      },
    });
    expect((await readItem(table, `SESSION#${ID}`, 'SESSION'))?.['chat']).toEqual(chat('ended'));
  });

  test('notes since when a chat is unverified under the name that earlier versions read', async () => {
    const { sessions, table } = await createStores();
    await sessions.renew(ID, NOW, EXPIRY);
    await sessions.changeChat(ID, { number: 1, state: 'none' }, OPEN);
    const since = async () =>
      (await readItem(table, `SESSION#${ID}`, 'SESSION'))?.['chat']?.M?.['channel']?.M?.[
        'doubtedSinceMs'
      ]?.N;

    await sessions.noteChannel(ID, OPEN.number, { set: { unverifiedSinceMs: NOW } });
    const noted = await since();
    await sessions.noteChannel(ID, OPEN.number, { remove: ['unverifiedSinceMs'] });

    expect([noted, await since()]).toEqual([String(NOW), undefined]);
  });

  test('recognises the messages that an earlier version has remembered, once more', async () => {
    const { sessions, table } = await createStores();
    const id = clientMessageId('yesterday');
    await sessions.renew(ID, NOW, EXPIRY);
    await sessions.changeChat(ID, { number: 1, state: 'none' }, OPEN);
    const item = await readItem(table, `SESSION#${ID}`, 'SESSION');
    const former = { S: formerFingerprint(id) };
    await dynamo.client.send(
      new PutItemCommand({
        TableName: table,
        Item: { ...item, attempts: { L: [former, ...(item?.['attempts']?.L ?? []).slice(1)] } },
      }),
    );

    const outcomes = [];
    for (let n = 0; n < 2; n += 1) {
      outcomes.push((await sessions.recordAttempt(ID, anAttempt(id), undefined, NOW)).outcome);
    }

    expect(outcomes).toEqual(['repeated', 'repeated']);
    const renewed = await readItem(table, `SESSION#${ID}`, 'SESSION');
    expect(renewed?.['attempts']?.L).not.toContainEqual(former);
  });

  test('records two messages whose ids were alike to earlier versions, each by itself', async () => {
    const { sessions } = await createStores();
    await sessions.renew(ID, NOW, EXPIRY);
    await sessions.changeChat(ID, { number: 1, state: 'none' }, OPEN);

    const outcomes = [];
    for (const id of ['tb7hvumwya', '52x7c7hz4t']) {
      const attempt = anAttempt(clientMessageId(id));
      outcomes.push((await sessions.recordAttempt(ID, attempt, undefined, NOW)).outcome);
    }

    expect(outcomes).toEqual(['recorded', 'recorded']);
  });

  test('records an attempt in one update and classifies a failed one with one query', async () => {
    const { sessions } = await createStores();
    await sessions.renew(ID, NOW, EXPIRY);
    await sessions.changeChat(ID, { number: 1, state: 'none' }, OPEN);

    requests = [];
    await sessions.recordAttempt(ID, anAttempt(clientMessageId('m')), undefined, NOW);
    const hotPath = [...requests];
    requests = [];
    await sessions.recordAttempt(ID, anAttempt(clientMessageId('m')), undefined, NOW);

    expect(hotPath).toEqual(['UpdateItemCommand']);
    expect(requests).toEqual(['UpdateItemCommand', 'QueryCommand']);
  });

  test('reads a session in one query, and in more when it fills several pages', async () => {
    const { sessions, connections, table } = await createStores();
    await sessions.renew(ID, NOW, EXPIRY);
    await connections.add(ID, connectionId('a='), NOW, EXPIRY);
    requests = [];
    await sessions.find(ID, NOW);
    const usual = [...requests];
    for (const letter of ['b', 'c', 'd', 'e']) {
      await putItem(table, { ...connectionItem(`${letter}=`), padding: 'x'.repeat(390_000) });
    }
    requests = [];

    const record = await sessions.find(ID, NOW);

    expect(usual).toEqual(['QueryCommand']);
    expect(requests.length).toBeGreaterThan(1);
    expect(record?.connectionIds).toEqual(['a=', 'b=', 'c=', 'd=', 'e=']);
  });

  test('stores expiry as epoch seconds, rounded up, on every item', async () => {
    const { sessions, connections, channels, table } = await createStores();
    await sessions.renew(ID, NOW, NOW + 1);
    await sessions.saveProfile(ID, {}, NOW + 1);
    await connections.add(ID, connectionId('a='), NOW, NOW + 1);
    await channels.link(OPEN.channel.sid, { sessionId: ID, number: 1 }, NOW + 1);

    const stored = await Promise.all([
      readItem(table, `SESSION#${ID}`, 'SESSION'),
      readItem(table, `SESSION#${ID}`, 'PROFILE'),
      readItem(table, `SESSION#${ID}`, 'CONNECTION#a='),
      readItem(table, `CHANNEL#${OPEN.channel.sid}`, 'CHANNEL'),
    ]);

    const expiries = stored.map((item) => item?.['expiresAt']?.N);
    expect(new Set(expiries)).toEqual(new Set([`${NOW / 1000 + 1}`]));
  });

  test('refuses a stored item that it cannot read, without quoting it', async () => {
    const { sessions, table } = await createStores();
    await sessions.renew(ID, NOW, EXPIRY);
    const profile = { name: 'Ada', email: 7 };
    await putItem(table, { pk: `SESSION#${ID}`, sk: 'PROFILE', profile, expiresAt: EXPIRY });

    const failure = await sessions.find(ID, NOW).catch((error) => error);

    expect(failure).toMatchObject({ code: 'INVALID_INPUT' });
    expect(failure.message).toContain('profile.email');
    expect(JSON.stringify([failure.message, failure.cause])).not.toContain('Ada');
  });

  const connectionItem = (id: string) => ({
    pk: `SESSION#${ID}`,
    sk: `CONNECTION#${id}`,
    connectedAt: NOW,
    expiresAt: EXPIRY / 1000,
  });

  const putItem = (table: string, item: Record<string, unknown>) =>
    dynamo.client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
});

describe('KeyedCounters', () => {
  test('keep an address out of the table', async () => {
    const keys: string[] = [];
    const inner = { count: async (key: string) => keys.push(key) > 0 };

    await new KeyedCounters(inner, async () => 'a key').count('address#192.0.2.7', 1, NOW);
    await new KeyedCounters(inner, async () => 'another').count('address#192.0.2.7', 1, NOW);

    expect(keys).toEqual([
      expect.stringMatching(/^[\w-]{43}$/),
      expect.stringMatching(/^[\w-]{43}$/),
    ]);
    expect(keys[0]).not.toBe(keys[1]);
  });
});

type Stored = Awaited<ReturnType<typeof readItem>>;
type StoredValue = NonNullable<Stored>[string];

/** Names and texts by UTF-8 length, numbers by their digits, lists and maps with 3 bytes and 1 per element. Source: DynamoDB developer guide, "Item sizes and formats". */
function itemBytes(item: Stored): number {
  return Object.entries(item ?? {}).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value),
    0,
  );
}

function valueBytes(value: StoredValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.L) return 3 + value.L.reduce((sum, element) => sum + 1 + valueBytes(element), 0);
  if (value.M) return 3 + Object.keys(value.M).length + itemBytes(value.M);
  // One byte for two digits, and one; twice rounded up.
  return Math.ceil((value.N?.length ?? 0) / 2) + 2;
}
