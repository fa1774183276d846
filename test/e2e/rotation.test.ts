/** The three secrets are exchanged amid running chats, each as the runbook says. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { decodeProtectedHeader } from 'jose';
import { runCommand } from '#test/support/admin-command';
import { createAgentDesk } from '#test/support/agent-desk';
import { connectClient, type ProtocolClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

const CHATS = 20;

const OUT = mkdtempSync(path.join(tmpdir(), 'rotation-'));
const stack = useLocalStack({ outDirectory: OUT, redeliveryMs: 20 });

const desk = () => createAgentDesk(stack().outputs.TwilioUrl);
const connect = (token?: string) => connectClient(stack().outputs.CustomerSocketUrl, token);

interface Chat {
  readonly name: string;
  readonly task: string;
  readonly sessionId: string;
  client: ProtocolClient;
  token: string;
  /** What was said so far, by both. */
  readonly said: string[];
}

let chats: readonly Chat[];

beforeAll(async () => {
  Object.assign(process.env, parseEnv(readFileSync(path.join(OUT, 'operator.env'), 'utf8')));
  chats = await Promise.all(Array.from({ length: CHATS }, (_, n) => aChat(`Customer ${n}`)));
}, 120_000);

afterAll(() => {
  for (const { client } of chats) client.close();
});

async function aChat(name: string): Promise<Chat> {
  const client = await connect();
  const { sessionId, token } = await client.ask({ action: 'hello', profile: { name } });
  await client.ask({ action: 'sendMessage', id: 'first', chat: 1, body: 'hello' });
  const { sid: task } = await desk().taskOf(name);
  await desk().accept(task);
  await client.next('message');
  return { name, task, sessionId, client, token, said: ['hello'] };
}

/** Each says something and sees what both have said: a message or webhook that is lost is waited for in vain. */
async function talk(chat: Chat): Promise<void> {
  const { client, task, said } = chat;
  const sees = (body: string) => client.next('message', (event) => event['body'] === body);
  const [question, answer] = [`question ${said.length}`, `answer ${said.length}`];
  const id = `m${said.length}`;
  said.push(question, answer);
  expect(await client.ask({ action: 'sendMessage', id, chat: 1, body: question })).toMatchObject({
    type: 'accepted',
  });
  await sees(question);
  await desk().answer(task, answer);
  await sees(answer);
}

/** All talk, one round after the other, while something happens. */
async function talkDuring(happens: () => Promise<void>): Promise<void> {
  const rounds = async (chat: Chat) => {
    await talk(chat);
    await talk(chat);
  };
  const talking = chats.map(rounds);
  await Promise.all([happens(), ...talking]);
  await Promise.all(chats.map(talk));
}

/** Bodies of each chat as its agent sees them, against what was said. */
async function expectNothingLost(): Promise<void> {
  for (const { task, said } of chats) {
    expect((await desk().messages(task)).map(({ body }) => body)).toEqual(said);
  }
}

async function flexChannel(command: string, input: object = {}): Promise<string> {
  const line = `${command} --stage local --outputs ${path.join(OUT, 'stack-outputs.json')}`;
  const outcome = await runCommand(line, { env: process.env, input: JSON.stringify(input) });
  expect([outcome.code, outcome.err]).toEqual([0, expect.not.stringContaining('not authorized')]);
  return outcome.out;
}

const hex = (digit: string): string => digit.repeat(32);

describe('twenty chats that talk while a secret is exchanged', () => {
  test('hear every webhook, though Twilio begins to sign with its secondary auth token', async () => {
    const { authToken } = stack().twilioAccount;
    const before = stack().twilio.deliveries().length;

    await talkDuring(async () => {
      await flexChannel('secrets set', { authToken, secondaryAuthToken: hex('b') });
      stack().twilio.changeCredentials({ authToken: hex('b') });
    });
    await flexChannel('secrets set', { authToken: hex('b') });
    await Promise.all(chats.map(talk));

    await expectNothingLost();
    await stack().twilio.settled();
    const delivered = stack().twilio.deliveries().slice(before);
    expect(delivered.filter(({ status }) => status !== 200)).toEqual([]);
  }, 120_000);

  test('lose no message when the API key is exchanged and the old one deleted at once', async () => {
    const key = { sid: `SK${hex('c')}`, secret: hex('d') };

    await talkDuring(async () => {
      await flexChannel('secrets set', { keySid: key.sid, keySecret: key.secret });
      stack().twilio.changeCredentials({ apiKeys: [key] });
    });

    await expectNothingLost();
  }, 120_000);

  test('resume their sessions with tokens of both keys, also at copies that know the old one only', async () => {
    let kid: string | undefined;
    let fresh: Awaited<ReturnType<typeof anotherSession>> | undefined;
    await talkDuring(async () => {
      const told = await flexChannel('secrets rotate --in-minutes 0 --yes --json');
      kid = JSON.parse(told).kid;
      fresh = await anotherSession();
    });
    const before = chats.map(({ token }) => kidOf(token));

    const [, again] = await Promise.all([
      Promise.all(chats.map(reconnect)),
      connectAgain(fresh?.token),
    ]);
    await Promise.all(chats.map(reconnect));
    await Promise.all(chats.map(talk));

    expect(new Set(before)).toEqual(new Set([undefined]));
    expect([kidOf(fresh?.token), again]).toEqual([kid, fresh?.sessionId]);
    await expectNothingLost();
  }, 120_000);
});

/** A session whose `hello` is answered by a copy that has just begun, and so has read the new key. */
async function anotherSession(): Promise<{ readonly token: string; readonly sessionId: string }> {
  for (;;) {
    const client = await connect();
    await desk().faults({ lambda: { cold: { count: 1, function: 'customer-socket' } } });
    const { token, sessionId } = await client.ask({ action: 'hello' });
    client.close();
    // Another chat's frame may have had the copy that began.
    if (kidOf(token) !== undefined) return { token, sessionId };
  }
}

const kidOf = (token = ''): string | undefined => decodeProtectedHeader(token).kid;

/** @returns the session that the token resumes, each of several times at once. */
async function connectAgain(token: string | undefined): Promise<string | undefined> {
  const sessions = Array.from({ length: 6 }, async () => {
    const client = await connect(token);
    const { sessionId } = await client.ask({ action: 'hello' });
    client.close();
    return sessionId as string;
  });
  const [one, ...others] = await Promise.all(sessions);
  expect(others.every((other) => other === one)).toBe(true);
  return one;
}

/** A customer's page loads again: with the token it has, it is in the same chat. */
async function reconnect(chat: Chat): Promise<void> {
  chat.client.close();
  chat.client = await connect(chat.token);
  const session = await chat.client.ask({ action: 'hello' });
  expect(session['sessionId']).toBe(chat.sessionId);
  chat.token = session['token'];
}
