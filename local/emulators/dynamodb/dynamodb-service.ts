import { arn } from '#local/assembly/physical-ids';
import type { AwsAnswer, AwsPermission, AwsRequest, AwsService } from '../aws/aws-service.ts';
import { JsonProtocol } from '../aws/json-protocol.ts';
import type { DatabaseAction } from './database-actions.ts';
import type { EmbeddedDatabase } from './embedded-database.ts';

const PROTOCOL = new JsonProtocol('DynamoDB_20120810', '1.0');

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
    const call = readCall(request);
    if (call === undefined) return undefined;
    const table = call.parameters['TableName'];
    const name = typeof table === 'string' ? table.replace(/^arn:.*:table\//, '') : '';
    return { action: `dynamodb:${call.action}`, resource: arn('dynamodb', `table/${name}`) };
  }

  async handle(request: AwsRequest): Promise<AwsAnswer> {
    const call = readCall(request);
    if (call === undefined) return refusal('UnknownOperationException', 'not emulated');
    if (call.parameters['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD') {
      // The database would leave the item out of the error without a word.
      return refusal(
        'ValidationException',
        'ReturnValuesOnConditionCheckFailure is not emulated by the local table',
      );
    }
    const { status, body } = await this.#database.answer(call.action, call.parameters);
    return PROTOCOL.answer(body, status);
  }
}

/** @returns undefined for what is not emulated. */
function readCall(request: AwsRequest) {
  const call = PROTOCOL.read(request);
  const action = ACTIONS.find((known) => known === call?.action);
  return call && action && { action, parameters: call.parameters };
}

const refusal = (code: string, message: string): AwsAnswer =>
  PROTOCOL.error(`com.amazon.coral.service#${code}`, message);
