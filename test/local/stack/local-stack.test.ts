import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LocalStack, startLocalStack } from '#local/stack/local-stack';
import { createAgentDesk } from '#test/support/agent-desk';
import { connectClient } from '#test/support/protocol-client';
import { synthesize } from '#test/support/synthesizer/synthesize';

const PROJECT = path.join(import.meta.dirname, '..', '..', '..');
const aDirectory = () => mkdtempSync(path.join(tmpdir(), 'local-stack-'));

describe('startLocalStack', () => {
  let outDirectory: string;
  let stack: LocalStack;

  beforeAll(async () => {
    outDirectory = aDirectory();
    stack = await startLocalStack({ pagePort: 0, outDirectory });
  });
  afterAll(() => stack.stop());

  test('writes its addresses, all of this machine, into outputs.json', () => {
    const outputs = JSON.parse(readFileSync(path.join(outDirectory, 'outputs.json'), 'utf8'));

    expect(outputs).toEqual({
      CustomerSocketUrl: expect.stringMatching(/^ws:\/\/127\.0\.0\.1:\d+\/live$/),
      WebhookUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/prod$/),
      TwilioUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      PageUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
  });

  test('has the templates that the stacks of other tests have', async () => {
    const quick = path.join(outDirectory, 'quick');
    await synthesize({ config: path.join(outDirectory, 'config.json'), outDirectory: quick });

    for (const name of ['FlexChannel', 'FlexChannelState']) {
      const [own, theirs] = [path.join(outDirectory, 'cdk.out'), quick].map((directory) =>
        JSON.parse(readFileSync(path.join(directory, `${name}.template.json`), 'utf8')),
      );
      expect(theirs).toEqual(own);
    }
  });

  test('carries a chat both ways with every AWS call granted, and none of its text in a log', async () => {
    const desk = createAgentDesk(stack.outputs.TwilioUrl);
    const customer = await connectClient(stack.outputs.CustomerSocketUrl);

    const { token } = await customer.ask({ action: 'hello', profile: { name: 'Kim Possible' } });
    await customer.ask({ action: 'sendMessage', id: 'm1', body: 'is my parcel lost?' });
    const echo = await customer.next('message');
    const task = await desk.taskOf('Kim Possible');
    await desk.accept(task.sid);
    await desk.answer(task.sid, 'it is on its way');
    const answer = await customer.next('message', ({ author }) => author.role === 'agent');
    customer.close();

    expect(echo['body']).toBe('is my parcel lost?');
    expect(answer['body']).toBe('it is on its way');
    expect(stack.frontDoor.audit.filter(({ allowed }) => !allowed)).toEqual([]);
    const services = new Set(stack.frontDoor.audit.map(({ service }) => service));
    expect([...services].sort()).toEqual(['dynamodb', 'execute-api', 'secretsmanager', 'sqs']);
    const log = JSON.stringify(stack.logs.lines);
    expect(log).not.toMatch(/parcel|on its way|Possible/);
    expect(log).not.toContain(token);
  });

  test('serves all of both APIs from their first deployment on', () => {
    expect([stack.socket.leftOut, stack.rest.leftOut]).toEqual([[], []]);
  });

  test('lets the page in by its origin, and a stranger not', async () => {
    const open = (origin: string) => {
      const url = stack.outputs.CustomerSocketUrl.replace('ws:', 'http:');
      const headers = {
        origin,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
        'sec-websocket-protocol': 'flex-channel.v1',
      };
      return statusOf(url, headers);
    };

    expect(await open(stack.outputs.PageUrl)).toBe(101);
    expect(await open('http://stranger.example')).toBe(403);
  });

  test('refuses a second start on the same page port', async () => {
    const pagePort = Number(new URL(stack.outputs.PageUrl).port);

    const second = startLocalStack({ pagePort, outDirectory: aDirectory() });

    await expect(second).rejects.toThrow(`Port ${pagePort} is in use`);
  });

  test('says what is wrong with a configuration that the app refuses, without a stack trace', async () => {
    const directory = aDirectory();
    const config = path.join(directory, 'broken.json');
    const local = JSON.parse(readFileSync(path.join(PROJECT, 'config', 'local.json'), 'utf8'));
    writeFileSync(
      config,
      JSON.stringify({ ...local, twilio: { ...local.twilio, accountSid: 'AC1' } }),
    );

    const error = await startLocalStack({ pagePort: 0, outDirectory: directory, config }).catch(
      (reason: Error) => reason,
    );

    expect(error).toMatchObject({ name: 'StartError' });
    expect(String(error)).toMatch(/can't be used:\n.*twilio\.accountSid/s);
    expect(String(error)).not.toMatch(/^\s+at /m);
  });

  test('stops everything: nothing listens any more', async () => {
    const { CustomerSocketUrl, ...web } = stack.outputs;
    const urls = [CustomerSocketUrl.replace('ws:', 'http:'), ...Object.values(web)];

    await stack.stop();

    for (const url of urls) await expect(fetch(url)).rejects.toThrow('fetch failed');
  });
});

/** Status of a handshake, whatever comes of it. */
async function statusOf(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { headers });
    outgoing.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('response', (response) => resolve(response.statusCode ?? 0));
    outgoing.on('error', reject).end();
  });
}
