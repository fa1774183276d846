import {
  addEntry,
  assignChat,
  discard,
  EMPTY_OUTBOX,
  failUnconfirmed,
  isFull,
  MAX_FAILED_ENTRIES,
  markFailed,
  markSending,
  markSent,
  moveToNewSession,
  newEntry,
  nextToSend,
  type Outbox,
  type OutboxEntry,
  putBack,
  resendUnconfirmed,
  retryFailed,
  withoutSaid,
} from '#client/sdk/model/outbox';
import { REMEMBERED_MESSAGE_IDS } from '#protocol/limits';

const anEntry = (fields: Partial<OutboxEntry> = {}): OutboxEntry => ({
  id: 'm1',
  order: 1,
  body: 'hello',
  chat: 1,
  createdAtMs: 0,
  state: 'queued',
  ...((fields.state === 'sending' || fields.state === 'sent') && { wasSent: true }),
  ...fields,
});

const states = (outbox: Outbox) => outbox.map(({ id, state }) => `${id} ${state}`);

describe('outbox transitions', () => {
  const transitions = {
    sending: (outbox: Outbox) => markSending(outbox, 'm1'),
    accepted: (outbox: Outbox) => markSent(outbox, 'm1'),
    echoed: (outbox: Outbox) => withoutSaid(outbox, [{ id: 'm1' }]),
    rejected: (outbox: Outbox) => markFailed(outbox, 'm1', 'chat_ended'),
    putBack: (outbox: Outbox) => putBack(outbox, 'm1'),
    reconnected: resendUnconfirmed,
    discarded: (outbox: Outbox) => discard(outbox, 'm1'),
    sessionUnknown: failUnconfirmed,
    retried: (outbox: Outbox) => retryFailed(outbox, 'm1', 1),
  };

  test.each<[OutboxEntry['state'], keyof typeof transitions, OutboxEntry['state'] | 'gone']>([
    ['queued', 'sending', 'sending'],
    ['queued', 'accepted', 'queued'],
    ['queued', 'echoed', 'gone'],
    ['queued', 'rejected', 'queued'],
    ['queued', 'putBack', 'queued'],
    ['queued', 'reconnected', 'queued'],
    ['queued', 'retried', 'queued'],
    ['queued', 'discarded', 'queued'],
    ['queued', 'sessionUnknown', 'queued'],
    ['sending', 'sending', 'sending'],
    ['sending', 'accepted', 'sent'],
    ['sending', 'echoed', 'gone'],
    ['sending', 'rejected', 'failed'],
    ['sending', 'putBack', 'queued'],
    ['sending', 'reconnected', 'queued'],
    ['sending', 'retried', 'sending'],
    ['sending', 'discarded', 'sending'],
    ['sending', 'sessionUnknown', 'failed'],
    ['sent', 'sending', 'sent'],
    ['sent', 'accepted', 'sent'],
    ['sent', 'echoed', 'gone'],
    ['sent', 'rejected', 'failed'],
    ['sent', 'putBack', 'sent'],
    ['sent', 'reconnected', 'queued'],
    ['sent', 'retried', 'sent'],
    ['sent', 'discarded', 'sent'],
    ['sent', 'sessionUnknown', 'failed'],
    ['failed', 'sending', 'failed'],
    ['failed', 'accepted', 'failed'],
    ['failed', 'echoed', 'gone'],
    ['failed', 'rejected', 'failed'],
    ['failed', 'putBack', 'failed'],
    ['failed', 'reconnected', 'failed'],
    ['failed', 'retried', 'queued'],
    ['failed', 'discarded', 'gone'],
    ['failed', 'sessionUnknown', 'failed'],
  ])('%s and %s becomes %s', (state, event, expected) => {
    const after = transitions[event]([anEntry({ state })]);

    expect(after[0]?.state ?? 'gone').toBe(expected);
  });

  test.each<[keyof typeof transitions, OutboxEntry['state']]>([
    ['accepted', 'sent'],
    ['rejected', 'failed'],
  ])('queued to be sent again and %s becomes %s', (event, expected) => {
    const after = transitions[event]([anEntry({ state: 'queued', wasSent: true })]);

    expect(after[0]?.state).toBe(expected);
  });

  test('leaves other entries alone', () => {
    const outbox = [anEntry(), anEntry({ id: 'm2', state: 'sent' })];

    const after = markFailed(outbox, 'm2', 'undeliverable');

    expect(after).toEqual([
      anEntry(),
      anEntry({ id: 'm2', state: 'failed', code: 'undeliverable', wasSent: true }),
    ]);
  });
});

describe('nextToSend', () => {
  test('names the oldest queued entry', () => {
    const outbox = [
      anEntry({ id: 'm1', state: 'sent' }),
      anEntry({ id: 'm2' }),
      anEntry({ id: 'm3' }),
    ];

    const next = nextToSend(outbox, 20);

    expect(next?.id).toBe('m2');
  });

  test('names none while a reply is awaited', () => {
    const outbox = [anEntry({ state: 'sending' }), anEntry({ id: 'm2' })];

    const next = nextToSend(outbox, 20);

    expect(next).toBeUndefined();
  });
});

