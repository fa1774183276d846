import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoConnectionStore } from '#adapters/aws/dynamo-connection-store';
import { DynamoSessionStore } from '#adapters/aws/dynamo-session-store';
import { connectionId, sessionId } from '#core/ids';
import { type RunOptions, runCommand } from '#test/support/admin-command';
import {
  type HttpStub,
  type StubAnswer,
  type StubRequest,
  startHttpStub,
  useAwsEndpoint,
} from '#test/support/http-stub';
import { type LocalDynamo, startDynamo } from '#test/support/local-table';

const SESSION = sessionId('session-1');
const OTHER = sessionId('session-2');
const GONE = { status: 410, headers: { 'x-amzn-ErrorType': 'GoneException' } };
const HOUR_MS = 60 * 60_000;

let dynamo: LocalDynamo;
let api: HttpStub;
/** What the API answers by connection, or by method; it takes everything for the others. */
let answers: Map<string, StubAnswer>;
let methods: Map<string, StubAnswer>;
let sessions: DynamoSessionStore;
let connections: DynamoConnectionStore;
let outputs: string;

beforeAll(async () => {
  dynamo = await startDynamo();
  const at = await dynamo.client.config.endpoint?.();
  useAwsEndpoint('http://127.0.0.1:1');
  process.env['AWS_ENDPOINT_URL_DYNAMODB'] = `http://${at?.hostname}:${at?.port}`;
});

beforeEach(async () => {
  answers = new Map();
  methods = new Map();
  api = await startHttpStub(
    (request) =>
      methods.get(request.method) ?? answers.get(connectionOf(request)) ?? { status: 200 },
  );
  const { table, name } = await dynamo.createTable();
  sessions = new DynamoSessionStore(table);
  connections = new DynamoConnectionStore(table);
  outputs = join(mkdtempSync(join(tmpdir(), 'outputs-')), 'outputs.json');
  const stacks = {
    'prod-FlexChannel': { CustomerSocketCallbackUrl: `${api.url}/live` },
    'prod-FlexChannelState': { TableName: name },
    'old-FlexChannelState': { TableName: name },
    'other-FlexChannel': { CustomerSocketCallbackUrl: `${api.url}/live` },
    'other-FlexChannelState': { TableName: 'no-such-table' },
  };
  writeFileSync(outputs, JSON.stringify(stacks));
});

afterEach(() => api.stop());

afterAll(() => dynamo.stop());

const connectionOf = ({ path }: StubRequest): string => path.split('/').at(-1) ?? '';

const calls = (): string[] =>
  api.requests.map((request) => `${request.method} ${connectionOf(request)}`).sort();

async function aSession(id = SESSION, ...tabs: string[]): Promise<void> {
  const nowMs = Date.now();
  await sessions.renew(id, nowMs, nowMs + HOUR_MS);
  for (const tab of tabs) await connections.add(id, connectionId(tab), nowMs, nowMs + HOUR_MS);
}

const isLive = async (id = SESSION): Promise<boolean> =>
  (await sessions.find(id, Date.now() + 1)) !== undefined;

const revoke = (options: string, how: RunOptions = {}) =>
  runCommand(`revoke --stage prod --outputs ${outputs} ${options}`, how);

