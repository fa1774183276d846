import type { AwsService } from '#local/emulators/aws/aws-service';
import { ServiceFaults } from '#local/emulators/aws/service-faults';
import { ManualClock } from '#test/support/manual-clock';

/** A service that notes each call and answers 200. */
function aService(name: string) {
  const handled: string[] = [];
  const clock = new ManualClock();
  const service: AwsService = {
    name,
    permissionFor: ({ path }) => ({ action: `${name}:${path}`, resource: '*' }),
    handle: async ({ path }) => {
      handled.push(path);
      return { status: 200 };
    },
  };
  const faults = new ServiceFaults(service, clock);
  const call = (action: string) =>
    faults.service.handle({ method: 'POST', path: action, headers: {}, body: Buffer.from('{}') });
  return { faults, call, handled, clock };
}

describe('faults of a service', () => {
  test('strike the next calls, as often as they are told', async () => {
    const { faults, call, handled } = aService('dynamodb');
    faults.prepare({ count: 2, error: 'ThrottlingException' })();

    const answers = [await call('GetItem'), await call('PutItem'), await call('PutItem')];

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 200]);
    expect(JSON.parse(String(answers[0]?.body))).toMatchObject({
      __type: 'com.amazonaws.dynamodb#ThrottlingException',
    });
    expect(handled).toEqual(['PutItem']);
  });

  test('strike one action only, where it is named', async () => {
    const { faults, call } = aService('sqs');
    faults.prepare({ count: 1, action: 'SendMessage', error: 'ServiceUnavailable' })();

    const answers = [await call('DeleteMessage'), await call('SendMessage')];

    expect(answers.map(({ status }) => status)).toEqual([200, 503]);
    expect(answers[1]?.headers).toMatchObject({
      'x-amzn-query-error': 'ServiceUnavailable;Receiver',
    });
  });

  test('may strike once the call has been carried out', async () => {
    const { faults, call, handled } = aService('dynamodb');
    faults.prepare({ count: 1, error: 'InternalServerError', afterCommit: true })();

    expect((await call('PutItem')).status).toBe(500);
    expect(handled).toEqual(['PutItem']);
  });

  test('may only hold a call back', async () => {
    const { faults, call, handled, clock } = aService('secretsmanager');
    faults.prepare({ count: 1, delayMs: 500 })();

    const answer = call('GetSecretValue');
    const before = [...handled];
    clock.advance(500);

    expect((await answer).status).toBe(200);
    expect(before).toEqual([]);
  });

  test('end with a plan without them', async () => {
    const { faults, call } = aService('sqs');
    faults.prepare({ count: 9, error: 'InternalFailure' })();

    faults.prepare(undefined)();

    expect((await call('SendMessage')).status).toBe(200);
  });

  test.each<[service: string, plan: unknown, field: string]>([
    ['dynamodb', 'none', 'dynamodb'],
    ['dynamodb', null, 'dynamodb'],
    ['dynamodb', {}, 'dynamodb.count'],
    ['dynamodb', { count: 1, error: 'RequestThrottled' }, 'dynamodb.error'],
    ['sqs', { count: 1, error: 'ThrottlingException' }, 'sqs.error'],
    ['sqs', { count: 1, action: '' }, 'sqs.action'],
    ['sqs', { count: 1, delayMs: -1 }, 'sqs.delayMs'],
    ['secretsmanager', { count: 1, times: 2 }, 'secretsmanager.times'],
    ['secretsmanager', { count: 1, constructor: 2 }, 'secretsmanager.constructor'],
  ])('of %s refuse %j, naming the field, and leave the earlier plan', async (name, plan, field) => {
    const { faults, call } = aService(name);
    const [error] = { dynamodb: ['ThrottlingException'], sqs: ['InternalFailure'] }[name] ?? [
      'InternalServiceError',
    ];
    faults.prepare({ count: 1, error })();

    expect(() => faults.prepare(plan)).toThrow(`${field}: `);
    expect((await call('Any')).status).not.toBe(200);
  });
});
