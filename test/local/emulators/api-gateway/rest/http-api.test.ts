import { startRestApi } from '#local/emulators/api-gateway/rest/rest-api';
import { FakeFunctions, failing } from '../support/fake-functions.ts';
import { anHttpAssembly, anHttpStack } from '../support/http-stack.ts';
import { aRestAssembly } from '../support/rest-stack.ts';

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

  test.each([
    ['an unknown field', { statusCode: 200, body: '', cookies: [] }],
    ['a status that is none', { statusCode: 99, body: '' }],
    ['no object', 'thanks'],
  ])('passes %s of a function on as a failure', (_what, answer) =>
    withStack(
      async ({ post }) => {
        expect(await post('/prod/new-message')).toBe('500 {"message":"Internal Server Error"}');
      },
      () => answer,
    ),
  );

  test('waits no longer than its integration says', () =>
    withStack(
      async ({ post }) => {
        expect(await post('/prod/new-message')).toBe('503 {"message":"Service Unavailable"}');
      },
      () => new Promise(() => {}),
      { Handler: { TimeoutInMillis: 50 } },
    ));

  test('takes no body of more than 10 MB', () =>
    withStack(async ({ post, functions }) => {
      const body = 'x'.repeat(10 * 1024 * 1024 + 1);

      expect(await post('/prod/new-message', undefined, body)).toBe(
        '413 {"message":"Request Entity Too Large"}',
      );
      expect(functions.eventsOf('webhook')).toEqual([]);
    }));

  test('stands for itself: beside a REST API it would be unclear which one is meant', async () => {
    const both = [...anHttpAssembly().resources, ...aRestAssembly().resources];

    await expect(
      startRestApi({
        assembly: { ...anHttpAssembly(), resources: both },
        functions: new FakeFunctions({}),
      }),
    ).rejects.toThrow('API of webhooks');
  });

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
