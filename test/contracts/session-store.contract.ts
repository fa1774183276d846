import * as v from 'valibot';
import { hasCode } from '#core/errors';
import {
  type ClientMessageId,
  channelSid,
  clientMessageId,
  connectionId,
  sessionId,
} from '#core/ids';
import {
  NO_PARTICIPANTS,
  type Outdated,
  type ParticipantsChange,
  presentIn,
} from '#core/participants';
import type { Attempt, ConnectionStore, SessionStore } from '#core/ports';
import type { NewChat, StartedChat } from '#core/session';
import { ProfileSchema } from '#protocol/frames';
import { REMEMBERED_MESSAGE_IDS } from '#protocol/limits';

const ID = sessionId('a-session');
/** Whole seconds: a store may keep expiry in seconds. */
const NOW = 1_790_000_000_000;
const EXPIRY = NOW + 60_000;
const NONE: NewChat = { number: 1, state: 'none' };
const OPEN: StartedChat = {
  number: 1,
  state: 'open',
  channel: {
    sid: channelSid('CH00000000000000000000000000000001'),
    interactionSid: 'KD00000000000000000000000000000002',
    interactionChannelSid: 'UO00000000000000000000000000000003',
    taskSid: 'WT00000000000000000000000000000004',
    participantSid: 'MB00000000000000000000000000000005',
  },
};
const ENDED: StartedChat = { ...OPEN, state: 'ended', endRequestedByCustomer: true };
const messageId = clientMessageId('m-1');

const anAttempt = (id: ClientMessageId, overrides: Partial<Attempt> = {}): Attempt => ({
  id,
  acceptedAtMs: NOW,
  burstWindowMs: 0,
  ...overrides,
});

