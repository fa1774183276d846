import { ChatError } from '#core/errors';
import type { FlexEvent, FlexMessage } from '#core/flex';
import { channelSid, clientMessageId, connectionId } from '#core/ids';
import { checkFinally } from '#core/letters/check-finally';
import { deliverLetter } from '#core/letters/deliver-letter';
import { deliverMessage } from '#core/letters/deliver-message';
import { customerIdentity } from '#core/session';
import { relayFlexEvent } from '#core/webhooks/relay-flex-event';
import { ToldMessages } from '#core/webhooks/told-messages';
import {
  aMessage,
  aStackWithSession,
  chat,
  DAY_MS,
  type MemoryStack,
  NOW_MS,
  POLICY,
  SESSION,
  TAB,
} from '#test/support/memory-stack';

async function anOpenChat() {
  const stack = await aStackWithSession();
  await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
  const sid = stack.flex.channelOf(chat(1))?.sid ?? channelSid('none');
  return { stack, sid };
}

const anAgentMessage = (overrides: Partial<FlexMessage> = {}): FlexMessage => ({
  index: 1,
  author: 'ada',
  role: 'agent',
  body: 'good morning',
  sentAtMs: NOW_MS,
  ...overrides,
});

const relay = (stack: MemoryStack, event: FlexEvent, id: typeof SESSION | undefined = SESSION) =>
  relayFlexEvent(stack, event, id, NOW_MS);

