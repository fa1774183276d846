import { ChatError } from '#core/errors';
import { type ChannelSid, channelSid } from '#core/ids';
import { deliverMessage } from '#core/letters/deliver-message';
import { RateLimiter } from '#core/rate-limiter';
import { relayTyping } from '#core/webhooks/relay-typing';
import {
  aMessage,
  aStackWithSession,
  chat,
  DAY_MS,
  NOW_MS,
  POLICY,
  SESSION,
  TAB,
} from '#test/support/memory-stack';

/** An open chat with Ada in it. Tokens are the identities of their agents. */
async function aChatWithAda() {
  const stack = await aStackWithSession();
  await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
  const sid = stack.flex.channelOf(chat(1))?.sid ?? channelSid('none');
  const note = (change: Parameters<typeof stack.sessions.noteParticipants>[1]) =>
    stack.sessions.noteParticipants(
      SESSION,
      change,
      { names: [], stays: [], reads: [] },
      NOW_MS + DAY_MS,
    );
  await note({
    joined: { chat: 1, sid: 'MB1', identity: 'ada', joinedAtMs: NOW_MS },
    names: new Map([['ada', { name: 'Ada', atMs: NOW_MS }]]),
  });
  const ports = {
    ...stack,
    flexUsers: {
      identify: async (token: string) => {
        if (token === 'bad') throw new ChatError('FORBIDDEN', 'not valid');
        return token;
      },
    },
    signals: new RateLimiter({ perMinute: 30, burst: 5 }),
  };
  const type = (token = 'ada', channel: ChannelSid = sid) =>
    relayTyping(ports, { token, channelSid: channel }, NOW_MS);
  return { stack, note, type };
}

describe('relayTyping', () => {
  test('tells the customer that the agent is typing, under the name for customers, and for how long', async () => {
    const { stack, type } = await aChatWithAda();

    expect(await type()).toEqual({ delivered: 1, gone: 0, failed: 0 });

    expect(stack.customers.pushed(TAB)).toContainEqual({
      type: 'typing',
      chat: 1,
      name: 'Ada',
      expiresInMs: 6_000,
    });
  });

  test('refuses a bad token, and an agent who is not in the chat', async () => {
    const { stack, type } = await aChatWithAda();

    await expect(type('bad')).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(type('eve')).rejects.toMatchObject({ code: 'FORBIDDEN' });

    expect(JSON.stringify(stack.customers.pushed(TAB))).not.toContain('typing');
  });

  test('refuses an agent who has left', async () => {
    const { note, type } = await aChatWithAda();
    await note({ left: { chat: 1, sid: 'MB1' } });

    await expect(type()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('refuses a channel that is not ours, and one whose chat is over', async () => {
    const { stack, type } = await aChatWithAda();
    const record = await stack.sessions.find(SESSION, NOW_MS);
    const open = record?.session.chat;
    await expect(type('ada', channelSid('CHother'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    if (open?.state !== 'open') throw new Error('chat 1 is open here');
    await stack.sessions.changeChat(SESSION, open, { ...open, state: 'ended' });

    await expect(type()).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('refuses what comes too often, and still hears another agent', async () => {
    const { note, type } = await aChatWithAda();
    await note({ joined: { chat: 1, sid: 'MB2', identity: 'eve', joinedAtMs: NOW_MS } });
    for (let time = 0; time < 5; time += 1) await type();

    await expect(type()).rejects.toMatchObject({ code: 'TOO_FAST' });
    expect(await type('eve')).toMatchObject({ delivered: 1 });
  });
});
