import { Aws, type Duration, Stack, Validations } from 'aws-cdk-lib';
import { EndpointType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { WEBHOOK_PATHS } from '#adapters/twilio/webhooks/paths';
import type { Throttle } from '../config-schema.ts';
import type { ChannelFunction } from './channel-function.ts';

const STAGE = 'prod';

export interface WebhookIntakeProps {
  readonly handler: ChannelFunction;
  /** Hears the plugin in Flex's user interface. @default nobody does. */
  readonly signalHandler?: ChannelFunction | undefined;
  readonly throttle: Throttle;
  /** @default the API's own address. */
  readonly publicUrl?: string | undefined;
}

/**
 * The REST API that Twilio's webhooks call, and the plugin in Flex's user interface. Who calls is
 * proven by a signature or a token, which the handlers verify.
 */
export class WebhookIntake extends Construct {
  /** Base of the webhook addresses, without a trailing slash. */
  readonly url: string;
  private readonly api: RestApi;

  constructor(scope: Construct, id: string, props: WebhookIntakeProps) {
    super(scope, id);
    this.api = new RestApi(this, 'Api', {
      restApiName: `${Stack.of(this).stackName}-webhooks`,
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: props.throttle.rateLimit,
        throttlingBurstLimit: props.throttle.burstLimit,
      },
    });
    const { api } = this;
    // The stack's own output tells the address under which Twilio calls.
    api.node.tryRemoveChild('Endpoint');
    const { newMessage, channelUpdate, taskEvent, agentSignal } = WEBHOOK_PATHS;
    const integration = new LambdaIntegration(props.handler, { allowTestInvoke: false });
    for (const path of [newMessage, channelUpdate]) {
      const webhook = api.root.addResource(path);
      webhook.addMethod('POST', integration);
      webhook.addResource('{sessionId}').addMethod('POST', integration);
    }
    // Event Streams tells of the tasks of all sessions.
    api.root.addResource(taskEvent).addMethod('POST', integration);
    if (props.signalHandler !== undefined) {
      const signal = new LambdaIntegration(props.signalHandler, { allowTestInvoke: false });
      api.root.addResource(agentSignal).addMethod('POST', signal);
    }
    // Built from the API's id: `api.url` refers to the stage, which depends on the functions that get this address.
    this.url =
      props.publicUrl ??
      `https://${api.restApiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${STAGE}`;
    acknowledgeFindings(api);
  }

  /** How many webhooks were answered with 5xx. */
  metricServerErrors(period: Duration): IMetric {
    return this.api.metricServerError({ period, statistic: 'Sum' });
  }
}

function acknowledgeFindings(api: RestApi): void {
  const signed =
    'Twilio proves itself by X-Twilio-Signature over URL and body, which no authorizer sees, and the plugin by a token in a form; the handlers verify them first.';
  Validations.of(api).acknowledge(
    { id: 'AwsSolutions-APIG4', reason: signed },
    { id: 'AwsSolutions-COG4', reason: signed },
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
