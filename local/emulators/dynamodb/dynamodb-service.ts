import { arn } from '#local/assembly/physical-ids';
import type { AwsAnswer, AwsPermission, AwsRequest, AwsService } from '../aws/aws-service.ts';
import type { Dynalite } from './dynalite-process.ts';

const TARGET = 'DynamoDB_20120810.';

/**
 * What the embedded database answers as DynamoDB does. Transactions, batches, scans and changes
 * of tables are refused.
 */
const ACTIONS: ReadonlySet<string> = new Set([
  'DeleteItem',
  'GetItem',
  'PutItem',
  'Query',
  'UpdateItem',
]);

/** DynamoDB in its JSON protocol, with dynalite behind it. */
export class DynamoDbService implements AwsService {
  readonly name = 'dynamodb';
  readonly #dynalite: Dynalite;

  constructor(dynalite: Dynalite) {
    this.#dynalite = dynalite;
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
    if (action === undefined) return refusal('UnknownOperationException', 'not emulated');
    if (parse(request)?.['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD') {
      // The database would leave the item out of the error without a word.
      return refusal(
        'ValidationException',
        'ReturnValuesOnConditionCheckFailure is not emulated by the local table',
      );
    }
    return this.#dynalite.forward(action, request.body);
  }
}

/** @returns undefined for what is not emulated. */
function actionOf({ method, headers }: AwsRequest): string | undefined {
  const target = headers['x-amz-target'] ?? '';
  const action = target.startsWith(TARGET) ? target.slice(TARGET.length) : '';
  return method === 'POST' && ACTIONS.has(action) ? action : undefined;
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
