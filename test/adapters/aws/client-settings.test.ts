import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CLIENT_SETTINGS } from '#adapters/aws/client-settings';
import { startResettingServer } from '#test/support/resetting-server';

test('a client of AWS uses none of several connections that were reset in a long freeze', async () => {
  const server = await startResettingServer();
  const client = new DynamoDBClient({
    ...CLIENT_SETTINGS,
    endpoint: server.url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'AKID', secretAccessKey: 'made-up' },
  });
  const get = () => client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: '1' } } }));
  const several = () => Promise.all([get(), get(), get(), get()]);
  try {
    await several();

    server.resetWhileFrozen();
    const thawedAtMs = Date.now() + 60_000;
    jest.spyOn(Date, 'now').mockReturnValue(thawedAtMs);

    const tries = (await several()).map(({ $metadata: { attempts } }) => attempts);
    expect(tries).toEqual([1, 1, 1, 1]);
  } finally {
    jest.restoreAllMocks();
    client.destroy();
    await server.close();
  }
});
