import { Aws, type Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  LogGroupLogDestination as HttpLogDestination,
  HttpMethod,
  HttpStage,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { WEBHOOK_PATHS } from '#adapters/twilio/webhooks/paths';
import type { Config, Throttle } from '../config-schema.ts';
import { ACCESS_LOG_FORMAT, accessLogGroup } from './access-log.ts';
import type { ChannelFunction } from './channel-function.ts';

const STAGE = 'prod';

export interface WebhookIntakeProps {
  readonly handler: ChannelFunction;
  /** Hears the plugin in Flex's user interface. @default nobody does. */
  readonly signalHandler?: ChannelFunction | undefined;
  readonly throttle: Throttle;
  readonly kind: Config['operations']['webhookIntake'];
  /** @default the API's own address. */
  readonly publicUrl?: string | undefined;
  /** ARN of a web ACL of AWS WAF that looks at each request first. @default none does */
  readonly webAclArn?: string | undefined;
  /** Address blocks that may call at all. @default everybody, who is then asked for a proof */
  readonly sources?: readonly string[] | undefined;
  /** How long each request is kept in an access log. @default there is none */
  readonly accessLogRetention?: RetentionDays | undefined;
}

/** The paths below the stage, and whom each is for. */
function routesOf({ handler, signalHandler }: WebhookIntakeProps): [string, ChannelFunction][] {
  const { newMessage, channelUpdate, taskEvent, agentSignal } = WEBHOOK_PATHS;
  const paths = [newMessage, channelUpdate].flatMap((path) => [path, `${path}/{sessionId}`]);
  // Event Streams tells of the tasks of all sessions.
  const routes = [...paths, taskEvent].map((path): [string, ChannelFunction] => [path, handler]);
  return signalHandler === undefined ? routes : [...routes, [agentSignal, signalHandler]];
}

/**
 * The API that Twilio's webhooks call, and the plugin in Flex's user interface. Who calls is proven by
 * a signature or a token, which the handlers verify. An HTTP API hands its requests over in the form
 * of a REST API, forms in base64.
 */
export class WebhookIntake extends Construct {
  /** Base of the webhook addresses, without a trailing slash. */
  readonly url: string;
  private readonly api: RestApi | HttpApi;

  constructor(scope: Construct, id: string, props: WebhookIntakeProps) {
    super(scope, id);
    this.api = props.kind === 'http' ? this.makeHttpApi(props) : this.makeRestApi(props);
    const apiId = this.api instanceof HttpApi ? this.api.apiId : this.api.restApiId;
    // Built from the API's id: `api.url` refers to the stage, which depends on the functions that get this address.
    this.url =
      props.publicUrl ?? `https://${apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${STAGE}`;
  }

  /** How many webhooks were answered with 5xx. */
  metricServerErrors(period: Duration): IMetric {
    return this.api.metricServerError({ period, statistic: 'Sum' });
  }

  private makeRestApi(props: WebhookIntakeProps): RestApi {
    const api = new RestApi(this, 'Api', {
      restApiName: `${Stack.of(this).stackName}-webhooks`,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      ...(props.sources && { policy: onlyFrom(props.sources) }),
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: props.throttle.rateLimit,
        throttlingBurstLimit: props.throttle.burstLimit,
        ...(props.accessLogRetention && {
          accessLogDestination: new LogGroupLogDestination(
            accessLogGroup(this, props.accessLogRetention),
          ),
          accessLogFormat: AccessLogFormat.custom(ACCESS_LOG_FORMAT),
        }),
      },
    });
    // The stack's own output tells the address under which Twilio calls.
    api.node.tryRemoveChild('Endpoint');
    for (const [path, fn] of routesOf(props)) {
      const integration = new LambdaIntegration(fn, { allowTestInvoke: false });
      api.root.resourceForPath(path).addMethod('POST', integration);
    }
    if (props.webAclArn !== undefined) {
      new CfnWebACLAssociation(this, 'WebAcl', {
        resourceArn: api.deploymentStage.stageArn,
        webAclArn: props.webAclArn,
      });
    }
    acknowledgeFindings(api);
    return api;
  }

  private makeHttpApi(props: WebhookIntakeProps): HttpApi {
    const api = new HttpApi(this, 'HttpApi', {
      apiName: `${Stack.of(this).stackName}-webhooks`,
      createDefaultStage: false,
    });
    const integrations = new Map<ChannelFunction, HttpLambdaIntegration>();
    for (const [path, fn] of routesOf(props)) {
      const integration =
        integrations.get(fn) ??
        new HttpLambdaIntegration(`Handler${integrations.size}`, fn, {
          payloadFormatVersion: PayloadFormatVersion.VERSION_1_0,
        });
      integrations.set(fn, integration);
      api.addRoutes({ path: `/${path}`, methods: [HttpMethod.POST], integration });
    }
    const stage = new HttpStage(this, 'HttpStage', {
      httpApi: api,
      stageName: STAGE,
      autoDeploy: true,
      throttle: props.throttle,
      ...(props.accessLogRetention && {
        accessLogSettings: {
          destination: new HttpLogDestination(accessLogGroup(this, props.accessLogRetention)),
          format: AccessLogFormat.custom(ACCESS_LOG_FORMAT),
        },
      }),
    });
    // As in `ChatSocket`: an automatic deployment takes what is there.
    stage.node.addDependency(api);
    Validations.of(api).acknowledge({ id: 'AwsSolutions-APIG4', reason: SIGNED });
    Validations.of(stage).acknowledge({
      id: 'AwsSolutions-APIG1',
      reason: 'The handler logs each webhook that fails, and counts those that do not.',
    });
    return api;
  }
}

const SIGNED =
  'Twilio proves itself by X-Twilio-Signature over URL and body, which no authorizer sees, and the plugin by a token in a form; the handlers verify them first.';

/** A refusal wins over what else allows a call. */
function onlyFrom(sources: readonly string[]): PolicyDocument {
  const every = { principals: [new AnyPrincipal()], actions: ['execute-api:Invoke'] };
  const resources = ['execute-api:/*'];
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ ...every, resources }),
      new PolicyStatement({
        ...every,
        resources,
        effect: Effect.DENY,
        conditions: { NotIpAddress: { 'aws:SourceIp': sources } },
      }),
    ],
  });
}

function acknowledgeFindings(api: RestApi): void {
  Validations.of(api).acknowledge(
    { id: 'AwsSolutions-APIG4', reason: SIGNED },
    { id: 'AwsSolutions-COG4', reason: SIGNED },
    {
      id: 'AwsSolutions-APIG1',
      reason:
        'Access logs need a role set for the whole account and region; the handler logs each webhook.',
    },
    {
      id: 'AwsSolutions-APIG2',
      reason:
        'API Gateway validates JSON only; webhooks are forms, which the handler parses by schema.',
    },
    {
      id: 'AwsSolutions-APIG3',
      reason:
        'Unsigned calls end in the handler and calls are throttled; a stage that needs AWS WAF can associate one.',
    },
    {
      id: 'AwsSolutions-APIG6',
      reason:
        "Execution logs repeat what the handler logs and, with data tracing, would hold customers' messages.",
    },
  );
}
