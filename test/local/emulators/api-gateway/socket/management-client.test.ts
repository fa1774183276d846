import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import type { AwsService } from '#local/emulators/aws/aws-service';
import { API_ID } from '../support/socket-assembly.ts';
import { aSocketStack, endSocketStacks, type SocketStack } from '../support/socket-stack.ts';

const cleanUps: (() => void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
  await endSocketStacks();
});

/** A front door that lets everybody in. */
async function serve(service: AwsService): Promise<number> {
  const server = createServer(async (incoming, response) => {
    const { method = '', url: path = '' } = incoming;
    const body = await buffer(incoming);
    const answer = await service.handle({ method, path, headers: {}, body });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

async function aClient(stack: SocketStack) {
  const port = await serve(stack.api.service);
  const client = new ApiGatewayManagementApiClient({
    endpoint: `http://127.0.0.1:${port}/${API_ID}/live`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  cleanUps.push(() => client.destroy());
  return client;
}

const lastId = (stack: SocketStack): string =>
  stack.functions.eventsOf('connect').at(-1).requestContext.connectionId;

describe('AWS client for @connections', () => {
  test('posts, describes and deletes', async () => {
    const stack = await aSocketStack({}, { random: () => 0.999 });
    const client = await stack.connect();
    const aws = await aClient(stack);
    const ConnectionId = lastId(stack);

    await aws.send(new PostToConnectionCommand({ ConnectionId, Data: 'hi' }));
    const description = await aws.send(new GetConnectionCommand({ ConnectionId }));
    await aws.send(new DeleteConnectionCommand({ ConnectionId }));

    expect(await client.receives(1)).toEqual(['hi']);
    expect(description.Identity).toMatchObject({ SourceIp: '127.0.0.1' });
    expect(description.ConnectedAt).toBeInstanceOf(Date);
    expect((await client.closed).code).toBe(1000);
  });

  test.each([
    ['gone', 'GoneException'],
    ['throttled', 'LimitExceededException'],
  ])('knows the failure %s by name', async (answer, name) => {
    const stack = await aSocketStack();
    await stack.connect();
    const aws = await aClient(stack);
    stack.api.faults.set({ post: { answer, count: 1 } });

    const post = new PostToConnectionCommand({ ConnectionId: lastId(stack), Data: 'hi' });

    await expect(aws.send(post)).rejects.toMatchObject({ name });
  });

  test('knows a body that is too large by name', async () => {
    const stack = await aSocketStack();
    await stack.connect();
    const aws = await aClient(stack);
    const Data = 'x'.repeat(131_073);

    const post = new PostToConnectionCommand({ ConnectionId: lastId(stack), Data });

    await expect(aws.send(post)).rejects.toMatchObject({ name: 'PayloadTooLargeException' });
  });
});