describe('relayFlexEvent', () => {
  test('pushes an agent message to every connection of the session', async () => {
    const { stack, sid } = await anOpenChat();
    const secondTab = connectionId('tab-2');
    await stack.connections.add(SESSION, secondTab, NOW_MS, NOW_MS + DAY_MS);

    await relay(stack, { kind: 'message', channelSid: sid, message: anAgentMessage() });

    const event = {
      type: 'message',
      chat: 1,
      index: 1,
      author: { role: 'agent', name: 'Agent ada' },
      body: 'good morning',
      sentAt: '2026-11-22T09:00:00.000Z',
    };
    expect(stack.customers.pushed(TAB)).toEqual([event]);
    expect(stack.customers.pushed(secondTab)).toEqual([event]);
  });

  test("echoes the customer's own message with its client id", async () => {
    const { stack, sid } = await anOpenChat();
    const message = anAgentMessage({
      author: customerIdentity(SESSION),
      role: 'bot',
      clientMessageId: clientMessageId('m1'),
    });

    await relay(stack, { kind: 'message', channelSid: sid, message });

    expect(stack.customers.pushed(TAB)).toMatchObject([
      { id: 'm1', author: { role: 'customer', name: 'Customer' } },
    ]);
  });

  test("does not take a client id from someone else's message", async () => {
    const { stack, sid } = await anOpenChat();
    const message = anAgentMessage({ clientMessageId: clientMessageId('m1') });

    await relay(stack, { kind: 'message', channelSid: sid, message });

    expect(stack.customers.pushed(TAB)[0]).not.toHaveProperty('id');
  });

  test("finds a bot's session by the channel when the URL names none", async () => {
    const { stack, sid } = await anOpenChat();
    const message = anAgentMessage({ role: 'bot', author: 'FW1' });

    await relayFlexEvent(stack, { kind: 'message', channelSid: sid, message }, undefined, NOW_MS);

    expect(stack.customers.pushed(TAB)).toMatchObject([{ author: { role: 'bot' } }]);
  });

  test('finds the session of an end by the channel when the URL names none', async () => {
    const { stack, sid } = await anOpenChat();

    const event = { kind: 'ended', channelSid: sid, by: 'agent', atMs: NOW_MS } as const;
    await relayFlexEvent(stack, event, undefined, NOW_MS);

    expect(stack.customers.pushed(TAB)).toMatchObject([{ type: 'ended' }]);
  });

  test.each([
    { kind: 'message', message: anAgentMessage() },
    {
      kind: 'message',
      message: anAgentMessage({
        role: 'bot',
        author: customerIdentity(SESSION),
        clientMessageId: clientMessageId('m1'),
      }),
    },
    { kind: 'joined' },
    { kind: 'joined', identity: 'ada' },
    { kind: 'read', identity: 'ada', index: 1 },
  ] as const)("leaves %j to the channel's own webhooks", async (event) => {
    const { stack, sid } = await anOpenChat();

    const relayed = await relayFlexEvent(stack, { ...event, channelSid: sid }, undefined, NOW_MS);

    expect(relayed).toBe('nothing');
    expect(stack.customers.pushed(TAB)).toEqual([]);
  });

  test('pushes nothing for a channel that is not of this session', async () => {
    const { stack } = await anOpenChat();

    const relayed = await relay(stack, {
      kind: 'message',
      channelSid: channelSid('CHforeign'),
      message: anAgentMessage(),
    });

    expect(relayed).toBe('unknown');
    expect(stack.customers.pushed(TAB)).toEqual([]);
  });

  test('shows a late message of an earlier chat in that chat', async () => {
    const { stack, sid } = await anOpenChat();
    stack.flex.close(chat(1));
    await deliverMessage(stack, POLICY, aMessage({ id: 'm2' }), NOW_MS);

    await relay(stack, { kind: 'message', channelSid: sid, message: anAgentMessage() });

    expect(stack.customers.pushed(TAB).at(-1)).toMatchObject({ type: 'message', chat: 1 });
  });

  test('removes a connection that is gone and still reaches the others', async () => {
    const { stack, sid } = await anOpenChat();
    const gone = connectionId('gone');
    await stack.connections.add(SESSION, gone, NOW_MS - 60_000, NOW_MS + DAY_MS);
    stack.customers.close(gone);

    const relayed = await relay(stack, {
      kind: 'message',
      channelSid: sid,
      message: anAgentMessage(),
    });

    expect(relayed).toEqual({ delivered: 1, gone: 1, failed: 0 });
    expect((await stack.sessions.find(SESSION, NOW_MS))?.connectionIds).toEqual([TAB]);
  });

  test('keeps a connection that is still opening, although API Gateway calls it gone', async () => {
    const { stack, sid } = await anOpenChat();
    const opening = connectionId('opening');
    await stack.connections.add(SESSION, opening, NOW_MS - 1_000, NOW_MS + DAY_MS);
    stack.customers.close(opening);

    await relay(stack, { kind: 'message', channelSid: sid, message: anAgentMessage() });

    expect((await stack.sessions.find(SESSION, NOW_MS))?.connectionIds).toEqual([TAB, opening]);
  });

  test('keeps a connection that fails and still reaches the others', async () => {
    const { stack, sid } = await anOpenChat();
    const slow = connectionId('slow');
    await stack.connections.add(SESSION, slow, NOW_MS, NOW_MS + DAY_MS);
    stack.customers.fail(slow);

    const relayed = await relay(stack, {
      kind: 'message',
      channelSid: sid,
      message: anAgentMessage(),
    });

    expect(relayed).toEqual({ delivered: 1, gone: 0, failed: 1 });
    expect((await stack.sessions.find(SESSION, NOW_MS))?.connectionIds).toEqual([TAB, slow]);
  });

  test.each([
    [
      { kind: 'joined', identity: 'ada' },
      { type: 'participant', event: 'joined', role: 'agent' },
    ],
    [
      { kind: 'left', identity: 'ada' },
      { type: 'participant', event: 'left', role: 'agent' },
    ],
    [
      { kind: 'read', identity: 'ada', index: 4 },
      { type: 'read', chat: 1, index: 4 },
    ],
  ] as const)('relays %j', async (event, expected) => {
    const { stack, sid } = await anOpenChat();

    await relay(stack, { ...event, channelSid: sid });

    expect(stack.customers.pushed(TAB)).toMatchObject([expected]);
  });

  test.each([
    { kind: 'joined', identity: customerIdentity(SESSION) },
    { kind: 'left', identity: customerIdentity(SESSION) },
    { kind: 'read', identity: customerIdentity(SESSION), index: 4 },
    { kind: 'other' },
  ] as const)('tells the customer nothing of %j', async (event) => {
    const { stack, sid } = await anOpenChat();

    const relayed = await relay(stack, { ...event, channelSid: sid });

    expect(relayed).toBe('nothing');
    expect(stack.customers.pushed(TAB)).toEqual([]);
  });
});

