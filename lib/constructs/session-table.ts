import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ChannelFunction } from './channel-function.ts';

/** Sessions, their profiles and connections, and the way from a channel to its session. No message text. */
export class SessionTable extends Construct {
  readonly tableName: string;
  private readonly table: TableV2;

  /** @param isProtected whether AWS refuses to delete the table. */
  constructor(scope: Construct, id: string, isProtected: boolean) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: isProtected,
      // Without it customers in a chat would lose their agent.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.tableName = this.table.tableName;
  }

  /** For what begins sessions, connections and chats. Nothing scans: all access is by session or channel. */
  grantReadWrite(fn: ChannelFunction): void {
    this.grant(fn, ['Query', 'PutItem', 'UpdateItem', 'DeleteItem']);
  }

  /** For what comes from a channel (one GetItem) and changes or removes what its session has. */
  grantRelay(fn: ChannelFunction): void {
    this.grant(fn, ['GetItem', 'Query', 'UpdateItem', 'DeleteItem']);
  }

  /** For what looks at chats by the clock: reads a session, changes and removes what it has. */
  grantWatch(fn: ChannelFunction): void {
    this.grant(fn, ['Query', 'UpdateItem', 'DeleteItem']);
  }

  /** For what is told of a channel (one GetItem) and changes nothing: removes connections that are gone. */
  grantPassOn(fn: ChannelFunction): void {
    this.grant(fn, ['GetItem', 'Query', 'DeleteItem']);
  }

  /** For what only tells the customer something: finds the connections, and removes those that are gone. */
  grantTell(fn: ChannelFunction): void {
    this.grant(fn, ['Query', 'DeleteItem']);
  }

  private grant(fn: ChannelFunction, operations: readonly string[]): void {
    Grant.addToPrincipal({
      grantee: fn,
      actions: operations.map((operation) => `dynamodb:${operation}`),
      resourceArns: [this.table.tableArn],
    });
    fn.tell('tableName', this.tableName);
  }
}