describe('flex-channel revoke', () => {
  test('voids the session, and tells and closes each of its connections', async () => {
    await aSession(SESSION, 'tab-1', 'tab-2');

    const { code, out } = await revoke(`--session ${SESSION} --yes`);

    expect(code).toBe(0);
    expect(out).toContain('Revoked. Connections closed: 2.');
    expect(await isLive()).toBe(false);
    await expect(sessions.renew(SESSION, Date.now(), Date.now() + HOUR_MS)).rejects.toMatchObject({
      code: 'SESSION_GONE',
    });
    expect(calls()).toEqual(['DELETE tab-1', 'DELETE tab-2', 'POST tab-1', 'POST tab-2']);
    expect(JSON.parse(api.requests[0]?.body ?? '')).toEqual({
      type: 'closing',
      reason: 'revoked',
      reconnect: false,
    });
  });

  test('shows the chat and the connections before it asks', async () => {
    await aSession(SESSION, 'tab-1');

    const { out, questions } = await revoke(`--session ${SESSION}`, { answers: ['y'] });

    expect(questions).toEqual(['End this session for good? [y/N] ']);
    expect(out).toMatch(/chat: {8}1, not begun\n {2}connections: 1/);
    expect(await isLive()).toBe(false);
  });

  test('takes an id that begins with a dash, as one in 64 does', async () => {
    const id = sessionId('-dQw4w9WgXcQ_dQw4w9WgX');
    await aSession(id);

    const { code } = await revoke(`--session ${id} --yes`);

    expect(code).toBe(0);
    expect(await isLive(id)).toBe(false);
  });

  test.each(['--session --yes', '--session -h'])('takes no option for an id: %s', async (line) => {
    expect((await revoke(line)).code).toBe(2);
  });

  test("leaves other sessions' connections open", async () => {
    await aSession(SESSION, 'tab-1');
    await aSession(OTHER, 'tab-2');

    await revoke(`--session ${SESSION} --yes`);

    expect(calls()).toEqual(['DELETE tab-1', 'POST tab-1']);
    expect(await isLive(OTHER)).toBe(true);
  });

  test.each([
    ['', ['n'], 1],
    ['', [''], 1],
    ['--dry-run', undefined, 0],
    ['', undefined, 2],
  ])('changes nothing with "%s" and the answers %j', async (options, given, expected) => {
    await aSession(SESSION, 'tab-1');

    const { code } = await revoke(
      `--session ${SESSION} ${options}`.trim(),
      given && { answers: given },
    );

    expect(code).toBe(expected);
    expect(calls()).toEqual([]);
    expect(await isLive()).toBe(true);
  });

  test('takes a connection that is gone for closed', async () => {
    await aSession(SESSION, 'tab-1');
    answers.set('tab-1', GONE);

    const { code, out } = await revoke(`--session ${SESSION} --yes --json`);

    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      stage: 'prod',
      sessionId: SESSION,
      isRevoked: true,
      closed: 1,
      notReached: 0,
    });
  });

  test('voids the session all the same when a connection is not reached, and says so', async () => {
    await aSession(SESSION, 'tab-1', 'tab-2');
    answers.set('tab-2', {
      status: 403,
      headers: { 'x-amzn-ErrorType': 'AccessDeniedException' },
      body: '{"message":"no"}',
    });

    const { code, out } = await revoke(`--session ${SESSION} --yes`);

    expect(code).toBe(1);
    expect(out).toContain('Connections closed: 1.');
    expect(out).toMatch(/Not reached: 1 \(.*AccessDeniedException/);
    expect(await isLive()).toBe(false);
  });

  test('closes a connection that takes no word any more', async () => {
    await aSession(SESSION, 'deaf');
    const full = { status: 429, headers: { 'x-amzn-ErrorType': 'LimitExceededException' } };
    methods.set('POST', full);

    const { code, out } = await revoke(`--session ${SESSION} --yes`);

    expect(code).toBe(0);
    expect(out).toContain('Revoked. Connections closed: 1.');
    expect(calls()).toContain('DELETE deaf');
  });

  test.each(['no-such-session', OTHER])('knows no session %s, and says so', async (id) => {
    await aSession(OTHER, 'tab-1');
    await revoke(`--session ${OTHER} --yes`);

    const { code, err } = await revoke(`--session ${id} --yes`);

    expect(code).toBe(1);
    expect(err).toContain(`There is no session ${id}: never begun, expired or revoked.`);
  });

  test('takes table and address from the command line as well', async () => {
    await aSession(SESSION, 'tab-1');

    const line = `revoke --stage old --outputs ${outputs} --session ${SESSION} --yes`;
    const { code } = await runCommand(`${line} --callback-url ${api.url}/live`);

    expect(code).toBe(0);
    expect(calls()).toEqual(['DELETE tab-1', 'POST tab-1']);
  });

  test.each([
    [
      'revoke --stage prod --session s',
      'Pass --outputs <file>, or --table-name and --callback-url.',
    ],
    ['revoke --stage prod --outputs missing.json --session s', 'missing.json does not exist'],
    ['revoke --stage prod', 'Pass --session <id>.'],
    ['revoke --stage prod --session=', 'Pass --session <id>.'],
    ['revoke --session s', 'Pass --stage <name>'],
  ])('ends "%s" as a wrong command line', async (line, message) => {
    const { code, err } = await runCommand(line);

    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('names the output that an older deployment lacks', async () => {
    const line = `revoke --stage old --outputs ${outputs} --session ${SESSION} --yes`;

    const { code, err } = await runCommand(line);

    expect(code).toBe(2);
    expect(err).toContain('has no CustomerSocketCallbackUrl of stage old. Deploy it, or pass');
  });

  test('names a table that does not exist', async () => {
    const line = `revoke --stage other --outputs ${outputs} --session ${SESSION} --yes`;

    const { code, err } = await runCommand(line);

    expect(code).toBe(1);
    expect(err).toContain('Table no-such-table: it does not exist; check that stage');
  });
});

describe('a session that is none', () => {
  const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzZXNzaW9uLTEifQ.c2lnbmF0dXJl';

  const REVOKE = 'revoke --stage prod';
  const REDRIVE = 'redrive --stage prod --queue-url http://u --dead-letter-queue-url http://d';

  test.each([
    [REVOKE, TOKEN],
    [REDRIVE, TOKEN],
    [REVOKE, `token.${TOKEN}`],
    [REDRIVE, 'x'.repeat(65)],
    [REVOKE, 'a\u001b[2J'],
  ])('"%s" refuses %j without repeating it', async (line, session) => {
    const { code, out, err } = await runCommand(`${line} --session ${session}`);

    expect(code).toBe(2);
    expect(err).toContain('--session: expected the id of a session');
    expect(out + err).not.toContain(session);
  });
});
