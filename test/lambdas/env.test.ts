import { readEnv } from '#lambdas/shared/env';

describe('readEnv', () => {
  test('reads the named variables', () => {
    const env = readEnv({ TABLE_NAME: 't', QUEUE_URL: 'q' }, 'tableName', 'queueUrl');

    expect(env).toEqual({ tableName: 't', queueUrl: 'q' });
  });

  test('names every variable that is missing or empty', () => {
    const read = () => readEnv({ QUEUE_URL: '' }, 'tableName', 'queueUrl');

    expect(read).toThrow('environment: TABLE_NAME, QUEUE_URL missing');
  });
});
