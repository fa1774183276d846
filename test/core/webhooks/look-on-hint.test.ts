import type { FlexEvent } from '#core/flex';
import { channelSid } from '#core/ids';
import { deliverMessage } from '#core/letters/deliver-message';
import { lookOnHint } from '#core/webhooks/look-on-hint';
import {
  aMessage,
  aStackWithSession,
  chat,
  NOW_MS,
  POLICY,
  SESSION,
  TAB,
} from '#test/support/memory-stack';

const HALF_MINUTE_MS = 30_000;
/** The beginning of a half minute. */
const START_MS = Math.ceil(NOW_MS / HALF_MINUTE_MS) * HALF_MINUTE_MS;

async function anOpenChat() {
  const stack = await aStackWithSession();
  await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
  const sid = stack.flex.channelOf(chat(1))?.sid ?? channelSid('none');
  return { stack, sid };
}

describe('lookOnHint', () => {
  test.each([
    { kind: 'left', taskSid: 'WT1' },
    { kind: 'ended', by: 'agent', atMs: NOW_MS },
    { kind: 'unserved', reason: 'failed', atMs: NOW_MS },
  ] as const)('has somebody look, and believes nothing of %j', async (told) => {
    const { stack, sid } = await anOpenChat();
    const before = await stack.sessions.find(SESSION, NOW_MS);

    expect(await lookOnHint(stack, { ...told, channelSid: sid }, NOW_MS)).toBe('unverified');

    expect(stack.mailbox.letters(SESSION)).toEqual([
      {
        sessionId: SESSION,
        kind: 'look',
        chat: 1,
        reason: 'unverified',
        sureFromMs: expect.any(Number),
      },
    ]);
    expect(await stack.sessions.find(SESSION, NOW_MS)).toEqual(before);
    expect(stack.customers.pushed(TAB)).toEqual([]);
  });

  test('has somebody look once in half a minute', async () => {
    const { stack, sid } = await anOpenChat();
    const hint = (nowMs: number) => lookOnHint(stack, { kind: 'left', channelSid: sid }, nowMs);

    await hint(START_MS);
    await hint(START_MS + 1_000);
    await hint(START_MS + HALF_MINUTE_MS - 1);
    expect(stack.mailbox.letters(SESSION)).toHaveLength(1);

    await hint(START_MS + HALF_MINUTE_MS);
    expect(stack.mailbox.letters(SESSION)).toHaveLength(2);
  });

  test.each([
    { kind: 'joined', taskSid: 'WT1' },
    { kind: 'routed', taskSid: 'WT1' },
    { kind: 'read', identity: 'ada', index: 3 },
    { kind: 'other' },
  ] as const)('does nothing about %j', async (told) => {
    const { stack, sid } = await anOpenChat();
    const event: FlexEvent = { ...told, channelSid: sid };

    expect(await lookOnHint(stack, event, NOW_MS)).toBe('nothing');
    expect(stack.mailbox.letters(SESSION)).toEqual([]);
  });

  test('does nothing about a channel that is not ours', async () => {
    const { stack } = await anOpenChat();
    const event = { kind: 'left', channelSid: channelSid(`CH${'f'.repeat(32)}`) } as const;

    expect(await lookOnHint(stack, event, NOW_MS)).toBe('unknown');
    expect(stack.mailbox.letters(SESSION)).toEqual([]);
  });

  test('does nothing about a chat that has ended', async () => {
    const { stack, sid } = await anOpenChat();
    const record = await stack.sessions.find(SESSION, NOW_MS);
    const open = record?.session.chat;
    if (open?.state !== 'open') throw new Error('no open chat');
    await stack.sessions.changeChat(SESSION, open, { ...open, state: 'ended' });

    const event = { kind: 'left', channelSid: sid } as const;
    expect(await lookOnHint(stack, event, NOW_MS)).toBe('nothing');
    expect(stack.mailbox.letters(SESSION)).toEqual([]);
  });
});
