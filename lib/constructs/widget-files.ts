import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import {
  AssetHashType,
  type CfnElement,
  DockerImage,
  Duration,
  RemovalPolicy,
  Stack,
  Validations,
} from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { spelledEnvironment } from './spelled-environment.ts';

const PROJECT = join(import.meta.dirname, '..', '..');

/** The loader; every other file is named after what is in it. */
export const LOADER = 'embed.js';

/** So long a page may go on with the loader of the deployment before. */
const LOADER_MAX_AGE = Duration.minutes(5);

/**
 * The widget's built files in a private bucket.
 *
 * They are copied by the CDK's own `BucketDeployment`. It runs a function once a deployment, which
 * brings the AWS CLI as a layer; a function of ours would be smaller, but speak CloudFormation's
 * protocol for custom resources, in which a lost answer holds a deployment for an hour.
 */
export class WidgetFiles extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, logRetention: RetentionDays) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // Emptied by the deployment when the stack is deleted; any build makes the files again.
      removalPolicy: RemovalPolicy.DESTROY,
      // The class allows an undefined member where its interface does not.
    }) as IBucket;
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'Only CloudFront reads, and only files that everybody may have.',
    });
    this.deploy(logRetention);
  }

  /** Chunks first: a loader never names one that is not there yet. None is taken away, as pages may hold an older loader. */
  private deploy(logRetention: RetentionDays): void {
    const common = {
      sources: [builtFiles()],
      destinationBucket: this.bucket,
      contentType: 'text/javascript; charset=utf-8',
      prune: false,
      retainOnDelete: false,
      memoryLimit: 256,
      ...this.runsAs(logRetention),
    };
    const chunks = new BucketDeployment(this, 'Chunks', {
      ...common,
      exclude: [LOADER],
      cacheControl: [
        CacheControl.setPublic(),
        CacheControl.maxAge(Duration.days(365)),
        CacheControl.immutable(),
      ],
    });
    const loader = new BucketDeployment(this, 'Loader', {
      ...common,
      exclude: ['*'],
      include: [LOADER],
      cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(LOADER_MAX_AGE)],
    });
    loader.node.addDependency(chunks);
    // Their one function belongs to the stack, and is the only one there.
    Validations.of(Stack.of(this)).acknowledge({
      id: 'AwsSolutions-L1',
      reason: 'The runtime comes with BucketDeployment, and moves with the library.',
    });
  }

  /** Lambda's managed basic role would allow every log group of the account. */
  private runsAs(retention: RetentionDays): { readonly role: Role; readonly logGroup: LogGroup } {
    const logGroup = new LogGroup(this, 'DeployerLogs', {
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'DeployerRole', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    for (const finding of this.grantedByDeployment()) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[${finding}]`,
        reason: 'Granted by BucketDeployment: its function reads assets and writes to this bucket.',
      });
    }
    return { role, logGroup };
  }

  private grantedByDeployment(): string[] {
    const { bootstrapQualifier: qualifier } = Stack.of(this).synthesizer;
    const { partition, region, account } = spelledEnvironment(this);
    const bucket = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnElement);
    return [
      ...['GetBucket', 'GetObject', 'List', 'Abort', 'DeleteObject'].map(
        (action) => `Action::s3:${action}*`,
      ),
      `Resource::arn:${partition}:s3:::cdk-${qualifier}-assets-${account}-${region}/*`,
      `Resource::<${bucket}.Arn>/*`,
    ];
  }
}

/** Built only for stacks that are synthesized with their assets, in a process of its own. */
function builtFiles() {
  return Source.asset(join(PROJECT, 'client'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('not-used'),
      local: {
        tryBundle(folder) {
          execFileSync(process.execPath, [join(PROJECT, 'scripts', 'build-hosted.ts'), folder]);
          return true;
        },
      },
    },
  });
}
