import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ChannelFunction } from './channel-function.ts';
import { deadLettersMetric } from './dead-letters.ts';

/** Four hours of an outage at Twilio, at one delivery for each visibility timeout. */
const MAX_RECEIVE_COUNT = 100;

/**
 * Wake-ups of chats that are watched for silence, each held back for up to 15 minutes. A standard
 * queue, for only those hold single messages back. It costs nothing while nothing is watched.
 */
export class ChatTimers extends Construct {
  /** How long the consumer may take for one batch. */
  readonly consumerTimeout = Duration.seconds(25);
  readonly deadLetterQueueUrl: string;
  /** What other stacks use of it. */
  readonly shared: readonly string[];
  private readonly queue: Queue;
  private readonly deadLetters: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.queue = new Queue(this, 'Queue', {
      // Six times the function's timeout, as Lambda asks for, so that no batch is handed out twice.
      visibilityTimeout: Duration.seconds(6 * this.consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
      enforceSSL: true,
      // Without it open chats would not be watched any more.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.deadLetterQueueUrl = this.deadLetters.queueUrl;
    this.shared = [this.queue.queueArn, this.queue.queueUrl, this.deadLetters.queueName];
  }

  /** How many wake-ups are dead-lettered. */
  metricDeadLetters(period: Duration): IMetric {
    return deadLettersMetric(this.deadLetters, 'wake-ups', period);
  }

  /** Lets the function set wake-ups, for chats that are ended after this silence. */
  grantSet(fn: ChannelFunction, idle: Duration): void {
    this.grant(fn, ['sqs:SendMessage']);
    fn.tell('timersQueueUrl', this.queue.queueUrl);
    fn.tell('idleSeconds', idle.toSeconds());
  }

  /** Lets the function hear the wake-ups. */
  feed(fn: ChannelFunction, maxConcurrency: number): void {
    // For Lambda's poller, which acts with the function's role.
    this.grant(fn, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes']);
    fn.addEventSourceMapping('ChatTimers', {
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
  }

  private grant(fn: ChannelFunction, actions: string[]): void {
    Grant.addToPrincipal({ grantee: fn, actions, resourceArns: [this.queue.queueArn] });
  }
}
