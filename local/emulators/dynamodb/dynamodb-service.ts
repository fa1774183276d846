import { arn } from '#local/assembly/physical-ids';
import type { AwsAnswer, AwsPermission, AwsRequest, AwsService } from '../aws/aws-service.ts';
import type { DatabaseAction } from './database-actions.ts';
import type { EmbeddedDatabase } from './embedded-database.ts';

const TARGET = 'DynamoDB_20120810.';

/**
 * What the embedded database answers as DynamoDB does. Transactions, batches, scans and changes
 * of tables are refused.
 */
const ACTIONS = [
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'UpdateItem',
] as const satisfies readonly DatabaseAction[];

/** DynamoDB in its JSON protocol, with dynalite behind it. */
export class DynamoDbService implements AwsService {
  readonly name = 'dynamodb';
  readonly #database: EmbeddedDatabase;

  constructor(database: EmbeddedDatabase) {
    this.#database = database;
  }

  permissionFor(request: AwsRequest): AwsPermission | undefined {
    const action = actionOf(request);
    const parameters = parse(request);
    if (action === undefined || parameters === undefined) return undefined;
    const table = parameters['TableName'];
    const name = typeof table === 'string' ? table.replace(/^arn:.*:table\//, '') : '';
    return { action: `dynamodb:${action}`, resource: arn('dynamodb', `table/${name}`) };
  }

  async handle(request: AwsRequest): Promise<AwsAnswer> {
    const action = actionOf(request);
    const parameters = parse(request);
    if (action === undefined || parameters === undefined) {
      return refusal('UnknownOperationException', 'not emulated');
    }
    if (parameters['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD') {
      // The database would leave the item out of the error without a word.
      return refusal(
        'ValidationException',
        'ReturnValuesOnConditionCheckFailure is not emulated by the local table',
      );
    }
    return this.#database.answer(action, parameters);
  }
}

/** @returns undefined for what is not emulated. */
function actionOf({ method, headers }: AwsRequest): (typeof ACTIONS)[number] | undefined {
  const target = headers['x-amz-target'] ?? '';
  const action = target.startsWith(TARGET) ? target.slice(TARGET.length) : '';
  return ACTIONS.find((known) => method === 'POST' && known === action);
}

function parse({ body }: AwsRequest): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function refusal(code: string, message: string): AwsAnswer {
  return {
    status: 400,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: JSON.stringify({ __type: `com.amazon.coral.service#${code}`, message }),
  };
}
