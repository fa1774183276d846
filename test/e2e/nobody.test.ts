import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deleteConversation } from '#local/emulators/twilio/conversations/state/conversation';
import { BACK_ENDS } from '#local/stack/local-config';
import type { LocalStack } from '#local/stack/local-stack';
import { type AgentTask, createAgentDesk, until } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';
import { lettersIn } from '../../bench/load/letters.ts';

const PROJECT = path.join(import.meta.dirname, '..', '..');

function seatsAt(stack: () => LocalStack) {
  const desk = () => createAgentDesk(stack().outputs.TwilioUrl);

  async function aChat(name: string) {
    const client = await connectClient(stack().outputs.CustomerSocketUrl);
    const { token } = await client.ask({ action: 'hello', profile: { name } });
    await client.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'hello' });
    await client.next('message', ({ id }) => id === 'm1');
    return { name, client, token: String(token) };
  }

  /** @param isAccepted an agent is in the chat. */
  async function aRoutedChat(name: string, isAccepted: boolean) {
    const chat = await aChat(name);
    const task = await desk().taskOf(name);
    if (isAccepted) {
      await desk().accept(task.sid, 'Grace');
      await chat.client.next('participant');
    }
    return { ...chat, task };
  }

  type Chat = Awaited<ReturnType<typeof aChat>>;

  /** The customer is told, and what follows opens the next chat. */
  async function expectAnotherChat({ name, client }: Chat, count = 1) {
    expect(await client.next('ended')).toMatchObject({ chat: 1, by: 'system' });
    await client.ask({ action: 'sendMessage', id: 'late', chat: 1, body: 'anybody?' });
    const late = await client.next('rejected', ({ id }) => id === 'late');
    expect(late).toMatchObject({ code: 'chat_ended' });
    const next = await client.ask({ action: 'startChat' });
    expect(next['chat']).toMatchObject({ number: 2, state: 'none' });
    await client.ask({ action: 'sendMessage', id: 'm2', chat: 2, body: 'hello again' });
    await client.next('message', ({ id }) => id === 'm2');
    return desk().taskOf(name, count + 1);
  }

  /** Whatever a hint had looked into, also for a second time. */
  async function settled(): Promise<void> {
    await stack().twilio.settled();
    await until('the last letter', async () => lettersIn(stack(), 'ToFlex') === 0);
  }

  const isEndedInFlex = ({ channelSid }: AgentTask): boolean => {
    const channel = stack().twilio.world.conversations.get(channelSid);
    return channel?.state === 'closed' || channel?.attributes.includes('INACTIVE') === true;
  };
  return { desk, aChat, aRoutedChat, expectAnotherChat, isEndedInFlex, settled };
}