/** @param create a store and the connections that it shows, both empty. */
export function sessionStoreContract(
  name: string,
  create: () => Promise<{ sessions: SessionStore; connections: ConnectionStore }>,
): void {
  describe(`${name} as SessionStore`, () => {
    let sessions: SessionStore;
    let connections: ConnectionStore;

    beforeEach(async () => {
      ({ sessions, connections } = await create());
    });

    const open = async (chat: StartedChat = OPEN, attempt?: ClientMessageId) => {
      await sessions.renew(ID, NOW, EXPIRY);
      await sessions.changeChat(ID, NONE, chat, attempt && anAttempt(attempt));
    };

    describe('find', () => {
      test('knows no session before it is renewed', async () => {
        expect(await sessions.find(ID, NOW)).toBeUndefined();
      });

      test('knows no session by its profile and connections alone', async () => {
        await sessions.saveProfile(ID, { name: 'Ada' }, EXPIRY);
        await connections.add(ID, connectionId('c-1='), NOW, EXPIRY);

        expect(await sessions.find(ID, NOW)).toBeUndefined();
      });

      test('shows the session with its profile and its own connections', async () => {
        const profile = { name: 'Ada', email: 'ada@example.com', fields: { plan: 'gold', x: '' } };
        await connections.add(ID, connectionId('b+/='), NOW, EXPIRY);
        await sessions.renew(ID, NOW, EXPIRY);
        await sessions.saveProfile(ID, profile, EXPIRY);
        await connections.add(ID, connectionId('a='), NOW, EXPIRY);
        await connections.add(sessionId('a-session-2'), connectionId('other='), NOW, EXPIRY);

        const record = await sessions.find(ID, NOW);

        expect(record?.session).toEqual({ id: ID, expiresAtMs: EXPIRY, chat: NONE });
        expect(record?.profile).toEqual(profile);
        expect(new Set(record?.connectionIds)).toEqual(new Set(['a=', 'b+/=']));
      });

      test('shows an empty profile when none was saved', async () => {
        await sessions.renew(ID, NOW, EXPIRY);

        const record = await sessions.find(ID, NOW);

        expect([record?.profile, record?.connectionIds]).toEqual([{}, []]);
      });

      test('shows the profile that was saved last, whole', async () => {
        await sessions.renew(ID, NOW, EXPIRY);
        await sessions.saveProfile(ID, { name: 'Ada', language: 'en' }, EXPIRY);
        await sessions.saveProfile(ID, { name: 'Grace' }, EXPIRY);

        expect((await sessions.find(ID, NOW))?.profile).toEqual({ name: 'Grace' });
      });

      test('shows the places of each chat that were kept last, until they expire', async () => {
        const of = (number: number) => ({ sessionId: ID, number });
        await sessions.renew(ID, NOW, EXPIRY);
        await sessions.savePlaces(of(1), [{ index: 99, token: 'PA1' }], NOW + 1_000);
        await sessions.savePlaces(of(2), [{ index: 99, token: 'PA2' }], EXPIRY);
        await sessions.savePlaces(of(2), [{ index: 199, token: 'PA3' }], EXPIRY);

        const places = async (nowMs: number) => [
          ...((await sessions.find(ID, nowMs))?.places ?? []),
        ];

        expect(await places(NOW)).toEqual([
          [1, [{ index: 99, token: 'PA1' }]],
          [2, [{ index: 199, token: 'PA3' }]],
        ]);
        expect((await places(NOW + 1_000)).map(([chat]) => chat)).toEqual([2]);
      });

      test('shows no places of a session that has none', async () => {
        await sessions.renew(ID, NOW, EXPIRY);

        expect(await sessions.find(ID, NOW)).not.toHaveProperty('places');
      });

      test('treats an expired session as absent', async () => {
        await sessions.renew(ID, NOW, EXPIRY);

        expect(await sessions.find(ID, EXPIRY - 1)).toBeDefined();
        expect(await sessions.find(ID, EXPIRY)).toBeUndefined();
      });

      test('leaves out an expired profile and expired connections', async () => {
        await sessions.renew(ID, NOW, EXPIRY);
        await sessions.saveProfile(ID, { name: 'Ada' }, NOW + 1_000);
        await connections.add(ID, connectionId('old='), NOW, NOW + 1_000);
        await connections.add(ID, connectionId('new='), NOW, EXPIRY);

        const record = await sessions.find(ID, NOW + 1_000);

        expect([record?.profile, record?.connectionIds]).toEqual([{}, ['new=']]);
      });
    });

    describe('findEnded', () => {
      test('knows nothing of a session that goes on, or that never began', async () => {
        await sessions.renew(ID, NOW, EXPIRY);
        await connections.add(sessionId('never-begun'), connectionId('a='), NOW, EXPIRY);

        expect(await sessions.findEnded(ID, EXPIRY - 1)).toBeUndefined();
        expect(await sessions.findEnded(sessionId('never-begun'), NOW)).toBeUndefined();
      });

      test('shows the connections that an expired session still has', async () => {
        await sessions.renew(ID, NOW, EXPIRY);
        await connections.add(ID, connectionId('old='), NOW, EXPIRY);
        await connections.add(ID, connectionId('new='), NOW, EXPIRY + 1_000);

        const ended = await sessions.findEnded(ID, EXPIRY);

        expect(ended).toEqual({ isRevoked: false, connectionIds: ['new='] });
      });

      test('tells a session whose person goes on in another one', async () => {
        await sessions.renew(ID, NOW, EXPIRY);
        await sessions.revoke(ID, 'moved');

        expect(await sessions.find(ID, NOW)).toBeUndefined();
        expect(await sessions.findEnded(ID, NOW)).toEqual({ isRevoked: false, connectionIds: [] });
      });

      test('tells a revoked session', async () => {
        await sessions.renew(ID, NOW, EXPIRY);
        await connections.add(ID, connectionId('a='), NOW, EXPIRY);
        await sessions.revoke(ID);

        expect(await sessions.findEnded(ID, NOW)).toEqual({
          isRevoked: true,
          connectionIds: ['a='],
        });
      });
    });

    describe('saveIdentity', () => {
      const identity = {
        issuer: 'https://login.example.com/',
        subject: 'ada',
        profile: { name: 'Ada', fields: { tier: 'gold' } },
        validUntilMs: NOW + 30_000,
      };

      test('notes whose session it is, above what the customer says', async () => {
        await sessions.renew(ID, NOW, EXPIRY);
        await sessions.saveProfile(ID, { name: 'The queen', fields: { tier: 'none' } }, EXPIRY);
        await sessions.saveIdentity(ID, identity, EXPIRY);

        expect(await sessions.find(ID, NOW)).toMatchObject({
          identity,
          profile: { ...identity.profile, verified: { issuer: identity.issuer, subject: 'ada' } },
        });
      });

      test('replaces what was noted before', async () => {
        await sessions.renew(ID, NOW, EXPIRY);
        await sessions.saveIdentity(ID, identity, EXPIRY);
        const renewed = { ...identity, profile: {}, validUntilMs: NOW + 60_000 };
        await sessions.saveIdentity(ID, renewed, EXPIRY);

        expect((await sessions.find(ID, NOW))?.identity).toEqual(renewed);
      });

      test('lets no profile of the customer claim to be verified', async () => {
        await sessions.renew(ID, NOW, EXPIRY);
        const forged = { name: 'Ada', verified: { issuer: identity.issuer, subject: 'ada' } };
        await sessions.saveProfile(ID, v.parse(ProfileSchema, forged), EXPIRY);

        expect((await sessions.find(ID, NOW))?.profile).toEqual({ name: 'Ada' });
      });

      test('begins no session', async () => {
        await sessions.saveIdentity(ID, identity, EXPIRY);

        expect(await sessions.find(ID, NOW)).toBeUndefined();
      });
    });

    describe('renew', () => {
      test('begins a session with chat 1, which Flex does not know yet', async () => {
        const session = await sessions.renew(ID, NOW, EXPIRY);

        expect(session).toEqual({ id: ID, expiresAtMs: EXPIRY, chat: NONE });
      });

      test('moves the expiry and keeps chat and attempts', async () => {
        await open(OPEN, messageId);

        const session = await sessions.renew(ID, NOW + 1_000, EXPIRY + 60_000);
        const attempt = await sessions.recordAttempt(ID, anAttempt(messageId), 1, EXPIRY + 1_000);

        expect(session).toEqual({ id: ID, expiresAtMs: EXPIRY + 60_000, chat: OPEN });
        expect(attempt.outcome).toBe('repeated');
      });

      test('refuses an expired session with SESSION_GONE and leaves it expired', async () => {
        await sessions.renew(ID, NOW, EXPIRY);

        const refusal = await sessions.renew(ID, EXPIRY, EXPIRY + 60_000).catch((error) => error);

        expect(hasCode(refusal, 'SESSION_GONE')).toBe(true);
        expect(await sessions.find(ID, EXPIRY)).toBeUndefined();
      });
    });

    describe('recordAttempt', () => {
      test('records a message of the open chat and returns session and chat', async () => {
        await open();

        const attempt = await sessions.recordAttempt(ID, anAttempt(messageId), undefined, NOW);

        expect(attempt).toEqual({
          outcome: 'recorded',
          session: { id: ID, expiresAtMs: EXPIRY, chat: OPEN },
          chat: OPEN,
        });
      });

      test('records a message that names the open chat', async () => {
        await open();

        expect(await sessions.recordAttempt(ID, anAttempt(messageId), 1, NOW)).toMatchObject({
          outcome: 'recorded',
        });
      });

      test('answers repeated, with the whole record, when the id was recorded before', async () => {
        await open();
        await sessions.saveProfile(ID, { name: 'Ada' }, EXPIRY);
        await connections.add(ID, connectionId('c='), NOW, EXPIRY);
        await sessions.recordAttempt(ID, anAttempt(messageId), 1, NOW);

        const attempt = await sessions.recordAttempt(ID, anAttempt(messageId), 1, NOW);

        expect(attempt).toEqual({
          outcome: 'repeated',
          record: {
            session: { id: ID, expiresAtMs: EXPIRY, chat: OPEN },
            profile: { name: 'Ada' },
            connectionIds: ['c='],
            lastMessageAtMs: NOW,
            participants: NO_PARTICIPANTS,
          },
        });
      });

      test('answers repeated after the chat has ended, and in the next chat', async () => {
        await open();
        await sessions.recordAttempt(ID, anAttempt(messageId), 1, NOW);
        await sessions.changeChat(ID, OPEN, ENDED);

        const afterEnd = await sessions.recordAttempt(ID, anAttempt(messageId), 1, NOW);
        await sessions.changeChat(ID, ENDED, { ...OPEN, number: 2 });
        const inNextChat = await sessions.recordAttempt(ID, anAttempt(messageId), undefined, NOW);

        expect([afterEnd.outcome, inNextChat.outcome]).toEqual(['repeated', 'repeated']);
      });

      test('remembers exactly the last 20 ids', async () => {
        await open();
        const ids = Array.from({ length: REMEMBERED_MESSAGE_IDS + 1 }, (_, index) =>
          clientMessageId(`m-${index}`),
        );
        for (const id of ids) await sessions.recordAttempt(ID, anAttempt(id), 1, NOW);

        const outcomes = [];
        for (const id of ids.slice(1)) {
          outcomes.push((await sessions.recordAttempt(ID, anAttempt(id), 1, NOW)).outcome);
        }
        const forgotten = await sessions.recordAttempt(
          ID,
          anAttempt(ids[0] as ClientMessageId),
          1,
          NOW,
        );

        expect(new Set(outcomes)).toEqual(new Set(['repeated']));
        expect(forgotten.outcome).toBe('recorded');
      });

      test('takes a repeated id for the latest, and forgets none of the others for it', async () => {
        await open();
        const record = async (from: number, to: number) => {
          const outcomes = [];
          for (let index = from; index < to; index += 1) {
            const attempt = anAttempt(clientMessageId(`m-${index}`));
            outcomes.push((await sessions.recordAttempt(ID, attempt, 1, NOW)).outcome);
          }
          return outcomes;
        };
        const others = REMEMBERED_MESSAGE_IDS - 1;
        await record(0, REMEMBERED_MESSAGE_IDS);

        const repeated = await record(0, 1);
        const oldest = await record(1, 2);
        await record(REMEMBERED_MESSAGE_IDS, REMEMBERED_MESSAGE_IDS + others - 1);
        const again = await record(0, 1);

        expect([repeated, oldest, again]).toEqual([['repeated'], ['repeated'], ['repeated']]);
      });

      test('lets exactly one of several attempts at the same time through', async () => {
        await open();

        const attempts = await Promise.all(
          Array.from({ length: 8 }, () => sessions.recordAttempt(ID, anAttempt(messageId), 1, NOW)),
        );

        const recorded = attempts.filter(({ outcome }) => outcome === 'recorded');
        expect(recorded).toHaveLength(1);
      });

      test.each([
        ['none', NONE],
        ['ended', ENDED],
      ])('answers not-open, with the record, when the chat is %s', async (_state, chat) => {
        await sessions.renew(ID, NOW, EXPIRY);
        await sessions.changeChat(ID, NONE, chat);

        const attempt = await sessions.recordAttempt(ID, anAttempt(messageId), undefined, NOW);

        expect(attempt).toMatchObject({ outcome: 'not-open', record: { session: { chat } } });
      });

      test.each([0, 2])('answers not-open when chat %d is named and 1 is open', async (named) => {
        await open();

        const attempt = await sessions.recordAttempt(ID, anAttempt(messageId), named, NOW);

        expect(attempt).toMatchObject({ outcome: 'not-open', record: { session: { chat: OPEN } } });
      });

      test('records nothing when it answers not-open', async () => {
        await open();
        await sessions.recordAttempt(ID, anAttempt(messageId), 2, NOW);

        const attempt = await sessions.recordAttempt(ID, anAttempt(messageId), 1, NOW);

        expect(attempt.outcome).toBe('recorded');
      });

      test('answers not-open without a record for an unknown session', async () => {
        const attempt = await sessions.recordAttempt(ID, anAttempt(messageId), undefined, NOW);

        expect(attempt).toEqual({ outcome: 'not-open' });
        expect(await sessions.find(ID, NOW)).toBeUndefined();
      });

      test('answers not-open without a record once the session has expired', async () => {
        await open();
        await sessions.recordAttempt(ID, anAttempt(messageId), 1, EXPIRY - 1);

        const again = await sessions.recordAttempt(ID, anAttempt(messageId), 1, EXPIRY);
        const other = await sessions.recordAttempt(
          ID,
          anAttempt(clientMessageId('m-2')),
          1,
          EXPIRY,
        );

        expect([again, other]).toEqual([{ outcome: 'not-open' }, { outcome: 'not-open' }]);
      });
    });

    describe('recordAttempt at a pace', () => {
      const burst = async (acceptedAtMs: number) => {
        for (let index = 0; index < REMEMBERED_MESSAGE_IDS; index += 1) {
          await sessions.recordAttempt(
            ID,
            anAttempt(clientMessageId(`b-${index}`), { acceptedAtMs }),
            1,
            NOW,
          );
        }
      };
      const paced = (acceptedAtMs: number) =>
        sessions.recordAttempt(
          ID,
          anAttempt(messageId, { acceptedAtMs, burstWindowMs: 10_000 }),
          1,
          NOW,
        );

      test('answers too-fast, with the record, and records nothing', async () => {
        await open();
        await burst(NOW);

        const outcomes = [await paced(NOW + 9_999), await paced(NOW + 9_999)];

        expect(outcomes).toMatchObject([
          { outcome: 'too-fast', record: { session: { chat: OPEN } } },
          { outcome: 'too-fast' },
        ]);
      });

      test('goes by when messages were accepted, not by when they are delivered', async () => {
        await open();
        await burst(NOW - 10_000);

        expect((await paced(NOW)).outcome).toBe('recorded');
      });

      test('has no limit for the first messages of a session', async () => {
        await open();
        await burst(NOW);
        await sessions.renew(sessionId('fresh'), NOW, EXPIRY);
        await sessions.changeChat(sessionId('fresh'), NONE, OPEN);

        const attempt = anAttempt(messageId, { burstWindowMs: 10_000 });

        expect((await sessions.recordAttempt(sessionId('fresh'), attempt, 1, NOW)).outcome).toBe(
          'recorded',
        );
      });
    });

    describe('the latest message', () => {
      test('is not known before there was one', async () => {
        await sessions.renew(ID, NOW, EXPIRY);

        expect(await sessions.find(ID, NOW)).not.toHaveProperty('lastMessageAtMs');
      });

      test('is the one that was attempted last, by the time at which it was accepted', async () => {
        await open(OPEN, messageId);
        const second = anAttempt(clientMessageId('m-2'), { acceptedAtMs: NOW + 5_000 });
        await sessions.recordAttempt(ID, second, 1, NOW);

        expect((await sessions.find(ID, NOW))?.lastMessageAtMs).toBe(NOW + 5_000);
      });
    });

    describe('moveWake', () => {
      const wake = { chat: 1, atMs: NOW + 60_000 };
      const later = { chat: 1, atMs: NOW + 120_000 };

      test('notes the first wake-up of a chat, and moves it on', async () => {
        await open();

        expect(await sessions.moveWake(ID, NOW, wake)).toBe(true);
        expect((await sessions.find(ID, NOW))?.wake).toEqual(wake);
        expect(await sessions.moveWake(ID, wake.atMs, later)).toBe(true);
        expect((await sessions.find(ID, NOW))?.wake).toEqual(later);
      });

      test('changes nothing for a wake-up that does not count any more', async () => {
        await open();
        await sessions.moveWake(ID, NOW, later);

        expect(await sessions.moveWake(ID, wake.atMs, wake)).toBe(false);
        expect((await sessions.find(ID, NOW))?.wake).toEqual(later);
      });

      test('begins anew with another chat', async () => {
        await open();
        await sessions.moveWake(ID, NOW, later);

        expect(await sessions.moveWake(ID, NOW, { ...wake, chat: 2 })).toBe(true);
      });

      test('lets exactly one of several moves from the same wake-up through', async () => {
        await open();
        await sessions.moveWake(ID, NOW, wake);

        const moves = await Promise.all(
          Array.from({ length: 8 }, (_, index) =>
            sessions.moveWake(ID, wake.atMs, { chat: 1, atMs: later.atMs + index }),
          ),
        );

        expect(moves.filter(Boolean)).toHaveLength(1);
      });

      test('begins no session, and outlives the renewal of one', async () => {
        await sessions.moveWake(ID, NOW, wake);
        const unknown = await sessions.find(ID, NOW);
        await open();
        await sessions.renew(ID, NOW, EXPIRY + 1_000);

        expect(unknown).toBeUndefined();
        expect((await sessions.find(ID, NOW))?.wake).toEqual(wake);
      });
    });

    describe('noteParticipants', () => {
      const SID = `MB${'1'.repeat(32)}`;
      const OTHER_SID = `MB${'2'.repeat(32)}`;
      const note = (change: ParticipantsChange, old: Partial<Outdated> = {}) =>
        sessions.noteParticipants(ID, change, { names: [], stays: [], reads: [], ...old }, EXPIRY);
      const joined = (sid = SID, identity = 'ada', joinedAtMs = NOW) => ({
        joined: { chat: 1, sid, identity, joinedAtMs },
      });
      const noted = async () => {
        const record = await sessions.find(ID, NOW);
        return record?.participants ?? NO_PARTICIPANTS;
      };
      const present = async () => presentIn(await noted(), 1);

      beforeEach(async () => {
        await open();
      });

      test('keeps a name, one that may not be shown, and a failure, by identity', async () => {
        const names = new Map([
          ['ada_2Eone', { name: 'Ada', atMs: NOW }],
          ['bot#7', { name: '', atMs: NOW }],
          ['eve', { atMs: NOW }],
        ]);

        await note({ names });

        expect((await noted()).names).toEqual(names);
      });

      test('lets no failure that comes late take a name away', async () => {
        await note({ names: new Map([['ada', { name: 'Ada', atMs: NOW }]]) });
        await note({ names: new Map([['ada', { atMs: NOW + 1 }]]) });

        expect((await noted()).names.get('ada')?.name).toBe('Ada');
      });

      test('lets a name take the place of a failure', async () => {
        await note({ names: new Map([['ada', { atMs: NOW }]]) });
        await note({ names: new Map([['ada', { name: 'Ada', atMs: NOW + 1 }]]) });

        expect((await noted()).names.get('ada')?.name).toBe('Ada');
      });

      test('loses none of those who join side by side', async () => {
        await Promise.all([
          note({ ...joined(), names: new Map([['ada', { name: 'Ada', atMs: NOW }]]) }),
          note({
            ...joined(OTHER_SID, 'bob', NOW + 1),
            names: new Map([['bob', { name: 'Bob', atMs: NOW }]]),
          }),
        ]);

        expect(await present()).toEqual(['ada', 'bob']);
        expect([...(await noted()).names.keys()].sort()).toEqual(['ada', 'bob']);
      });

      test.each([
        ['before', (): ParticipantsChange[] => [{ left: { chat: 1, sid: SID } }, joined()]],
        ['after', (): ParticipantsChange[] => [joined(), { left: { chat: 1, sid: SID } }]],
        [
          'twice, once late',
          (): ParticipantsChange[] => [joined(), { left: { chat: 1, sid: SID } }, joined()],
        ],
      ])('knows who has left, heard of %s the joining', async (_when, changes) => {
        for (const change of changes()) await note(change);

        expect(await present()).toEqual([]);
      });

      test('knows who has come back, by another SID', async () => {
        await note(joined());
        await note({ left: { chat: 1, sid: SID } });
        await note(joined(OTHER_SID));

        expect(await present()).toEqual(['ada']);
      });

      test('only raises how far an agent has read, chat by chat', async () => {
        const read = (chat: number, index: number) => note({ read: { chat, index } });

        const taken = [await read(1, 4), await read(1, 4), await read(1, 2), await read(1, 5)];
        await read(2, 0);

        expect(taken).toEqual([true, false, false, true]);
        expect((await noted()).readIndexes).toEqual(
          new Map([
            [1, 5],
            [2, 0],
          ]),
        );
      });

      test('drops what is outdated in the same write', async () => {
        await note({
          ...joined(),
          names: new Map([
            ['ada', { name: 'Ada', atMs: NOW }],
            ['eve', { atMs: NOW }],
          ]),
        });
        await note({ left: { chat: 1, sid: OTHER_SID }, read: { chat: 1, index: 3 } });

        await note(
          { read: { chat: 2, index: 0 } },
          {
            names: ['ada', 'eve'],
            stays: [
              { chat: 1, sid: SID },
              { chat: 1, sid: OTHER_SID },
            ],
            reads: [1],
          },
        );

        expect(await noted()).toEqual({ ...NO_PARTICIPANTS, readIndexes: new Map([[2, 0]]) });
      });

      test('is absent once it has expired, and in a session without it', async () => {
        await sessions.noteParticipants(
          ID,
          joined(),
          { names: [], stays: [], reads: [] },
          NOW + 1_000,
        );

        expect((await sessions.find(ID, NOW + 1_000))?.participants).toEqual(NO_PARTICIPANTS);
      });
    });

    describe('revoke', () => {
      test('makes the session absent at once and for good', async () => {
        await open();

        await sessions.revoke(ID);

        expect(await sessions.find(ID, NOW)).toBeUndefined();
        const renewal = await sessions.renew(ID, NOW + 1, EXPIRY).catch((error) => error);
        expect(hasCode(renewal, 'SESSION_GONE')).toBe(true);
        expect(await sessions.recordAttempt(ID, anAttempt(messageId), 1, NOW)).toEqual({
          outcome: 'not-open',
        });
      });

      test('takes an unknown session, and does not create it', async () => {
        await sessions.revoke(ID);

        expect(await sessions.renew(ID, NOW, EXPIRY)).toMatchObject({ chat: NONE });
      });
    });

    describe('noteChannel', () => {
      const chatOf = async () => (await sessions.find(ID, NOW))?.session.chat;

      test('changes single fields and leaves the others', async () => {
        await open();

        const noted = await sessions.noteChannel(ID, 1, {
          set: { awaitedSinceMs: NOW, isPaused: true },
          remove: ['taskSid'],
        });
        await sessions.noteChannel(ID, 1, { remove: ['isPaused'] });

        const { taskSid: _, ...lasting } = OPEN.channel;
        expect(noted).toBe(true);
        expect(await chatOf()).toEqual({ ...OPEN, channel: { ...lasting, awaitedSinceMs: NOW } });
      });

      test('counts a rerouting once, whoever else counts it', async () => {
        await open();
        const note = (reroutesFrom: number) =>
          sessions.noteChannel(ID, 1, { reroutesFrom, set: { isRerouting: true } });

        const counted = [await note(0), await note(0), await note(1), await note(1)];

        expect(counted).toEqual([true, false, true, false]);
        expect(await chatOf()).toMatchObject({ reroutes: 2 });
      });

      test.each([
        ['of another number', async () => open(), 2],
        ['that has ended', async () => open(ENDED), 1],
        ['that has not begun', async () => void (await sessions.renew(ID, NOW, EXPIRY)), 1],
        ['of an unknown session', async () => {}, 1],
      ])('leaves a chat %s alone', async (_, prepare, number) => {
        await prepare();
        const before = await chatOf();

        const noted = await sessions.noteChannel(ID, number, { set: { wasServed: true } });

        expect(noted).toBe(false);
        expect(await chatOf()).toEqual(before);
      });
    });

    test('tells when the message before the recorded one was accepted', async () => {
      await open(OPEN, clientMessageId('m-0'));

      const later = anAttempt(clientMessageId('m-1'), { acceptedAtMs: NOW + 5_000 });
      const recorded = await sessions.recordAttempt(ID, later, 1, NOW);

      expect(recorded).toMatchObject({ outcome: 'recorded', previousAtMs: NOW });
    });

    describe('changeChat', () => {
      test('replaces the chat, whole, when number and state are as expected', async () => {
        await open();

        const changed = await sessions.changeChat(ID, OPEN, ENDED);
        const next = await sessions.changeChat(ID, ENDED, { number: 2, state: 'none' });

        expect([changed, next]).toEqual([true, true]);
        const record = await sessions.find(ID, NOW);
        expect(record?.session.chat).toEqual({ number: 2, state: 'none' });
      });

      test('keeps a channel that has a SID only', async () => {
        const chat: StartedChat = { ...OPEN, channel: { sid: OPEN.channel.sid } };
        await open(chat);

        expect((await sessions.find(ID, NOW))?.session.chat).toEqual(chat);
      });

      test.each([
        ['number', { ...OPEN, number: 2 }],
        ['state', ENDED],
      ])('changes nothing when the stored chat has another %s', async (_field, from) => {
        await open();

        const changed = await sessions.changeChat(ID, from, ENDED, anAttempt(messageId));

        expect(changed).toBe(false);
        expect((await sessions.find(ID, NOW))?.session.chat).toEqual(OPEN);
        const attempt = await sessions.recordAttempt(ID, anAttempt(messageId), 1, NOW);
        expect(attempt.outcome).toBe('recorded');
      });

      test('does not create an unknown session', async () => {
        const changed = await sessions.changeChat(ID, NONE, OPEN, anAttempt(messageId));

        expect(changed).toBe(false);
        expect(await sessions.find(ID, NOW)).toBeUndefined();
      });

      test('lets exactly one of several changes from the same chat through', async () => {
        await open();

        const changes = await Promise.all(
          Array.from({ length: 8 }, () => sessions.changeChat(ID, OPEN, ENDED)),
        );

        expect(changes.filter(Boolean)).toHaveLength(1);
      });

      test('keeps who asked for the end', async () => {
        const asked: StartedChat = { ...OPEN, endRequestedBySystem: true };
        await open(asked);

        expect((await sessions.find(ID, NOW))?.session.chat).toEqual(asked);
      });

      test('records the attempt in the same write', async () => {
        await open(OPEN, messageId);

        const attempt = await sessions.recordAttempt(ID, anAttempt(messageId), 1, NOW);

        expect(attempt.outcome).toBe('repeated');
      });

      test('forgets the oldest attempt when it records one', async () => {
        await open();
        for (let index = 0; index < REMEMBERED_MESSAGE_IDS; index += 1) {
          await sessions.recordAttempt(ID, anAttempt(clientMessageId(`m-${index}`)), 1, NOW);
        }
        await sessions.changeChat(ID, OPEN, OPEN, anAttempt(clientMessageId('latest')));

        const oldest = await sessions.recordAttempt(ID, anAttempt(clientMessageId('m-0')), 1, NOW);
        const latest = await sessions.recordAttempt(
          ID,
          anAttempt(clientMessageId('latest')),
          1,
          NOW,
        );

        expect([oldest.outcome, latest.outcome]).toEqual(['recorded', 'repeated']);
      });
    });
  });
}
