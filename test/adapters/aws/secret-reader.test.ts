import { SecretReader } from '#adapters/aws/secret-reader';
import {
  type HttpStub,
  type StubBehaviour,
  startHttpStub,
  useAwsEndpoint,
} from '#test/support/http-stub';

const ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf';
const OTHER_ARN = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:other-AbCdEf';
const MINUTE_MS = 60_000;

let answer: StubBehaviour;
let stub: HttpStub;
let nowMs: number;

beforeAll(async () => {
  stub = await startHttpStub(() => answer);
  useAwsEndpoint(stub.url);
});

beforeEach(() => {
  stub.requests.length = 0;
  nowMs = 0;
});

afterAll(() => stub.stop());

const createReader = () => new SecretReader(() => nowMs);
const secret = (text: string) => ({ status: 200, body: JSON.stringify({ SecretString: text }) });
const error = (type: string) => ({ status: 400, body: JSON.stringify({ __type: type }) });

describe('SecretReader', () => {
  test('reads the text of a secret with one signed request', async () => {
    answer = secret('s3cret');

    expect(await createReader().read(ARN)).toBe('s3cret');
    expect(stub.requests).toHaveLength(1);
    const [request] = stub.requests;
    expect(request?.headers['x-amz-target']).toBe('secretsmanager.GetSecretValue');
    expect(request?.headers.authorization).toMatch(/\/secretsmanager\/aws4_request/);
    expect(JSON.parse(request?.body ?? '')).toEqual({ SecretId: ARN });
  });

  test('keeps the text for 5 minutes', async () => {
    const reader = createReader();
    answer = secret('old');
    await reader.read(ARN);
    answer = secret('new');

    nowMs = 5 * MINUTE_MS - 1;
    const before = await reader.read(ARN);
    nowMs = 5 * MINUTE_MS;
    const after = await reader.read(ARN);

    expect([before, after]).toEqual(['old', 'new']);
  });

  test('keeps secrets apart', async () => {
    const reader = createReader();
    answer = secret('one');
    await reader.read(ARN);
    answer = secret('two');

    expect([await reader.read(OTHER_ARN), await reader.read(ARN)]).toEqual(['two', 'one']);
  });

  test('shares one request among reads at the same time', async () => {
    answer = secret('s3cret');
    const reader = createReader();

    const texts = await Promise.all([reader.read(ARN), reader.read(ARN), reader.refresh(ARN)]);

    expect(texts).toEqual(['s3cret', 's3cret', 's3cret']);
    expect(stub.requests).toHaveLength(1);
  });

  test('keeps the old text when it cannot be read again, and tries again after 30 s', async () => {
    const reader = createReader();
    answer = secret('old');
    await reader.read(ARN);
    answer = error('AccessDeniedException');
    nowMs = 5 * MINUTE_MS;
    const duringFailure = await reader.read(ARN);
    answer = secret('new');

    nowMs += 29_999;
    const tooSoon = await reader.read(ARN);
    nowMs += 1;
    const later = await reader.read(ARN);

    expect([duringFailure, tooSoon, later]).toEqual(['old', 'old', 'new']);
  });

  test('asks for a secret that was never read once per 5 s, whoever asks', async () => {
    const reader = createReader();
    answer = error('ResourceNotFoundException');
    const codeOf = (reading: Promise<string>) => reading.catch((thrown) => thrown.code);
    const failure = await reader.read(ARN).catch((thrown) => thrown);
    stub.requests.length = 0;

    nowMs = 4_999;
    for (let n = 0; n < 20; n += 1) {
      expect(await codeOf(reader.read(ARN))).toBe('MISCONFIGURED');
      expect(await codeOf(reader.refresh(ARN))).toBe('MISCONFIGURED');
    }
    expect(stub.requests).toHaveLength(0);
    answer = secret('s3cret');
    const other = await reader.read(OTHER_ARN);
    nowMs = 5_000;

    expect(failure).toMatchObject({ code: 'MISCONFIGURED' });
    expect(failure.message).toContain(ARN);
    expect([other, await reader.read(ARN)]).toEqual(['s3cret', 's3cret']);
  });

  test.each([
    ['UPSTREAM_UNAVAILABLE', 'a failing service', { status: 500 }],
    ['MISCONFIGURED', 'a missing permission', error('AccessDeniedException')],
    ['MISCONFIGURED', 'a key that does not decrypt', error('DecryptionFailure')],
    ['MISCONFIGURED', 'a secret without text', { status: 200, body: '{"SecretBinary":"YQ=="}' }],
    ['MISCONFIGURED', 'an empty secret', secret('')],
  ])('rejects with %s on %s', async (code, _case, behaviour) => {
    answer = behaviour;

    await expect(createReader().read(ARN)).rejects.toMatchObject({ code });
  });

  test('sees a rotated secret at once when a refresh is asked for', async () => {
    const reader = createReader();
    answer = secret('old');
    await reader.read(ARN);
    answer = secret('new');

    expect(await reader.refresh(ARN)).toBe('new');
    expect(await reader.read(ARN)).toBe('new');
  });

  test('refreshes a secret at most once per 30 s, others independently', async () => {
    const reader = createReader();
    answer = secret('first');
    await reader.refresh(ARN);
    answer = secret('second');

    nowMs = 29_999;
    const tooSoon = await reader.refresh(ARN);
    const other = await reader.refresh(OTHER_ARN);
    nowMs = 30_000;
    const later = await reader.refresh(ARN);

    expect([tooSoon, other, later]).toEqual(['first', 'second', 'second']);
  });

  test('shares one request, and what it brings, among refreshes at the same time', async () => {
    const reader = createReader();
    answer = secret('old');
    await reader.read(ARN);
    stub.requests.length = 0;
    answer = secret('new');

    const texts = await Promise.all([reader.refresh(ARN), reader.refresh(ARN)]);

    expect(texts).toEqual(['new', 'new']);
    expect(stub.requests).toHaveLength(1);
  });

  test('keeps the old text when a refresh fails', async () => {
    const reader = createReader();
    answer = secret('old');
    await reader.read(ARN);
    answer = error('AccessDeniedException');

    expect(await reader.refresh(ARN)).toBe('old');
  });
});