describe('the name of an agent', () => {
  const SID = 'MB00000000000000000000000000000001';
  const joins = (sid: ReturnType<typeof channelSid>, participantSid = SID): FlexEvent => ({
    kind: 'joined',
    identity: 'ada',
    participantSid,
    channelSid: sid,
  });
  const says = (sid: ReturnType<typeof channelSid>, index: number): FlexEvent => ({
    kind: 'message',
    channelSid: sid,
    message: anAgentMessage({ index }),
  });
  const lookUps = ({ flex }: MemoryStack) =>
    flex.calls.filter((call) => call === 'findName').length;
  const names = ({ customers }: MemoryStack) =>
    customers.pushed(TAB).map((event) => ('author' in event ? event.author.name : undefined));

  test('is asked for once per chat, when the agent joins', async () => {
    const { stack, sid } = await anOpenChat();

    await relay(stack, joins(sid));
    await relay(stack, joins(sid));
    await relay(stack, says(sid, 1));
    await relay(stack, says(sid, 2));

    expect(lookUps(stack)).toBe(1);
    expect(names(stack).slice(2)).toEqual(['Agent ada', 'Agent ada']);
  });

  test('is asked for by a message that overtakes its author, and not again', async () => {
    const { stack, sid } = await anOpenChat();

    await relay(stack, says(sid, 1));
    await relay(stack, joins(sid));
    await relay(stack, says(sid, 2));

    expect(lookUps(stack)).toBe(1);
    expect(stack.customers.pushed(TAB)[1]).toMatchObject({ event: 'joined', name: 'Agent ada' });
  });

  test('that Flex could not tell is asked for at the next joining, or by a message after a pause', async () => {
    const { stack, sid } = await anOpenChat();
    stack.flex.failNext('findName', 'before');
    stack.flex.failNext('findName', 'before');

    await relay(stack, joins(sid));
    for (let index = 1; index < 10; index += 1) await relay(stack, says(sid, index));
    expect(lookUps(stack)).toBe(1);
    await relay(stack, joins(sid));
    expect(lookUps(stack)).toBe(2);
    await relayFlexEvent(stack, says(sid, 10), SESSION, NOW_MS + 5 * 60_000);

    expect(lookUps(stack)).toBe(3);
    expect(names(stack).filter((name) => name !== undefined)).toEqual([
      ...Array(9).fill('Agent'),
      'Agent ada',
    ]);
  });

  test("is told even if it can't be stored", async () => {
    const { stack, sid } = await anOpenChat();
    stack.sessions.noteParticipants = () =>
      Promise.reject(new ChatError('UPSTREAM_UNAVAILABLE', 'busy'));

    const joining = relay(stack, joins(sid));

    await expect(joining).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(await relay(stack, says(sid, 1))).toMatchObject({ delivered: 1 });
    expect(stack.customers.pushed(TAB)).toMatchObject([
      { event: 'joined', name: 'Agent ada' },
      { author: { name: 'Agent ada' } },
    ]);
  });

  test('is the configured one if Flex has none for customers, and is not asked for again', async () => {
    const { stack, sid } = await anOpenChat();
    stack.flex.findName = async () => '';

    await relay(stack, joins(sid));

    expect(stack.customers.pushed(TAB)).toMatchObject([{ name: 'Agent' }]);
    const record = await stack.sessions.find(SESSION, NOW_MS);
    expect(record?.participants.names.get('ada')).toEqual({ name: '', atMs: NOW_MS });
  });

  test("is not asked for or stored for an identity that Twilio can't have given", async () => {
    const { stack, sid } = await anOpenChat();
    const author = 'x'.repeat(257);

    await relay(stack, { kind: 'message', channelSid: sid, message: anAgentMessage({ author }) });

    expect(lookUps(stack)).toBe(0);
    expect(names(stack)).toEqual(['Agent']);
  });

  test('is stored for the last twenty agents', async () => {
    const { stack, sid } = await anOpenChat();

    for (let n = 0; n < 30; n += 1) {
      const event = {
        kind: 'joined',
        identity: `agent-${n}`,
        participantSid: `MB${n}`,
        channelSid: sid,
      } as const;
      await relayFlexEvent(stack, event, SESSION, NOW_MS + n);
    }

    const record = await stack.sessions.find(SESSION, NOW_MS);
    expect(record?.participants.names.size).toBe(20);
    expect(record?.participants.names.has('agent-29')).toBe(true);
    expect(record?.participants.stays.length).toBeLessThanOrEqual(20);
  });

  test('is forgotten with earlier chats, except for the name', async () => {
    const { stack, sid } = await anOpenChat();
    await relay(stack, joins(sid));
    await relay(stack, { kind: 'read', identity: 'ada', index: 0, channelSid: sid });
    stack.flex.close(chat(1));
    await deliverMessage(stack, POLICY, aMessage({ id: 'm2' }), NOW_MS);
    const next = stack.flex.channelOf(chat(2))?.sid ?? channelSid('none');

    await relay(stack, joins(next, 'MB2'));
    await relay(stack, { kind: 'left', identity: 'ada', participantSid: SID, channelSid: sid });

    const record = await stack.sessions.find(SESSION, NOW_MS);
    expect(record?.participants.stays).toMatchObject([{ chat: 2, sid: 'MB2', hasLeft: false }]);
    expect(record?.participants.readIndexes.size).toBe(0);
    expect(lookUps(stack)).toBe(1);
  });
});

