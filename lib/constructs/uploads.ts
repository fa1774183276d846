import { Aws, Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  HttpMethods,
} from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { UPLOAD_PREFIX } from '#adapters/aws/files/upload-prefix';
import type { EnvValue } from '#lambdas/contract/environment';
import type { ChannelFunction } from './channel-function.ts';
import { deadLettersMetric } from './dead-letters.ts';
import { MalwareScan } from './malware-scan.ts';

/** Half an hour of failures, at one delivery for each visibility timeout. */
const MAX_RECEIVE_COUNT = 30;

export interface UploadsProps {
  /** Whose pages may upload. */
  readonly allowedOrigins: readonly string[];
  /** Whether GuardDuty looks at each file first. */
  readonly malwareScan: boolean;
  readonly policy: EnvValue<'filePolicy'>;
}

/**
 * Files of customers on their way to Twilio: a bucket that browsers upload to with signed forms,
 * and the queue of news about what has come. Nothing stays for longer than two days: S3 counts the one of
 * its rule from the next midnight (UTC).
 */
export class Uploads extends Construct {
  /** How long the consumer may take for one batch. */
  readonly consumerTimeout = Duration.seconds(10);
  private readonly props: UploadsProps;
  private readonly bucket: Bucket;
  private readonly news: Queue;
  private readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, props: UploadsProps) {
    super(scope, id);
    this.props = props;
    this.bucket = this.createBucket();
    this.deadLetters = new Queue(this, 'DeadLetters', {
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
    });
    this.news = this.createNews();
    if (props.malwareScan) new MalwareScan(this, 'Scan', this.bucket, UPLOAD_PREFIX);
    // Of a scanned file only the scanner's word counts.
    const told = props.malwareScan
      ? {
          source: ['aws.guardduty'],
          detailType: ['GuardDuty Malware Protection Object Scan Result'],
          detail: { s3ObjectDetails: { bucketName: [this.bucket.bucketName] } },
        }
      : {
          source: ['aws.s3'],
          detailType: ['Object Created'],
          detail: { bucket: { name: [this.bucket.bucketName] } },
        };
    new Rule(this, 'Told', { eventPattern: told, targets: [new SqsQueue(this.news)] });
  }

  /** Where browsers upload to. */
  get url(): string {
    return `https://${this.bucket.bucketName}.s3.${Aws.REGION}.${Aws.URL_SUFFIX}`;
  }

  /** How many news of files are dead-lettered. */
  metricDeadLetters(period: Duration): IMetric {
    return deadLettersMetric(this.deadLetters, 'news of files', period);
  }

  /** Lets the function sign forms for uploads, and tells it what it may sign. */
  grantOffer(fn: ChannelFunction): void {
    this.grantObjects(fn, 's3:PutObject');
    fn.tell('filesBucket', this.bucket.bucketName);
    this.tellUrl(fn);
    this.tellPolicy(fn);
  }

  /** Lets the function read uploads. */
  grantRead(fn: ChannelFunction): void {
    this.grantObjects(fn, 's3:GetObject');
    // Without it S3 says of a file that is gone that it is forbidden.
    this.grant(fn, ['s3:ListBucket'], this.bucket.bucketArn);
    this.tellUrl(fn);
  }

  grantRemove(fn: ChannelFunction): void {
    this.grantObjects(fn, 's3:DeleteObject');
    this.tellUrl(fn);
  }

  tellPolicy(fn: ChannelFunction): void {
    fn.tell('filePolicy', this.props.policy);
    fn.tell('scansFiles', this.props.malwareScan);
  }

  /** Lets the function hear what has come. */
  feed(fn: ChannelFunction, maxConcurrency: number): void {
    // For Lambda's poller, which acts with the function's role.
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    Grant.addToPrincipal({ grantee: fn, actions, resourceArns: [this.news.queueArn] });
    fn.addEventSourceMapping('Uploads', {
      eventSourceArn: this.news.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
  }

  private createBucket(): Bucket {
    const { allowedOrigins } = this.props;
    const bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      lifecycleRules: [
        { expiration: Duration.days(1), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      ...(allowedOrigins.length > 0 && {
        cors: [
          {
            // A form needs no header that a page would have to be allowed.
            allowedMethods: [HttpMethods.POST],
            allowedOrigins: [...allowedOrigins],
            maxAge: 3_000,
          },
        ],
      }),
      // CloudFormation deletes no bucket that holds something; this one is empty after two days.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // The construct's own switch makes a function that sets this from outside.
    (bucket.node.defaultChild as CfnBucket).notificationConfiguration = {
      eventBridgeConfiguration: { eventBridgeEnabled: true },
    };
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Each object lives for some seconds, and its key names session and message; the functions log both.',
    });
    return bucket;
  }

  private createNews(): Queue {
    return new Queue(this, 'News', {
      // Six times the function's timeout, as Lambda asks for, so that no batch is handed out twice.
      visibilityTimeout: Duration.seconds(6 * this.consumerTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVE_COUNT },
      enforceSSL: true,
    });
  }

  private tellUrl(fn: ChannelFunction): void {
    fn.tell('filesBucketUrl', this.url);
  }

  private grantObjects(fn: ChannelFunction, action: string): void {
    this.grant(fn, [action], `${this.bucket.bucketArn}/${UPLOAD_PREFIX}*`);
    const bucket = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket);
    Validations.of(fn.role ?? fn).acknowledge({
      // The finding carries the ARN as the template spells it.
      id: `AwsSolutions-IAM5[Resource::<${bucket}.Arn>/${UPLOAD_PREFIX}*]`,
      reason: 'Objects come and go; the wildcard covers the uploads of this stage only.',
    });
  }

  private grant(fn: ChannelFunction, actions: string[], resource: string): void {
    Grant.addToPrincipal({ grantee: fn, actions, resourceArns: [resource] });
  }
}
