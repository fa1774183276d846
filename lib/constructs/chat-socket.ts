import { Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnApi,
  LogGroupLogDestination,
  WebSocketApi,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Throttle } from '../config-schema.ts';
import { ACCESS_LOG_FORMAT, accessLogGroup } from './access-log.ts';
import type { ChannelFunction } from './channel-function.ts';
import { spelledEnvironment } from './spelled-environment.ts';

export interface ChatSocketProps {
  /** Authorizes connections and handles every route. */
  readonly handler: ChannelFunction;
  readonly throttle: Throttle;
  /** How long each request is kept in an access log. @default there is none */
  readonly accessLogRetention?: RetentionDays | undefined;
}

/** The WebSocket API that customers connect to. */
export class ChatSocket extends Construct {
  /** `wss://…/live` */
  readonly url: string;
  /** `https://…/live`, under which connections are reached; always the execute-api form. */
  readonly callbackUrl: string;
  private readonly api: WebSocketApi;
  private readonly stage: WebSocketStage;

  constructor(scope: Construct, id: string, props: ChatSocketProps) {
    super(scope, id);
    const integration = new WebSocketLambdaIntegration('Handler', props.handler);
    this.api = new WebSocketApi(this, 'Api', {
      apiName: `${Stack.of(this).stackName}-socket`,
      // A constant: frames are told apart in code, which can answer a bad one in our own words.
      routeSelectionExpression: '\\$default',
      connectRouteOptions: {
        integration,
        authorizer: new WebSocketLambdaAuthorizer('Authorizer', props.handler, {
          // Browsers can't send the default, Authorization. Without this header: 401, no call.
          identitySource: ['route.request.header.Sec-WebSocket-Protocol'],
        }),
      },
      disconnectRouteOptions: { integration },
      // The reply to a frame is the handler's return value, without a second, signed call.
      defaultRouteOptions: { integration, returnResponse: true },
    });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: 'live',
      autoDeploy: true,
      throttle: props.throttle,
      detailedMetricsEnabled: true,
      ...(props.accessLogRetention && {
        accessLogSettings: {
          destination: new LogGroupLogDestination(accessLogGroup(this, props.accessLogRetention)),
          format: AccessLogFormat.custom(ACCESS_LOG_FORMAT),
        },
      }),
    });
    // An automatic deployment takes what is there. No document says that a route response which
    // comes later starts another one; without it every frame would go unanswered.
    this.stage.node.addDependency(this.api);
    this.url = this.stage.url;
    this.callbackUrl = this.stage.callbackUrl;
    Validations.of(this.api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'API Gateway authorizes on $connect only; every other route needs a connection that was authorized there.',
    });
    Validations.of(this.stage).acknowledge({
      id: 'AwsSolutions-APIG1',
      reason:
        'WebSocket access logs need a role set for the whole account and region; functions log each request.',
    });
  }

  /** Lets the function send to every connection of this stage. */
  grantPush(fn: ChannelFunction): void {
    this.grant(fn, ['POST']);
  }

  /** Lets the function also close connections. */
  grantPushAndClose(fn: ChannelFunction): void {
    this.grant(fn, ['POST', 'DELETE']);
  }

  private grant(fn: ChannelFunction, methods: readonly string[]): void {
    const paths = methods.map((method) => `${this.stage.stageName}/${method}/@connections/*`);
    Grant.addToPrincipal({
      grantee: fn,
      actions: ['execute-api:ManageConnections'],
      resourceArns: paths.map((path) =>
        Stack.of(this).formatArn({
          service: 'execute-api',
          resource: this.api.apiId,
          resourceName: path,
        }),
      ),
    });
    fn.tell('socketCallbackUrl', this.callbackUrl);
    for (const path of paths) this.acknowledgeWildcard(fn, path);
  }

  private acknowledgeWildcard(fn: ChannelFunction, path: string): void {
    const api = Stack.of(this).getLogicalId(this.api.node.defaultChild as CfnApi);
    const { partition, region, account } = spelledEnvironment(this);
    Validations.of(fn.role ?? fn).acknowledge({
      // The finding carries the ARN as the template spells it.
      id: `AwsSolutions-IAM5[Resource::arn:${partition}:execute-api:${region}:${account}:<${api}>/${path}]`,
      reason: 'Connection ids come and go; the wildcard covers those of this stage only.',
    });
  }
}
