import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { awsError } from './aws-errors.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';

/** Where an item is: partition and sort key. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** A stored item, not parsed yet. */
export type StoredItem = Record<string, unknown>;

export interface ItemCondition {
  readonly expression: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** One change of one item. */
export interface ItemUpdate {
  readonly expression: string;
  /** Absent: holds always. */
  readonly condition?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The one table, in plain values. All reads are strongly consistent. */
export class DynamoTable {
  readonly #name: string;
  readonly #client: DynamoDBClient;

  constructor(name: string, client = new DynamoDBClient(CLIENT_SETTINGS)) {
    this.#name = name;
    this.#client = client;
  }

  async put(item: ItemKey & StoredItem): Promise<void> {
    const command = new PutItemCommand({ TableName: this.#name, Item: marshall(item) });
    await attempt('PutItem', () => this.#client.send(command));
  }

  /**
   * Deleting what is not there, or what does not meet the condition, is no error.
   * @returns whether this call deleted it.
   */
  async delete(key: ItemKey, condition?: ItemCondition): Promise<boolean> {
    const command = new DeleteItemCommand({
      TableName: this.#name,
      Key: marshall(key),
      ReturnValues: 'ALL_OLD',
      ...(condition && {
        ConditionExpression: condition.expression,
        ExpressionAttributeValues: marshall(condition.values),
      }),
    });
    return attempt('DeleteItem', async () => {
      try {
        return (await this.#client.send(command)).Attributes !== undefined;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });
  }

  async get(key: ItemKey): Promise<StoredItem | undefined> {
    const command = new GetItemCommand({
      TableName: this.#name,
      Key: marshall(key),
      ConsistentRead: true,
    });
    const { Item } = await attempt('GetItem', () => this.#client.send(command));
    return Item && unmarshall(Item);
  }

  /**
   * All items of a partition, by sort key. One call, unless they exceed 1 MB.
   * @param prefix of the sort keys that are wanted.
   */
  async query(pk: string, prefix = ''): Promise<StoredItem[]> {
    const items: StoredItem[] = [];
    let start: Record<string, AttributeValue> | undefined;
    do {
      const command = new QueryCommand({
        TableName: this.#name,
        KeyConditionExpression:
          prefix === '' ? 'pk = :pk' : 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: marshall({
          ':pk': pk,
          ...(prefix !== '' && { ':prefix': prefix }),
        }),
        ConsistentRead: true,
        ...(start && { ExclusiveStartKey: start }),
      });
      const page = await attempt('Query', () => this.#client.send(command));
      items.push(...(page.Items ?? []).map((item) => unmarshall(item)));
      start = page.LastEvaluatedKey;
    } while (start);
    return items;
  }

  /** @returns the item after the update, undefined when the condition did not hold. */
  async update(key: ItemKey, update: ItemUpdate): Promise<StoredItem | undefined> {
    const command = new UpdateItemCommand({
      TableName: this.#name,
      Key: marshall(key),
      UpdateExpression: update.expression,
      ...(update.condition !== undefined && { ConditionExpression: update.condition }),
      ExpressionAttributeValues: marshall(update.values),
      ...(update.names && { ExpressionAttributeNames: update.names }),
      ReturnValues: 'ALL_NEW',
    });
    try {
      const { Attributes } = await this.#client.send(command);
      return unmarshall(Attributes ?? {});
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw awsError('dynamodb UpdateItem', error);
    }
  }
}

async function attempt<Output>(action: string, call: () => Promise<Output>): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    throw awsError(`dynamodb ${action}`, error);
  }
}
