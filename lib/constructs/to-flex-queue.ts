import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { DeduplicationScope, FifoThroughputLimit, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { ChannelFunction } from './channel-function.ts';
import { deadLettersMetric } from './dead-letters.ts';

/**
 * Deliveries on which a letter is tried. The consumer keeps a failed one back for 1 s, then twice
 * as long each time up to 30 s: a quarter of an hour of an outage at Twilio.
 */
const MAX_TRIES = 40;

/**
 * Then the consumer looks whether the letter has arrived after all, and tells the customer: twice,
 * as it may die on it.
 */
const MAX_RECEIVE_COUNT = MAX_TRIES + 2;

/**
 * The ordered mailbox towards Flex, one message group per session, with what could not be
 * delivered dead-lettered.
 */
export class ToFlexQueue extends Construct {
  /** How long the consumer may take for one batch. */
  readonly consumerTimeout = Duration.seconds(25);
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** What other stacks use of it only where it is watched. */
  readonly shared: readonly string[];
  private readonly queue: Queue;
  private readonly deadLetters: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // FIFO queues take only a FIFO dead-letter queue.
    this.deadLetters = new Queue(this, 'DeadLetters', {
      fifo: true,
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.queue = new Queue(this, 'Queue', {
      fifo: true,
      // Both together lift the limit of 300 sends a second from the queue to each session.
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      // Six times the function's timeout, as Lambda asks for, so that no batch is handed out twice.
      visibilityTimeout: Duration.seconds(6 * this.consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.queueUrl = this.queue.queueUrl;
    this.shared = [this.queue.queueName, this.deadLetters.queueName];
    this.deadLetterQueueUrl = this.deadLetters.queueUrl;
  }

  /** How many letters are dead-lettered. */
  metricDeadLetters(period: Duration): IMetric {
    return deadLettersMetric(this.deadLetters, 'letters', period);
  }

  /** How long the oldest letter has waited, in seconds. */
  metricOldestLetter(period: Duration): IMetric {
    return this.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' });
  }

  grantSend(fn: ChannelFunction): void {
    Grant.addToPrincipal({
      grantee: fn,
      actions: ['sqs:SendMessage'],
      resourceArns: [this.queue.queueArn],
    });
    fn.tell('queueUrl', this.queueUrl);
  }

  /**
   * Lets the function consume the queue.
   * @param maxConcurrency how many batches it works on at the same time; a batch holds letters of up to
   * 10 sessions, whose calls of Twilio then run side by side.
   */
  feed(fn: ChannelFunction, maxConcurrency: number): void {
    // The first three are for Lambda's poller, which acts with the function's role.
    Grant.addToPrincipal({
      grantee: fn,
      actions: [
        'sqs:ReceiveMessage',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ChangeMessageVisibility',
      ],
      resourceArns: [this.queue.queueArn],
    });
    fn.tell('queueUrl', this.queueUrl);
    fn.tell('maxTries', MAX_TRIES);
    fn.addEventSourceMapping('ToFlex', {
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
  }
}