describe('a message of the customer that names them by their participant', () => {
  const SID = `MB${'a'.repeat(32)}`;
  const OTHER = `MB${'b'.repeat(32)}`;
  const id = { clientMessageId: clientMessageId('m1') };

  async function shown(message: Partial<FlexMessage>, participantSid?: string) {
    const { stack, sid } = await anOpenChat();
    const record = await stack.sessions.find(SESSION, NOW_MS);
    const open = record?.session.chat;
    if (open?.state !== 'open') throw new Error('the chat is open here');
    const channel = { ...open.channel, ...(participantSid && { participantSid }) };
    await stack.sessions.changeChat(SESSION, open, { ...open, channel });
    await relay(stack, { kind: 'joined', identity: 'ada', participantSid: OTHER, channelSid: sid });
    await relay(stack, { kind: 'message', channelSid: sid, message: anAgentMessage(message) });
    return stack.customers.pushed(TAB).at(-1);
  }

  test.each([
    ['Author', { author: SID, ...id }, undefined],
    ['Author, whose SID is kept', { author: SID }, SID],
    [
      'ParticipantSid, whose SID is kept',
      { author: 'system', role: 'system', participantSid: SID },
      SID,
    ],
    [
      'ParticipantSid, without an author',
      { author: 'system', role: 'system', participantSid: SID, ...id },
      undefined,
    ],
    ['both', { author: SID, participantSid: SID, ...id }, undefined],
  ] as const)('is theirs by %s', async (_by, message, kept) => {
    expect(await shown(message, kept)).toMatchObject({ author: { role: 'customer' } });
  });

  test.each([
    [
      'an agent under their identity, with a copied id',
      { author: 'ada', participantSid: OTHER, ...id },
    ],
    [
      "an agent under their participant's SID, with a copied id",
      { author: OTHER, participantSid: OTHER, ...id },
    ],
    ['a SID without an id', { author: SID }],
    ['nobody in particular, with a copied id', { author: 'system', role: 'system', ...id }],
  ] as const)('is not that of %s', async (_whose, message) => {
    const event = await shown(message);

    expect(event).not.toMatchObject({ author: { role: 'customer' } });
    expect(event).not.toHaveProperty('id');
  });

  test("names an agent who is told by the participant's SID", async () => {
    expect(await shown({ author: OTHER })).toMatchObject({ author: { name: 'Agent ada' } });
  });
});

