import { BACK_ENDS, ROUTINGS } from '#local/stack/local-config';
import { createAgentDesk, until } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const COMBINATIONS = BACK_ENDS.flatMap((backEnd) =>
  ROUTINGS.map((routing) => ({ backEnd, routing })),
);

/** A customer waits longer than this for a bot's first words in other bridges. */
const BOT_MS = 1_000;

describe.each(COMBINATIONS)('a chat by $backEnd and routing $routing', ({ backEnd, routing }) => {
  const stack = useLocalStack({ backEnd, routing });
  const desk = () => createAgentDesk(stack().outputs.TwilioUrl);

  async function aCustomer(name: string) {
    const client = await connectClient(stack().outputs.CustomerSocketUrl);
    const { token } = await client.ask({
      action: 'hello',
      profile: { name, email: 'ada@example.com', fields: { order: '4711' } },
    });
    return { client, token };
  }

  test('goes from the first message to the second chat', async () => {
    const { client, token } = await aCustomer('Ada Lovelace');

    await client.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'hello' });
    const echo = await client.next('message', (event) => event['id'] === 'm1');
    expect(echo).toMatchObject({
      chat: 1,
      index: 0,
      author: { role: 'customer', name: 'Ada Lovelace' },
    });

    const task = await desk().taskOf('Ada Lovelace');
    expect(task.attributes).toMatchObject({ channelType: 'web', channelSid: task.channelSid });
    expect(JSON.stringify(task.attributes)).toContain('4711');

    await desk().accept(task.sid, 'Grace');
    expect(await client.next('participant')).toMatchObject({ event: 'joined', name: 'Grace' });
    await desk().answer(task.sid, 'good morning');
    const answer = await client.next('message', (event) => event['body'] === 'good morning');
    expect(answer).toMatchObject({ author: { role: 'agent', name: 'Grace' } });

    await desk().read(task.sid, answer['index']);
    expect(await client.next('read')).toMatchObject({ index: answer['index'] });
    await client.ask({ action: 'markRead', chat: 1, index: answer['index'] });
    const history = await client.ask({ action: 'history' });
    const roles = history['messages'].map(
      ({ author }: { author: { role: string } }) => author.role,
    );
    const bot = routing === 'studio' ? ['bot'] : [];
    expect([history['state'], roles]).toEqual(['open', ['customer', ...bot, 'agent']]);

    await desk().complete(task.sid);
    expect(await client.next('ended')).toMatchObject({ chat: 1, by: 'agent' });
    await client.ask({ action: 'sendMessage', id: 'late', chat: 1, body: 'thanks' });
    expect(await client.next('rejected')).toMatchObject({ id: 'late', code: 'chat_ended' });

    const back = await connectClient(stack().outputs.CustomerSocketUrl, token);
    const resumed = await back.ask({ action: 'hello' });
    expect(resumed['chat']).toMatchObject({ number: 1, state: 'ended' });
    await back.ask({ action: 'startChat' });
    await back.ask({ action: 'sendMessage', id: 'm2', chat: 2, body: 'one more thing' });
    const second = await desk().taskOf('Ada Lovelace', 2);
    expect(second.channelSid).not.toBe(task.channelSid);
    expect(client.received.filter(({ type }) => type === 'ended')).toHaveLength(1);
  });

  test('ends from the side of the customer, once', async () => {
    const { client } = await aCustomer('Mary Somerville');
    await client.ask({ action: 'sendMessage', id: 'm1', body: 'hello' });
    const task = await desk().taskOf('Mary Somerville');
    await desk().accept(task.sid, 'Grace');
    await client.next('participant');

    await client.ask({ action: 'endChat' });

    expect(await client.next('ended')).toMatchObject({ chat: 1, by: 'customer' });
    await until('the end of the task', async () =>
      (await desk().tasks()).find(
        ({ sid, status }) => sid === task.sid && ['wrapping', 'completed'].includes(status),
      ),
    );
    await client.ask({ action: 'ping' });
    expect(client.received.filter(({ type }) => type === 'ended')).toHaveLength(1);
  });

  if (routing === 'task') {
    /** Posts as a program of the operator would, by the REST API of the back end's product. */
    async function postAsBot(channel: string, body: string, attributes: object): Promise<void> {
      const { account } = stack().twilio.world;
      const [key] = account.apiKeys;
      const [place, author] =
        backEnd === 'conversations'
          ? ['conversations.twilio.com/v1/Services/SERVICE/Conversations', 'Author']
          : ['chat.twilio.com/v2/Services/SERVICE/Channels', 'From'];
      const path = place.replace('SERVICE', account.chatServiceSid);
      const { ok } = await fetch(`${stack().outputs.TwilioUrl}/${path}/${channel}/Messages`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${btoa(`${key?.sid}:${key?.secret}`)}`,
          'x-twilio-webhook-enabled': 'true',
        },
        body: new URLSearchParams({
          [author]: 'order-bot',
          Body: body,
          Attributes: JSON.stringify(attributes),
        }),
      });
      expect(ok).toBe(true);
    }

    test('shows what a program offers beside its words, and takes one choice of two tabs', async () => {
      const { client, token } = await aCustomer('Hypatia');
      await client.ask({ action: 'sendMessage', id: 'm1', body: 'hello' });
      const task = await desk().taskOf('Hypatia');
      const reply = (id: string) => ({ type: 'reply', id, title: id });
      const content = { type: 'quickReply', actions: [reply('yes'), reply('no')] };

      await postAsBot(task.channelSid, 'Sure?', { flexChannel: { content } });
      const offer = await client.next('message', (event) => event['body'] === 'Sure?');
      const other = await connectClient(stack().outputs.CustomerSocketUrl, token);
      await other.ask({ action: 'hello' });
      const tap = (id: string) => ({
        action: 'sendMessage',
        id: `choice-1-${offer['index']}`,
        chat: 1,
        body: id,
        choice: { chat: 1, index: offer['index'], id },
      });
      await Promise.all([client.ask(tap('yes')), other.ask(tap('no'))]);
      await client.ask({ action: 'sendMessage', id: 'm2', body: 'and now?' });
      await client.next('message', (event) => event['id'] === 'm2');

      const said = await desk().messages(task.sid);
      const [chosen, ...more] = said.filter(({ body }) => body === 'yes' || body === 'no');
      expect(more).toEqual([]);
      const choice = { chat: 1, index: offer['index'], id: chosen?.body };
      expect(chosen?.attributes).toEqual({
        clientMessageId: tap('yes').id,
        flexChannel: { choice },
      });
      const { messages } = await client.ask({ action: 'history', latest: true });
      expect(messages).toMatchObject([
        { body: 'hello' },
        { body: 'Sure?', author: { role: 'bot' }, content },
        { body: chosen?.body, choice },
        { body: 'and now?' },
      ]);
    });

    test('tells what the agent changes and deletes, at once and to who comes back', async () => {
      const { client, token } = await aCustomer('Sophie Germain');
      await client.ask({ action: 'sendMessage', id: 'm1', body: 'hello' });
      const task = await desk().taskOf('Sophie Germain');
      await desk().accept(task.sid, 'Grace');
      for (const body of ['one', 'secret']) {
        await desk().answer(task.sid, body);
        await client.next('message', (event) => event['body'] === body);
      }
      const [, one, secret] = await desk().messages(task.sid);

      await desk().edit(task.sid, one?.sid ?? '', 'two');
      await desk().remove(task.sid, secret?.sid ?? '');

      const author = { role: 'agent', name: 'Grace' };
      expect(await client.next('messageEdited')).toMatchObject({ index: 1, body: 'two', author });
      expect(await client.next('messageDeleted')).toMatchObject({ chat: 1, index: 2 });
      const back = await connectClient(stack().outputs.CustomerSocketUrl, token);
      const after = { chat: 1, index: 2 };
      const { missed, kept } = await back.ask({ action: 'hello', after });
      expect([missed, kept]).toMatchObject([[], { from: -1, upTo: 2, indexes: [0, 1] }]);
      const { messages } = await back.ask({ action: 'history', latest: true });
      expect(messages).toMatchObject([{ body: 'hello' }, { body: 'two' }]);
    });
  }

  if (routing === 'studio') {
    test('brings the words of the flow to the customer at once', async () => {
      const waits: number[] = [];
      // What the way itself takes shows in the quickest: a machine may be busy with something else.
      for (let chat = 1; chat <= 5 && !waits.some((ms) => ms < BOT_MS); chat += 1) {
        const { client } = await aCustomer(`Émilie du Châtelet ${chat}`);
        const sentAtMs = performance.now();

        await client.ask({ action: 'sendMessage', id: 'm1', body: 'hello' });
        const bot = await client.next('message', (event) => event['author'].role === 'bot');

        waits.push(Math.round(performance.now() - sentAtMs));
        expect(bot['author'].name).toBe('Assistant');
      }
      console.log(`${backEnd}: a Studio bot's reply after ${Math.min(...waits)} ms`);
      expect(Math.min(...waits)).toBeLessThan(BOT_MS);
    });
  }
});
