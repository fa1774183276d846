import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { DynamoTable } from '#adapters/aws/dynamo-table';

/** dynalite has no types of its own. */
const dynalite = jest.requireActual<(options: { createTableMs: number }) => Server>('dynalite');

/** Any credentials will do: nothing in these tests checks a signature. */
export const TEST_CLIENT = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
} as const;

/** DynamoDB in this process. */
export interface LocalDynamo {
  readonly client: DynamoDBClient;
  /** A fresh, empty table under our keys, and its name. */
  createTable(): Promise<{ table: DynamoTable; name: string }>;
  stop(): Promise<void>;
}

export async function startDynamo(config: DynamoDBClientConfig = {}): Promise<LocalDynamo> {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new DynamoDBClient({
    ...TEST_CLIENT,
    endpoint: `http://127.0.0.1:${port}`,
    ...config,
  });
  let tables = 0;
  return {
    client,
    createTable: async () => {
      tables += 1;
      const name = `sessions-${tables}`;
      await createTable(client, name);
      return { table: new DynamoTable(name, client), name };
    },
    stop: async () => {
      client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
  const description = new DescribeTableCommand({ TableName: name });
  while ((await client.send(description)).Table?.TableStatus !== 'ACTIVE') {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
