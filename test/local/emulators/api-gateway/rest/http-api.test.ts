import { failing } from '../support/fake-functions.ts';
import { anHttpStack } from '../support/http-stack.ts';

type Stack = Awaited<ReturnType<typeof anHttpStack>>;

async function withStack(
  work: (stack: Stack) => Promise<void>,
  ...made: Parameters<typeof anHttpStack>
) {
  const stack = await anHttpStack(...made);
  await work(stack).finally(() => stack.close());
}

describe('HTTP API', () => {
  test('hands a form over in base64, with the names of headers in lower case', () =>
    withStack(async ({ post, functions }) => {
      expect(await post('/prod/new-message/s_1')).toBe('200 thanks');

      expect(functions.eventsOf('webhook')[0]).toMatchObject({
        version: '1.0',
        resource: '/new-message/{sessionId}',
        path: '/prod/new-message/s_1',
        pathParameters: { sessionId: 's_1' },
        headers: { 'x-twilio-signature': 'abc=' },
        body: Buffer.from('Body=hi').toString('base64'),
        isBase64Encoded: true,
      });
    }));

  test('hands JSON over as text', () =>
    withStack(async ({ post, functions }) => {
      await post('/prod/new-message', 'application/json; charset=utf-8');

      expect(functions.eventsOf('webhook')[0]).toMatchObject({
        body: 'Body=hi',
        isBase64Encoded: false,
      });
    }));

  test.each(['/prod/other', '/other/new-message', '/new-message', '/prod/new-message/a/b'])(
    'has nothing at %s',
    (path) =>
      withStack(async ({ post, functions }) => {
        expect(await post(path)).toBe('404 {"message":"Not Found"}');
        expect(functions.eventsOf('webhook')).toEqual([]);
      }),
  );

  test('says nothing of why a function failed', () =>
    withStack(async ({ post }) => {
      expect(await post('/prod/new-message')).toBe('500 {"message":"Internal Server Error"}');
    }, failing('boom')));

  test('invokes nothing without permission', () =>
    withStack(
      async ({ post, functions }) => {
        expect(await post('/prod/new-message')).toBe('500 {"message":"Internal Server Error"}');
        expect(functions.eventsOf('webhook')).toEqual([]);
      },
      undefined,
      { MessagePermission: { SourceArn: 'arn:aws:execute-api:us-east-1:000000000000:other/*' } },
    ));

  test('lets no more through than its stage allows', () =>
    withStack(
      async ({ post }) => {
        expect(await post('/prod/new-message')).toBe('200 thanks');
        expect(await post('/prod/new-message')).toBe('429 {"message":"Too Many Requests"}');
      },
      undefined,
      { Stage: { DefaultRouteSettings: { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 } } },
    ));

  test.each([
    ['Stage', { AutoDeploy: false }, 'without AutoDeploy'],
    ['Http', { CorsConfiguration: { AllowOrigins: ['*'] } }, 'CorsConfiguration'],
    ['Handler', { PayloadFormatVersion: '2.0' }, 'only payload format 1.0'],
    ['PostMessage', { AuthorizationType: 'JWT' }, 'authorizers'],
    ['PostMessage', { RouteKey: '$default' }, 'route $default is not emulated'],
  ])('refuses what it does not emulate: %s %j', async (id, properties, message) => {
    await expect(anHttpStack(undefined, { [id]: properties })).rejects.toThrow(message);
  });
});