describe('the end of a chat', () => {
  test('is told once, whichever signals follow', async () => {
    const { stack, sid } = await anOpenChat();
    const ended: FlexEvent = { kind: 'ended', channelSid: sid, by: 'agent', atMs: NOW_MS };

    await Promise.all([relay(stack, ended), relay(stack, ended)]);
    await relay(stack, ended);

    expect(stack.customers.pushed(TAB)).toEqual([
      { type: 'ended', chat: 1, by: 'agent', at: '2026-11-22T09:00:00.000Z' },
    ]);
  });

  test('names the customer who asked for it, even if the webhook comes first', async () => {
    const { stack, sid } = await anOpenChat();
    const record = await stack.sessions.find(SESSION, NOW_MS);
    const open = record?.session.chat;
    if (open?.state !== 'open') throw new Error('the chat is open here');
    await stack.sessions.changeChat(SESSION, open, { ...open, endRequestedByCustomer: true });

    await relay(stack, { kind: 'ended', channelSid: sid, by: 'agent', atMs: NOW_MS });

    expect(stack.customers.pushed(TAB)).toMatchObject([{ type: 'ended', by: 'customer' }]);
  });

  test('by a timer of Flex also ends its task there, once', async () => {
    const { stack, sid } = await anOpenChat();
    const ended: FlexEvent = { kind: 'ended', channelSid: sid, by: 'system', atMs: NOW_MS };

    await relay(stack, ended);
    await relay(stack, ended);

    expect(stack.customers.pushed(TAB)).toMatchObject([{ type: 'ended', by: 'system' }]);
    expect(stack.flex.calls.filter((call) => call === 'endChannel')).toHaveLength(1);
  });

  test('by an agent makes no call to Flex', async () => {
    const { stack, sid } = await anOpenChat();

    await relay(stack, { kind: 'ended', channelSid: sid, by: 'agent', atMs: NOW_MS });

    expect(stack.flex.calls).not.toContain('endChannel');
  });

  test('by a timer is told even if Flex fails to end what belongs to the chat', async () => {
    const { stack, sid } = await anOpenChat();
    stack.flex.failNext('endChannel', 'before');

    const relayed = relay(stack, { kind: 'ended', channelSid: sid, by: 'system', atMs: NOW_MS });

    await expect(relayed).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(stack.customers.pushed(TAB)).toMatchObject([{ type: 'ended', by: 'system' }]);
  });

  test('does not end the chat that followed', async () => {
    const { stack, sid } = await anOpenChat();
    stack.flex.close(chat(1));
    await deliverMessage(stack, POLICY, aMessage({ id: 'm2' }), NOW_MS);

    const relayed = await relay(stack, {
      kind: 'ended',
      channelSid: sid,
      by: 'agent',
      atMs: NOW_MS,
    });

    expect(relayed).toBe('nothing');
    expect((await stack.sessions.find(SESSION, NOW_MS))?.session.chat).toMatchObject({
      number: 2,
      state: 'open',
    });
  });

  test('by the customer closes the channel and is told to all tabs', async () => {
    const { stack } = await anOpenChat();

    await deliverLetter(stack, POLICY, { kind: 'end', chat: 1, sessionId: SESSION }, NOW_MS);

    expect(stack.flex.channelOf(chat(1))?.closed).toBe(true);
    expect(stack.customers.pushed(TAB)).toMatchObject([{ type: 'ended', chat: 1, by: 'customer' }]);
  });

  test('by the customer survives a lost answer of Flex', async () => {
    const { stack } = await anOpenChat();
    stack.flex.failNext('endChannel', 'after');
    const letter = { kind: 'end', chat: 1, sessionId: SESSION } as const;

    await expect(deliverLetter(stack, POLICY, letter, NOW_MS)).rejects.toThrow('no answer');
    await deliverLetter(stack, POLICY, letter, NOW_MS);

    expect(stack.customers.pushed(TAB)).toMatchObject([{ type: 'ended', by: 'customer' }]);
  });

  test('by the customer does not end a chat that followed', async () => {
    const { stack } = await anOpenChat();
    stack.flex.close(chat(1));
    await deliverMessage(stack, POLICY, aMessage({ id: 'm2' }), NOW_MS);

    await deliverLetter(stack, POLICY, { kind: 'end', chat: 1, sessionId: SESSION }, NOW_MS);

    expect(stack.flex.channelOf(chat(2))?.closed).toBe(false);
  });

  test('without an open chat does nothing', async () => {
    const stack = await aStackWithSession();

    await deliverLetter(stack, POLICY, { kind: 'end', chat: 1, sessionId: SESSION }, NOW_MS);

    expect(stack.flex.calls).toEqual([]);
    expect(stack.customers.pushed(TAB)).toEqual([]);
  });
});

