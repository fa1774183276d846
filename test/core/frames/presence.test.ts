import { readHistory } from '#core/frames/read-history';
import { renewSession } from '#core/frames/renew-session';
import { channelSid } from '#core/ids';
import { deliverMessage } from '#core/letters/deliver-message';
import { relayFlexEvent } from '#core/webhooks/relay-flex-event';
import {
  aMessage,
  aStackWithSession,
  chat,
  NOW_MS,
  POLICY,
  SESSION,
} from '#test/support/memory-stack';

/** An agent has joined and read the customer's message. */
async function aReadChat() {
  const stack = await aStackWithSession();
  await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
  const sid = stack.flex.channelOf(chat(1))?.sid ?? channelSid('none');
  const tell = (event: object) =>
    relayFlexEvent(stack, { channelSid: sid, identity: 'ada', ...event } as never, SESSION, NOW_MS);
  await tell({ kind: 'joined', participantSid: 'MB1' });
  await tell({ kind: 'read', index: 0 });
  return { stack, tell };
}

const ask = { sessionId: SESSION, nowMs: NOW_MS } as const;

describe('who is in a chat, and what was read', () => {
  test('is told by hello and history, after a reload too', async () => {
    const { stack } = await aReadChat();

    const session = await renewSession(stack, ask);
    const history = await readHistory(stack, ask);

    expect(session.chat).toMatchObject({ agents: [expect.any(String)], readIndex: 0 });
    expect(history).toMatchObject({ agents: session.chat.agents, readIndex: 0 });
  });

  test('no longer names an agent who has left', async () => {
    const { stack, tell } = await aReadChat();

    await tell({ kind: 'left', participantSid: 'MB1' });

    expect(await readHistory(stack, ask)).toMatchObject({ agents: [], readIndex: 0 });
  });

  test('is never lowered', async () => {
    const { stack, tell } = await aReadChat();
    await tell({ kind: 'read', index: 3 });

    await tell({ kind: 'read', index: 1 });

    expect(await readHistory(stack, ask)).toMatchObject({ readIndex: 3 });
  });

  test('is told about an open chat only', async () => {
    const { stack, tell } = await aReadChat();
    await tell({ kind: 'ended', by: 'agent', atMs: NOW_MS });

    const session = await renewSession(stack, ask);
    const history = await readHistory(stack, ask);

    expect(session.chat).not.toHaveProperty('agents');
    expect(session.chat).not.toHaveProperty('readIndex');
    expect(history).not.toHaveProperty('agents');
    expect(history).not.toHaveProperty('readIndex');
  });
});
