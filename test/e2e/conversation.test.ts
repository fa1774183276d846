import { type AgentTask, createAgentDesk, until } from '#test/support/agent-desk';
import { connectClient, type ProtocolClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const stack = useLocalStack();
const desk = () => createAgentDesk(stack().outputs.TwilioUrl);
const connect = (token?: string) => connectClient(stack().outputs.CustomerSocketUrl, token);

let customers = 0;

/** A customer with a name of their own who has said hello. */
async function aCustomer() {
  const name = `Customer ${customers++}`;
  const client = await connect();
  const session = await client.ask({ action: 'hello', profile: { name } });
  const token: string = session['token'];
  return { name, client, session, token };
}

/** A chat that an agent has accepted. */
async function aChat() {
  const customer = await aCustomer();
  await customer.client.ask({ action: 'sendMessage', id: 'first', chat: 1, body: 'hello' });
  const task = await desk().taskOf(customer.name);
  await desk().accept(task.sid, 'Ada');
  await customer.client.next('participant');
  return { ...customer, task };
}

/** @returns the name of a customer whose chat nobody has accepted yet. */
async function aWaitingChat(): Promise<string> {
  const { name, client } = await aCustomer();
  await client.ask({ action: 'sendMessage', id: 'first', chat: 1, body: 'hello' });
  return name;
}

const bodiesAt = async (task: AgentTask) =>
  (await desk().messages(task.sid)).map((message) => message.body);

const indexesSeenBy = ({ received }: ProtocolClient) =>
  received.filter((event) => event.type === 'message').map((event) => event['index']);

describe('a conversation', () => {
  test('accepts a message, echoes it with index and id, and makes one task of it', async () => {
    const { name, client } = await aCustomer();

    const reply = await client.ask({ action: 'sendMessage', id: 'm1', chat: 1, body: 'hello' });
    const echo = await client.next('message');

    expect(reply).toMatchObject({ type: 'accepted', id: 'm1' });
    expect(echo).toMatchObject({ chat: 1, index: 0, id: 'm1', author: { role: 'customer', name } });
    const task = await desk().taskOf(name);
    expect(task).toMatchObject({
      status: 'pending',
      attributes: { channelType: 'web', name },
    });
    expect((await desk().tasks()).filter((one) => one.channelSid === task.channelSid)).toHaveLength(
      1,
    );
  });

  test('costs nothing in Flex before the first message', async () => {
    const before = (await desk().requests()).length;

    await aCustomer();

    expect((await desk().requests()).length).toBe(before);
  });

  test("brings the agent's words to both connections of the session and to no other session", async () => {
    const { client, token, task } = await aChat();
    const secondTab = await connect(token);
    await secondTab.ask({ action: 'hello' });
    const stranger = await aChat();

    await desk().answer(task.sid, 'good morning');

    const expected = { body: 'good morning', author: { role: 'agent', name: 'Ada' }, index: 1 };
    const byAgent = (event: { [field: string]: unknown }) => event['index'] === 1;
    expect(await client.next('message', byAgent)).toMatchObject(expected);
    expect(await secondTab.next('message', byAgent)).toMatchObject(expected);
    await desk().answer(stranger.task.sid, 'for the other');
    await stranger.client.next('message', byAgent);
    expect(JSON.stringify(stranger.client.received)).not.toContain('good morning');
    expect(JSON.stringify(client.received)).not.toContain('for the other');
  });

  test('shows three messages sent one after another in that order, once', async () => {
    const { client, task } = await aChat();

    for (const id of ['a', 'b', 'c']) {
      await client.ask({ action: 'sendMessage', id, chat: 1, body: `body ${id}` });
    }
    // Echoes may overtake one another.
    for (const id of ['a', 'b', 'c']) await client.next('message', (event) => event['id'] === id);

    expect(await bodiesAt(task)).toEqual(['hello', 'body a', 'body b', 'body c']);
    expect([...new Set(indexesSeenBy(client))].sort()).toEqual([0, 1, 2, 3]);
  });

  test('shows a repeated message once and accepts it again', async () => {
    const { client, task } = await aChat();
    const frame = { action: 'sendMessage', id: 'again', chat: 1, body: 'once' };

    await client.ask(frame);
    await client.next('message', (event) => event['id'] === 'again');
    const reply = await client.ask(frame);
    await client.ask({ action: 'sendMessage', id: 'last', chat: 1, body: 'after' });
    await client.next('message', (event) => event['id'] === 'last');

    expect(reply).toMatchObject({ type: 'accepted', id: 'again' });
    expect(await bodiesAt(task)).toEqual(['hello', 'once', 'after']);
  });

  test("carries the customer's attributes to Flex beside the message id", async () => {
    const { client, name } = await aCustomer();
    const attributes = { mood: 'good' };

    await client.ask({ action: 'sendMessage', id: 'm1', body: 'hello', attributes });
    await client.next('message');

    const { channelSid } = await desk().taskOf(name);
    const posts = (await desk().requests()).filter((request) =>
      request.url.endsWith(`${channelSid}/Messages`),
    );
    expect(posts).toHaveLength(1);
    expect(posts[0]?.webhookEnabled).toBe(true);
    expect(JSON.parse(String(posts[0]?.form['Attributes']))).toEqual({
      mood: 'good',
      clientMessageId: 'm1',
    });
  });

  test('shows the agent how far the customer has read, and the other way round', async () => {
    const { client, task } = await aChat();
    await desk().answer(task.sid, 'read me');

    await client.ask({ action: 'markRead', chat: 1, index: 1 });
    await desk().read(task.sid, 0);

    expect(await client.next('read')).toMatchObject({ chat: 1, index: 0 });
    await until('“Read” under the message at Flex', async () =>
      (await desk().messages(task.sid)).find(({ index, isRead }) => index === 1 && isRead),
    );
  });

  test('gives a resumed session what it missed', async () => {
    const { client, token, task } = await aChat();
    client.close();
    await desk().answer(task.sid, 'while you were away');

    const back = await connect(token);
    const session = await back.ask({ action: 'hello', after: { chat: 1, index: 0 } });

    expect(session['chat']).toEqual({ number: 1, state: 'open', lastIndex: 1, agents: ['Ada'] });
    expect(session['missed']).toMatchObject([{ index: 1, body: 'while you were away' }]);
  });

  test('pages through the transcript', async () => {
    const { client, task } = await aChat();
    await desk().answer(task.sid, 'one');
    await desk().answer(task.sid, 'two');

    const first = await client.ask({ action: 'history', limit: 2 });
    const rest = await client.ask({ action: 'history', after: { chat: 1, index: 1 } });

    expect(first['messages'].map((message: { body: string }) => message.body)).toEqual([
      'hello',
      'one',
    ]);
    expect(first['complete']).toBe(false);
    expect(rest).toMatchObject({ complete: true, state: 'open', messages: [{ body: 'two' }] });
  });
});

describe('who is typing', () => {
  /** A signal as the plugin sends it. */
  const signal = (fields: Record<string, string>, { method = 'POST', origin = FLEX } = {}) =>
    fetch(`${stack().outputs.WebhookUrl}/agent-signal`, {
      method,
      headers: { origin },
      ...(method === 'POST' && { body: new URLSearchParams(fields) }),
    });
  const FLEX = 'https://flex.twilio.com';

  test('is shown both ways while it is, and costs no message', async () => {
    const { client, task } = await aChat();

    expect(await client.ask({ action: 'typing', chat: 1, index: 0 })).toMatchObject({ type: 'ok' });
    expect(await desk().typing(task.sid)).toBe(200);

    expect(await client.next('typing')).toEqual({
      type: 'typing',
      chat: 1,
      name: 'Ada',
      expiresInMs: 6_000,
    });
    const seen = (await desk().tasks()).find(({ sid }) => sid === task.sid);
    expect(seen?.customerTyping).toBe(true);
    expect(await bodiesAt(task)).toEqual(['hello']);
  });

  test('leaves “Read” under the agent’s message that the customer has read before', async () => {
    const { client, task } = await aChat();
    await desk().answer(task.sid, 'read me');
    await client.next('message', ({ index }) => index === 1);
    const isRead = async () => (await desk().messages(task.sid)).at(1)?.isRead;
    await client.ask({ action: 'markRead', chat: 1, index: 1 });
    await until('“Read”', isRead);

    await client.ask({ action: 'typing', chat: 1, index: 0 });

    expect(await isRead()).toBe(true);
  });

  test('is believed of an agent in the chat alone, and told to the page of Flex alone', async () => {
    const { task } = await aChat();
    const other = await aChat();
    await desk().accept((await desk().taskOf(await aWaitingChat())).sid, 'Eve');
    const eve = (await desk().tasks()).findLast(({ status }) => status === 'accepted');
    const ConversationSid = task.channelSid;
    const Token = await desk().token(task.sid);
    const statusOf = async (...call: Parameters<typeof signal>) => (await signal(...call)).status;

    const good = await signal({ Token, ConversationSid });
    expect([good.status, good.headers.get('access-control-allow-origin')]).toEqual([200, FLEX]);
    expect(await statusOf({ Token: await desk().token(eve?.sid ?? ''), ConversationSid })).toBe(
      403,
    );
    expect(await statusOf({ Token: 'garbage-garbage-garbage', ConversationSid })).toBe(403);
    expect(await statusOf({ Token, ConversationSid: other.task.channelSid })).toBe(200);
    expect(await statusOf({ Token, ConversationSid }, { origin: 'https://evil.example' })).toBe(
      403,
    );
    expect(await statusOf({ Token, ConversationSid, x: 'a'.repeat(9_000) })).toBe(413);
    // API Gateway's own answer for a method that there is not.
    expect(await statusOf({}, { method: 'GET' })).toBe(403);
  });

  test('is refused when it is told too often', async () => {
    const { task } = await aChat();
    const fields = { Token: await desk().token(task.sid), ConversationSid: task.channelSid };

    const statuses = [];
    for (let time = 0; time < 8; time += 1) statuses.push((await signal(fields)).status);

    expect(statuses).toEqual(expect.arrayContaining([200, 429]));
  });
});

describe('the end of a chat', () => {
  test('by the agent is told, and a late message for it opens no task', async () => {
    const { client, name, task } = await aChat();

    await desk().complete(task.sid);
    expect(await client.next('ended')).toMatchObject({ chat: 1, by: 'agent' });
    const late = await client.ask({ action: 'sendMessage', id: 'late', chat: 1, body: 'thanks' });

    expect(late).toMatchObject({ type: 'accepted' });
    expect(await client.next('rejected')).toMatchObject({ id: 'late', code: 'chat_ended' });
    expect(await bodiesAt(task)).toEqual(['hello']);
    const own = (await desk().tasks()).filter((one) => one.attributes['name'] === name);
    expect(own).toHaveLength(1);
  });

  test('is followed by a second chat with a second task', async () => {
    const { client, name, task } = await aChat();
    await desk().complete(task.sid);
    await client.next('ended');

    const session = await client.ask({ action: 'startChat' });
    await client.ask({ action: 'sendMessage', id: 'next', chat: 2, body: 'one more thing' });

    expect(session['chat']).toEqual({ number: 2, state: 'none' });
    expect(await client.next('message', (event) => event['chat'] === 2)).toMatchObject({
      index: 0,
    });
    const second = await desk().taskOf(name, 2);
    expect(second.channelSid).not.toBe(task.channelSid);
    expect(await bodiesAt(second)).toEqual(['one more thing']);
  });

  test('by the customer leaves the agent to wrap up and is told once to every connection', async () => {
    const { client, token, task } = await aChat();
    const secondTab = await connect(token);
    await secondTab.ask({ action: 'hello' });

    const reply = await client.ask({ action: 'endChat' });

    expect(reply).toMatchObject({ type: 'ok', action: 'endChat' });
    expect(await client.next('ended')).toMatchObject({ chat: 1, by: 'customer' });
    expect(await secondTab.next('ended')).toMatchObject({ chat: 1, by: 'customer' });
    await until('the wrap-up', async () =>
      (await desk().tasks()).find((one) => one.sid === task.sid && one.status === 'wrapping'),
    );
    await client.ask({ action: 'ping' });
    expect(client.received.filter((event) => event.type === 'ended')).toHaveLength(1);
  });

  test('is seen by a session that comes back later', async () => {
    const { client, token, task } = await aChat();
    client.close();
    await desk().complete(task.sid);

    const back = await connect(token);
    const session = await until('the end in the session', async () => {
      const answer = await back.ask({ action: 'hello' });
      return answer['chat'].state === 'ended' && answer;
    });

    expect(session['missed']).toMatchObject([{ body: 'hello' }]);
  });
});

describe('a customer whom Flex names by their participant', () => {
  afterEach(() => desk().faults({}));

  test('sees their own words as theirs, and an agent as the agent, now and after a reload', async () => {
    const { client, task, token } = await aChat();
    await desk().faults({ authors: 'participant' });

    await client.ask({ action: 'sendMessage', id: 'mine', chat: 1, body: 'mine' });
    const echo = await client.next('message', ({ body }) => body === 'mine');
    await desk().answer(task.sid, 'theirs');
    const answer = await client.next('message', ({ body }) => body === 'theirs');

    expect(echo).toMatchObject({ id: 'mine', author: { role: 'customer' } });
    expect(answer).toMatchObject({ author: { role: 'agent', name: 'Ada' } });
    const again = await connect(token);
    const { missed } = await again.ask({ action: 'hello' });
    expect(missed).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'mine', author: echo['author'] }),
        expect.objectContaining({ body: 'theirs', author: answer['author'] }),
      ]),
    );
  });

  test('has a message that is sent again posted once', async () => {
    const { client, task } = await aChat();
    await desk().faults({ authors: 'participant' });
    const frame = { action: 'sendMessage', id: 'twice', chat: 1, body: 'twice' };
    await client.ask(frame);
    await client.next('message', ({ body }) => body === 'twice');

    await client.ask(frame);
    await client.next('message', ({ body }) => body === 'twice');

    expect((await bodiesAt(task)).filter((body) => body === 'twice')).toHaveLength(1);
  });
});