describe('other letters', () => {
  test("moves the customer's read horizon of the open chat", async () => {
    const { stack } = await anOpenChat();

    await deliverLetter(
      stack,
      POLICY,
      { kind: 'read', sessionId: SESSION, chat: 1, index: 5 },
      NOW_MS,
    );

    expect(stack.flex.channelOf(chat(1))?.customerReadIndex).toBe(5);
  });

  test('ignores a read horizon of another chat', async () => {
    const { stack } = await anOpenChat();

    await deliverLetter(
      stack,
      POLICY,
      { kind: 'read', sessionId: SESSION, chat: 2, index: 5 },
      NOW_MS,
    );

    expect(stack.flex.calls).not.toContain('markRead');
  });

  test.each(['postMessage', 'endChannel', 'markRead'] as const)(
    'are done with once Flex has refused %s for good',
    async (method) => {
      const { stack } = await anOpenChat();
      const letters = {
        postMessage: aMessage({ id: 'm9' }),
        endChannel: { kind: 'end', sessionId: SESSION, chat: 1 },
        markRead: { kind: 'read', sessionId: SESSION, chat: 1, index: 0 },
      } as const;
      stack.flex.failNext(method, 'before', new ChatError('UPSTREAM_REFUSED', 'no'));

      const outcome = await deliverLetter(stack, POLICY, letters[method], NOW_MS);

      const isMessage = method === 'postMessage';
      expect(outcome).toBe(isMessage ? 'rejected' : 'refused');
      expect(stack.refusals.map(({ code }) => code)).toEqual(isMessage ? [] : ['UPSTREAM_REFUSED']);
    },
  );
});

describe('a letter that was tried too often', () => {
  test('is told to the customer if it is not in Flex', async () => {
    const { stack } = await anOpenChat();

    expect(await checkFinally(stack, aMessage({ id: 'm9' }), NOW_MS)).toBe(false);

    expect(stack.flex.calls.at(-1)).toBe('findMessage');
    expect(stack.customers.pushed(TAB)).toEqual([
      { type: 'rejected', id: 'm9', code: 'undeliverable' },
    ]);
  });

  test('is shown to the customer if its last try has arrived', async () => {
    const { stack } = await anOpenChat();
    const lost = aMessage({ id: 'm9', body: 'did you get this?' });
    stack.flex.failNext('postMessage', 'after');
    await deliverLetter(stack, POLICY, lost, NOW_MS).catch(() => {});

    expect(await checkFinally(stack, lost, NOW_MS)).toBe(true);

    expect(stack.customers.pushed(TAB)).toMatchObject([{ type: 'message', id: 'm9' }]);
  });

  test('is told to the customer while Flex can not be asked', async () => {
    const { stack } = await anOpenChat();
    stack.flex.failNext('findMessage', 'before');

    expect(await checkFinally(stack, aMessage({ id: 'm9' }), NOW_MS)).toBe(false);

    expect(stack.customers.pushed(TAB)).toMatchObject([{ type: 'rejected', id: 'm9' }]);
  });

  test('is dead-lettered if it is no message', async () => {
    const { stack } = await anOpenChat();

    const end = { kind: 'end', sessionId: SESSION, chat: 1 } as const;

    expect(await checkFinally(stack, end, NOW_MS)).toBe(false);
    expect(stack.flex.calls).not.toContain('endChannel');
  });
});