describe.each(BACK_ENDS)('a chat by %s that nobody serves any more', (backEnd) => {
  const stack = useLocalStack({ backEnd });
  const { desk, aChat, aRoutedChat, expectAnotherChat, isEndedInFlex, settled } = seatsAt(stack);

  test('is ended, however its agent or its task is lost', async () => {
    const ways = [
      ['park', true],
      ['timeout', false],
      ['cancel', false],
      ['delete', false],
      ['delete', true],
    ] as const;
    const lost = ways.map(async ([how, isAccepted]) => {
      const chat = await aRoutedChat(`Lost by ${how} ${isAccepted}`, isAccepted);

      await desk().lose(chat.task.sid, how);

      await chat.client.next('ended');
      expect([how, isEndedInFlex(chat.task)]).toEqual([how, true]);
      const left = how === 'delete' ? 0 : 1;
      await expectAnotherChat(chat, left);
      chat.client.close();
    });
    await Promise.all(lost);
  }, 120_000);

  test('is ended when Flex does not have it any more, wherever that is noticed', async () => {
    const { world } = stack().twilio;
    const vanish = ({ channelSid }: AgentTask) => {
      const conversation = world.conversations.get(channelSid);
      const silently = { source: 'API', firesWebhooks: false } as const;
      if (conversation) deleteConversation(world, conversation, silently);
    };

    const byMessage = await aRoutedChat('Gone by message', true);
    vanish(byMessage.task);
    await byMessage.client.ask({ action: 'sendMessage', id: 'm3', chat: 1, body: 'hello?' });
    expect(await byMessage.client.next('rejected')).toMatchObject({ code: 'chat_ended' });
    await expectAnotherChat(byMessage);

    const byHistory = await aRoutedChat('Gone by history', true);
    vanish(byHistory.task);
    const history = await byHistory.client.ask({ action: 'history' });
    expect(history).toMatchObject({ messages: [], complete: true, state: 'ended' });
    await expectAnotherChat(byHistory);

    const byHello = await aRoutedChat('Gone by hello', true);
    vanish(byHello.task);
    const hello = await byHello.client.ask({ action: 'hello' });
    expect(hello).toMatchObject({ missed: [], complete: true, chat: { state: 'ended' } });

    const byStart = await aRoutedChat('Gone by startChat', true);
    vanish(byStart.task);
    const started = await byStart.client.ask({ action: 'startChat' });
    expect(started['chat']).toMatchObject({ number: 2, state: 'none' });
  }, 60_000);

  test('goes on after a transfer', async () => {
    const { client, task } = await aRoutedChat('Transferred', true);

    const answer = await fetch(`${stack().outputs.TwilioUrl}/agent/tasks/${task.sid}/transfer`, {
      method: 'POST',
      body: JSON.stringify({ name: 'Bob' }),
    });
    const { sid } = (await answer.json()) as { sid: string };
    await settled();
    await desk().answer(sid, 'Bob here');

    await client.next('message', ({ body }) => body === 'Bob here');
    expect(client.received.filter(({ type }) => type === 'ended')).toEqual([]);
  }, 60_000);

  if (backEnd === 'conversations') {
    test('is ended when Twilio had accepted it and then could not route it', async () => {
      await desk().faults({ routing: { count: 1, isTold: true } });

      const chat = await aChat('Never routed');

      await expectAnotherChat(chat, 0);
    }, 60_000);

    test('waits if the agent has paused it, and goes on with the next message', async () => {
      const { name, client, task } = await aRoutedChat('Paused', true);

      await desk().lose(task.sid, 'leave');
      await settled();
      await client.ask({ action: 'sendMessage', id: 'm2', chat: 1, body: 'I am back' });
      const next = await desk().taskOf(name, 2);
      await desk().accept(next.sid, 'Bob');
      await desk().answer(next.sid, 'so am I');

      await client.next('message', ({ body }) => body === 'so am I');
      expect(next.channelSid).toBe(task.channelSid);
      expect(client.received.filter(({ type }) => type === 'ended')).toEqual([]);
    }, 60_000);
  }
});

describe.each(BACK_ENDS)('a chat by %s that is routed again', (backEnd) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'flex-channel-reroute-'));
  const config = path.join(folder, 'config.json');
  const local = JSON.parse(readFileSync(path.join(PROJECT, 'config', 'local.json'), 'utf8'));
  const flex = { ...local.flex, whenNobodyServes: 'reroute' };
  writeFileSync(config, JSON.stringify({ ...local, flex }));
  const stack = useLocalStack({ backEnd, config });
  const { desk, aRoutedChat, expectAnotherChat } = seatsAt(stack);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('reaches another agent, twice, and is ended then', async () => {
    const chat = await aRoutedChat('Persistent', false);

    await desk().lose(chat.task.sid, 'timeout');
    const second = await desk().taskOf(chat.name, 2);
    await desk().accept(second.sid, 'Grace');
    await chat.client.next('participant', ({ name }) => name === 'Grace');
    await desk().answer(second.sid, 'sorry for the wait');
    await chat.client.next('message', ({ body }) => body === 'sorry for the wait');
    await desk().lose(second.sid, 'park');
    const third = await desk().taskOf(chat.name, 3);
    await desk().lose(third.sid, 'cancel');

    const channels = new Set([chat.task, second, third].map(({ channelSid }) => channelSid));
    expect(channels.size).toBe(1);
    await expectAnotherChat(chat, 3);
    const tasks = await until('the tasks of the chat', async () =>
      (await desk().tasks()).filter(({ channelSid }) => channels.has(channelSid)),
    );
    expect(tasks).toHaveLength(3);
  }, 90_000);
});
