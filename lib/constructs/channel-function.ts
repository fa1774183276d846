import { join } from 'node:path';
import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import {
  type ICommandHooks,
  LogLevel,
  NodejsFunction,
  OutputFormat,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ENV, type EnvKey, type EnvValue } from '#lambdas/contract/environment';
import type { Variable } from '#lambdas/contract/variable';

const PROJECT = join(import.meta.dirname, '..', '..');

/** CommonJS packages inside the bundle call `require`, which ES modules don't have. */
const REQUIRE_BANNER =
  "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);";

/** The same code gives the same asset, wherever it is synthesized. */
const NAME_SOURCES: ICommandHooks = {
  beforeInstall: () => [],
  beforeBundling: () => [],
  afterBundling: (_, folder) => {
    const script = join(PROJECT, 'lib', 'bundling', 'name-sources.ts');
    return [[process.execPath, script, PROJECT, folder].map((part) => `"${part}"`).join(' ')];
  },
};

export interface ChannelFunctionProps {
  /** File under lambdas/, without its extension; exports `handler`. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
  /** Whether Lambda writes a line when a run starts and one when it ends. */
  readonly logsRuns: boolean;
  /** Runs that the function has for itself, and its most. @default a share of the account's. */
  readonly reservedConcurrency?: number | undefined;
}

/**
 * A Lambda function of this channel: one bundle, its own log group, and a role that may
 * write to that log group and nothing else until a construct grants more.
 */
export class ChannelFunction extends NodejsFunction {
  /** Always set. */
  declare readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: ChannelFunctionProps) {
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Lambda's managed basic role would allow every log group of the account.
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    super(scope, id, {
      entry: join(PROJECT, 'lambdas', `${props.entry}.ts`),
      depsLockFilePath: join(PROJECT, 'package-lock.json'),
      // Named, since NODEJS_LATEST moves with the library and would change what was tested.
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: props.timeout,
      ...(props.reservedConcurrency && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // At WARN Lambda still tells of runs that time out or crash. Lines of ours, metrics among them, are the
      // application's: without a level of their own they count as INFO, which is what passes.
      systemLogLevelV2: props.logsRuns ? SystemLogLevel.INFO : SystemLogLevel.WARN,
      awsSdkConnectionReuse: false,
      bundling: {
        format: OutputFormat.ESM,
        mainFields: ['module', 'main'],
        minify: true,
        // Beside the bundle, for the stack traces in the logs.
        sourceMap: true,
        sourcesContent: false,
        logLevel: LogLevel.WARNING,
        // The SDK in the bundle is the tested one, and it starts faster than the runtime's.
        bundleAwsSDK: true,
        banner: REQUIRE_BANNER,
        commandHooks: NAME_SOURCES,
      },
    });
  }

  /** Sets a variable of the environment, in the form in which the function reads it. */
  tell<Key extends EnvKey>(key: Key, value: EnvValue<Key>): void {
    const variable: Variable<unknown> = ENV[key];
    this.addEnvironment(variable.name, variable.write(value));
  }
}