describe('relayFlexEvent of a changed message', () => {
  const edited = (fields: Partial<FlexMessage> = {}) =>
    ({
      kind: 'edited',
      message: anAgentMessage({ body: 'good day', editedAtMs: NOW_MS + 5_000, ...fields }),
    }) as const;

  test('pushes what it says now to every connection', async () => {
    const { stack, sid } = await anOpenChat();

    await relay(stack, { ...edited(), channelSid: sid });

    expect(stack.customers.pushed(TAB)).toEqual([
      {
        type: 'messageEdited',
        chat: 1,
        index: 1,
        author: { role: 'agent', name: 'Agent ada' },
        body: 'good day',
        sentAt: '2026-11-22T09:00:00.000Z',
        editedAt: '2026-11-22T09:00:05.000Z',
      },
    ]);
  });

  test('pushes nothing when only attributes were changed, or the webhook comes again', async () => {
    const { stack, sid } = await anOpenChat();
    const ports = { ...stack, told: new ToldMessages() };
    const tell = (event: FlexEvent) => relayFlexEvent(ports, event, SESSION, NOW_MS);
    await tell({ kind: 'message', channelSid: sid, message: anAgentMessage() });

    expect(await tell({ ...edited({ body: 'good morning' }), channelSid: sid })).toBe('nothing');
    await tell({ ...edited(), channelSid: sid });
    expect(await tell({ ...edited(), channelSid: sid })).toBe('nothing');

    const types = stack.customers.pushed(TAB).map(({ type }) => type);
    expect(types).toEqual(['message', 'messageEdited']);
  });

  test('keeps an agent whose message a program changes an agent', async () => {
    const { stack, sid } = await anOpenChat();
    await relay(stack, { kind: 'joined', channelSid: sid, identity: 'ada', participantSid: 'MB1' });

    await relay(stack, { ...edited({ role: 'bot' }), channelSid: sid });

    expect(stack.customers.pushed(TAB).at(-1)).toMatchObject({
      type: 'messageEdited',
      author: { role: 'agent', name: 'Agent ada' },
    });
  });

  test("tells of a deletion, and of the customer's own by its client id", async () => {
    const { stack, sid } = await anOpenChat();
    const clientId = clientMessageId('m1');
    const own = {
      author: customerIdentity(SESSION),
      role: 'bot',
      clientMessageId: clientId,
    } as const;

    await relay(stack, { kind: 'deleted', channelSid: sid, message: anAgentMessage() });
    await relay(stack, { kind: 'deleted', channelSid: sid, message: anAgentMessage(own) });

    expect(stack.customers.pushed(TAB)).toEqual([
      { type: 'messageDeleted', chat: 1, index: 1 },
      { type: 'messageDeleted', chat: 1, index: 1, id: 'm1' },
    ]);
  });

  test.each(['edited', 'deleted'] as const)(
    "leaves %s of an agent's message to the channel's own webhooks, and takes that of a flow's",
    async (kind) => {
      const { stack, sid } = await anOpenChat();
      const event = { ...edited(), kind, channelSid: sid };
      const ofFlow = {
        ...event,
        message: { ...event.message, role: 'bot', author: 'FW1' },
      } as const;

      expect(await relayFlexEvent(stack, event, undefined, NOW_MS)).toBe('nothing');
      await relayFlexEvent(stack, ofFlow, undefined, NOW_MS);

      expect(stack.customers.pushed(TAB)).toHaveLength(1);
    },
  );
});
