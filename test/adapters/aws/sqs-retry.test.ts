import { SqsRetry } from '#adapters/aws/sqs-retry';
import {
  type HttpStub,
  type StubAnswer,
  startHttpStub,
  useAwsEndpoint,
} from '#test/support/http-stub';

const QUEUE_URL = 'https://sqs.eu-central-1.amazonaws.com/123456789012/ToFlex.fifo';

let stub: HttpStub;
let answer: StubAnswer;

beforeAll(async () => {
  stub = await startHttpStub(() => answer);
  useAwsEndpoint(stub.url);
});

beforeEach(() => {
  stub.requests.length = 0;
  answer = { status: 200, body: JSON.stringify({ Successful: [], Failed: [] }) };
});

afterAll(() => stub.stop());

describe('SqsRetry', () => {
  test('keeps all messages back alike, in whole seconds rounded up', async () => {
    await new SqsRetry(QUEUE_URL).retryAfter(['r1', 'r2'], 1_200);

    expect(JSON.parse(stub.requests[0]?.body ?? '')).toMatchObject({
      Entries: [
        { ReceiptHandle: 'r1', VisibilityTimeout: 2 },
        { ReceiptHandle: 'r2', VisibilityTimeout: 2 },
      ],
    });
  });

  test('asks for no more than the 12 hours that SQS allows', async () => {
    await new SqsRetry(QUEUE_URL).retryAfter(['r1'], 100 * 60 * 60_000);

    expect(JSON.parse(stub.requests[0]?.body ?? '')).toMatchObject({
      Entries: [{ VisibilityTimeout: 43_200 }],
    });
  });

  test('fails when SQS did not take one of them', async () => {
    answer = {
      status: 200,
      body: JSON.stringify({
        Successful: [],
        Failed: [{ Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true }],
      }),
    };

    await expect(new SqsRetry(QUEUE_URL).retryAfter(['r1'], 1_000)).rejects.toMatchObject({
      name: 'ChatError',
    });
  });

  test('fails with MISCONFIGURED when the role lacks the permission', async () => {
    answer = {
      status: 400,
      body: JSON.stringify({ __type: 'com.amazonaws.sqs#AccessDeniedException', message: 'no' }),
    };

    await expect(new SqsRetry(QUEUE_URL).retryAfter(['r1'], 1_000)).rejects.toMatchObject({
      code: 'MISCONFIGURED',
    });
  });
});
