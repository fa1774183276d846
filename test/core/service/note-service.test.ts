import { readHistory } from '#core/frames/read-history';
import { channelSid } from '#core/ids';
import { deliverLetter } from '#core/letters/deliver-letter';
import { deliverMessage } from '#core/letters/deliver-message';
import { relayFlexEvent } from '#core/webhooks/relay-flex-event';
import {
  aMessage,
  aStackWithSession,
  chat,
  type MemoryStack,
  NOW_MS,
  POLICY,
  SESSION,
} from '#test/support/memory-stack';

const LONG_AFTER_MS = NOW_MS + 61_000;

/** A chat that a flow talks in: nobody has told of a task yet. */
async function aChatInAFlow() {
  const stack = await aStackWithSession();
  stack.flex.awaitsTask = false;
  await deliverMessage(stack, POLICY, aMessage(), NOW_MS);
  stack.flex.serve(chat(1), 'none');
  await stack.sessions.noteChannel(SESSION, 1, { remove: ['taskSid', 'awaitedSinceMs'] });
  const sid = stack.flex.channelOf(chat(1))?.sid ?? channelSid('none');
  return { stack, sid };
}

async function channel({ sessions }: MemoryStack) {
  const current = (await sessions.find(SESSION, NOW_MS))?.session.chat;
  if (current === undefined || current.state === 'none') throw new Error('no chat yet');
  return current.channel;
}

const looks = ({ mailbox }: MemoryStack) =>
  mailbox.letters(SESSION).filter(({ kind }) => kind === 'look');

describe('a signal that perhaps nobody serves the chat', () => {
  test('is stored until a look finds out, even if one is given up', async () => {
    const { stack, sid } = await aChatInAFlow();
    const canceled = { kind: 'unserved', channelSid: sid, reason: 'canceled' } as const;
    await relayFlexEvent(stack, { ...canceled, taskSid: 'WT1', atMs: NOW_MS }, undefined, NOW_MS);
    // The look that it ordered is given up.
    const ordered = looks(stack).length;

    await readHistory(stack, { sessionId: SESSION, nowMs: LONG_AFTER_MS });

    expect(looks(stack)).toHaveLength(ordered + 1);
  });

  test('is removed by a look that finds somebody', async () => {
    const { stack, sid } = await aChatInAFlow();
    const left = { kind: 'left', channelSid: sid, identity: 'ada' } as const;
    await relayFlexEvent(stack, left, SESSION, NOW_MS);
    stack.flex.serve(chat(1), 'task');

    await deliverLetter(
      stack,
      POLICY,
      { sessionId: SESSION, kind: 'look', chat: 1, reason: 'left', sureFromMs: NOW_MS },
      NOW_MS,
    );

    const known = await channel(stack);
    expect(known.taskSid).toBeDefined();
    expect(known.unverifiedSinceMs).toBeUndefined();
  });

  test('makes the next message look again when the look was given up', async () => {
    const { stack, sid } = await aChatInAFlow();
    const left = { kind: 'left', channelSid: sid, identity: 'ada' } as const;
    await relayFlexEvent(stack, left, SESSION, NOW_MS);

    const delivery = await deliverMessage(
      stack,
      POLICY,
      aMessage({ id: 'm2', acceptedAtMs: LONG_AFTER_MS, chat: 1 }),
      LONG_AFTER_MS,
    );

    expect(delivery).toBe('rejected');
    expect(stack.flex.calls).toContain('service');
  });
});

describe('a task that a flow made', () => {
  test('is remembered from the event that tells of it', async () => {
    const { stack, sid } = await aChatInAFlow();

    await relayFlexEvent(
      stack,
      { kind: 'routed', channelSid: sid, taskSid: 'WT1' },
      undefined,
      NOW_MS,
    );

    expect(await channel(stack)).toMatchObject({ taskSid: 'WT1', wasServed: true });
  });

  test('is stored with its interaction, which no later event tells once the task is deleted', async () => {
    const { stack, sid } = await aChatInAFlow();
    const interaction = { interactionSid: 'KD1', interactionChannelSid: 'UO1' };
    const event = { kind: 'routed', channelSid: sid, taskSid: 'WT1', ...interaction } as const;

    await relayFlexEvent(stack, event, undefined, NOW_MS);

    expect(await channel(stack)).toMatchObject(interaction);
  });

  test('does not take the place of a later one', async () => {
    const { stack, sid } = await aChatInAFlow();
    const routed = (taskSid: string) => ({ kind: 'routed', channelSid: sid, taskSid }) as const;
    await relayFlexEvent(stack, routed('WT2'), undefined, NOW_MS);

    await relayFlexEvent(stack, routed('WT1'), undefined, NOW_MS);

    expect(await channel(stack)).toMatchObject({ taskSid: 'WT2' });
  });
});