describe('nextToSend with many unconfirmed', () => {
  test('waits while the server could not recognise one more', () => {
    const sent = Array.from({ length: REMEMBERED_MESSAGE_IDS }, (_, n) =>
      anEntry({ id: `s${n}`, state: 'sent' }),
    );

    const [held, free] = [sent, sent.slice(1)].map((outbox) =>
      nextToSend([...outbox, anEntry()], REMEMBERED_MESSAGE_IDS),
    );

    expect([held?.id, free?.id]).toEqual([undefined, 'm1']);
  });
});

describe('nextToSend after a reconnect', () => {
  test('sends again first what was sent before, whatever its place', () => {
    const outbox = [anEntry({ id: 'm1' }), anEntry({ id: 'm2', wasSent: true })];

    expect(nextToSend(outbox, 1)?.id).toBe('m2');
  });

  test('counts what is to be sent again into the window', () => {
    const sent = anEntry({ id: 'm1', state: 'sent' });

    const next = [1, 2].map((window) => nextToSend([sent, anEntry({ id: 'm2' })], window)?.id);

    expect(next).toEqual([undefined, 'm2']);
  });
});

describe('addEntry', () => {
  const ids = (outbox: Outbox) => outbox.map(({ id }) => id);

  test('places an entry by its order, behind those that share it', () => {
    const outbox = [
      anEntry({ id: 'a', order: 1 }),
      anEntry({ id: 'b', order: 2 }),
      anEntry({ id: 'c', order: 3 }),
    ];

    const after = addEntry(outbox, anEntry({ id: 'd', order: 2 }));

    expect(ids(after)).toEqual(['a', 'b', 'd', 'c']);
  });

  test('keeps the one that is there already', () => {
    const outbox = [anEntry({ state: 'sent' })];

    expect(addEntry(outbox, anEntry())).toBe(outbox);
  });
});

describe('newEntry', () => {
  test('comes after all others', () => {
    const entry = newEntry([anEntry({ order: 4 }), anEntry({ order: 2 })], {
      id: 'm9',
      body: 'last',
      createdAtMs: 0,
    });

    expect(entry).toMatchObject({ order: 5, state: 'queued' });
  });
});

describe('isFull', () => {
  test('bounds the outbox by what the server remembers', () => {
    let outbox = EMPTY_OUTBOX;

    for (let n = 0; n < REMEMBERED_MESSAGE_IDS; n += 1) {
      expect(isFull(outbox)).toBe(false);
      outbox = addEntry(outbox, anEntry({ id: `m${n}` }));
    }

    expect(isFull(outbox)).toBe(true);
  });

  test('bounds failed messages separately', () => {
    const failed = Array.from({ length: MAX_FAILED_ENTRIES }, (_, n) =>
      anEntry({ id: `m${n}`, state: 'failed' }),
    );

    expect([failed, failed.slice(1)].map(isFull)).toEqual([true, false]);
  });
});

describe('retryFailed', () => {
  test('queues the message last, under the same id, for the current chat', () => {
    const outbox = [anEntry({ state: 'failed', code: 'chat_ended' }), anEntry({ id: 'm2' })];

    const after = retryFailed(outbox, 'm1', 2);

    expect(after).toEqual([anEntry({ id: 'm2' }), anEntry({ order: 2, chat: 2 })]);
  });
});

describe('assignChat', () => {
  test('gives a chat to those without one only', () => {
    const { chat: _, ...unassigned } = anEntry({ id: 'm2' });

    const after = assignChat([anEntry(), unassigned], 3);

    expect(after.map(({ chat }) => chat)).toEqual([1, 3]);
  });
});

describe('a choice whose session was lost', () => {
  const choice = { chat: 1, index: 4, id: 'yes' };
  const outbox = [
    anEntry({ id: 'choice-1-4', choice, createdAtMs: 7 }),
    anEntry({
      id: 'choice-1-5',
      choice: { ...choice, index: 5 },
      state: 'failed',
      code: 'no_chat',
    }),
  ];

  test.each([
    ['another one has begun', (left: Outbox) => moveToNewSession(left, 1), 'queued'],
    ['none is known', failUnconfirmed, 'queued'],
  ] as const)('is words only, under an id of their own, when %s', (_case, lose, state) => {
    const after = lose(outbox);

    expect(states(after)).toEqual([`choice-1-4-7 ${state}`, 'choice-1-5-0 failed']);
    expect(after.map((entry) => entry.choice)).toEqual([undefined, undefined]);
    expect(lose(after)).toEqual(after);
  });
});

describe('moveToNewSession', () => {
  test('takes along what was not sent, and fails what may have arrived', () => {
    const outbox = [
      anEntry({ id: 'm1', state: 'failed', code: 'too_large' }),
      anEntry({ id: 'm2', state: 'sent' }),
      anEntry({ id: 'm3', state: 'sending' }),
      anEntry({ id: 'm4', chat: 7 }),
      anEntry({ id: 'm5', wasSent: true }),
    ];

    const after = moveToNewSession(outbox, 1);

    expect(states(after)).toEqual([
      'm1 failed',
      'm2 failed',
      'm3 failed',
      'm4 queued',
      'm5 failed',
    ]);
    expect(after.map(({ chat, code }) => code ?? chat)).toEqual([
      'too_large',
      'undeliverable',
      'undeliverable',
      1,
      'undeliverable',
    ]);
  });
});
