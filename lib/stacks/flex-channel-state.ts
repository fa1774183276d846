import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ChannelSecrets } from '../constructs/channel-secrets.ts';
import { ChatTimers } from '../constructs/chat-timers.ts';
import { SessionTable } from '../constructs/session-table.ts';
import { ToFlexQueue } from '../constructs/to-flex-queue.ts';

export interface FlexChannelStateProps extends StackProps {
  /** Whether AWS refuses to delete this stack and its table. */
  readonly isProtected: boolean;
}

/**
 * What must outlive a deployment: sessions, secrets, and messages on their way. It all stays when
 * the stack is deleted, and nothing of it when the stack can't be made in the first place.
 */
export class FlexChannelState extends Stack {
  readonly sessions: SessionTable;
  readonly secrets: ChannelSecrets;
  readonly toFlex: ToFlexQueue;
  readonly timers: ChatTimers;

  constructor(scope: Construct, id: string, { isProtected, ...props }: FlexChannelStateProps) {
    super(scope, id, { ...props, terminationProtection: isProtected });
    this.sessions = new SessionTable(this, 'Sessions', isProtected);
    this.secrets = new ChannelSecrets(this, 'Secrets');
    this.toFlex = new ToFlexQueue(this, 'ToFlex');
    this.timers = new ChatTimers(this, 'ChatTimers');
    this.makeTableLast();

    // Exported also where nobody is ended by the clock, or nothing is watched: an export could not
    // be taken away from a stack that still uses it, and this one is deployed first.
    for (const value of [...this.timers.shared, ...this.toFlex.shared]) this.exportValue(value);

    new CfnOutput(this, 'TableName', { value: this.sessions.tableName });
    new CfnOutput(this, 'ToFlexQueueUrl', { value: this.toFlex.queueUrl });
    new CfnOutput(this, 'DeadLetterQueueUrl', { value: this.toFlex.deadLetterQueueUrl });
    new CfnOutput(this, 'TimersDeadLetterQueueUrl', { value: this.timers.deadLetterQueueUrl });
    new CfnOutput(this, 'SessionKeySecretArn', { value: this.secrets.sessionKeyArn });
    new CfnOutput(this, 'TwilioApiKeySecretArn', { value: this.secrets.twilioApiKeyArn });
    new CfnOutput(this, 'TwilioAuthTokenSecretArn', { value: this.secrets.twilioAuthTokenArn });
  }

  /**
   * A protected table can't be taken back when something else fails. It does not wait for policies
   * of queues: a stack that takes over what it has left can't take those, and would miss them.
   */
  private makeTableLast(): void {
    const parts = this.node.findAll();
    const others = parts.filter((part) => part instanceof CfnQueue || part instanceof CfnSecret);
    for (const table of parts.filter((part) => part instanceof CfnGlobalTable)) {
      for (const other of others) table.addResourceDependency(other);
    }
  }
}
