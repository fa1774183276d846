import type { FunctionSettings } from '#local/emulators/lambda/function-settings';
import { functionEnvironment } from '#local/stack/function-environment';

const SETTINGS: FunctionSettings = {
  name: 'fn',
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:fn',
  runtime: 'nodejs24.x',
  handler: { file: '/out/asset/index.mjs', name: 'handler' },
  environment: { CALLBACK: 'https://abc.execute-api.us-east-1.amazonaws.com/live', KEPT: 'as is' },
  timeoutMs: 3_000,
  memoryMb: 256,
  logGroup: 'logs',
};
const CALLER = { name: 'fn', accessKeyId: 'AKIA1', secretAccessKey: 's', statements: [] };
const ADDRESSES = {
  awsUrl: 'http://127.0.0.1:1',
  twilioUrl: 'http://127.0.0.1:2',
  endpoints: { 'https://abc.execute-api.us-east-1.amazonaws.com': 'http://127.0.0.1:1/abc' },
};

describe('functionEnvironment', () => {
  test("has the function's variables with local addresses, its key and its endpoints", () => {
    const environment = functionEnvironment(SETTINGS, [CALLER], ADDRESSES);

    expect(environment).toMatchObject({
      CALLBACK: 'http://127.0.0.1:1/abc/live',
      KEPT: 'as is',
      AWS_REGION: 'us-east-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      LAMBDA_TASK_ROOT: '/out/asset',
      _HANDLER: 'index.handler',
      AWS_ACCESS_KEY_ID: 'AKIA1',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      TWILIO_ENDPOINT_URL: 'http://127.0.0.1:2',
    });
  });

  test('takes nothing but PATH from the parent', () => {
    process.env['PARENT_SECRET'] = 'hidden';

    const environment = functionEnvironment(SETTINGS, [CALLER], ADDRESSES);

    expect(environment).not.toHaveProperty('PARENT_SECRET');
    expect(environment).not.toHaveProperty('HOME');
  });

  test('refuses a function without a role, and one that runs too early', () => {
    expect(() => functionEnvironment(SETTINGS, [], ADDRESSES)).toThrow('fn has no role');
    expect(() => functionEnvironment(SETTINGS, [CALLER], undefined)).toThrow(
      'fn was invoked during the start',
    );
  });
});
