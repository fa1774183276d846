import { Match, type Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { propertiesOf, synthesize } from './synthesize.ts';

// Throws on a dependency cycle, such as the REST API's own URL in its handler's environment.
const { channel } = synthesize();

const functions = propertiesOf(channel, 'AWS::Lambda::Function');
const names = ['CustomerSocket', 'DeliverToFlex', 'FlexWebhook', 'AgentSignal'];

describe('functions of FlexChannel', () => {
  test('are four, one warm pool each', () => {
    expect(Object.keys(functions).map((id) => id.slice(0, -8))).toEqual(names);
  });

  test.each([
    ['no plugin is configured', { plugin: undefined }],
    ['Programmable Chat, which the plugin does not know', { backEnd: 'programmable-chat' }],
  ])('leave out the one that hears the plugin: %s', (_, flex) => {
    const without = synthesize({}, {}, flex).channel;

    expect(JSON.stringify(without.toJSON())).not.toContain('agent-signal');
    expect(Object.keys(propertiesOf(without, 'AWS::Lambda::Function'))).toHaveLength(3);
  });

  test('run on Node 24 on ARM64, with room for a quick start', () => {
    for (const properties of Object.values(functions)) {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 512,
      });
    }
  });

  test('give up before API Gateway does, after 29 s', () => {
    const timeouts = Object.values(functions).map(({ Timeout }) => Timeout);

    expect(timeouts).toEqual([10, 25, 10, 10]);
  });

  test('log JSON to a log group of their own, for as long as the configuration says', () => {
    const groups = propertiesOf(channel, 'AWS::Logs::LogGroup');

    const used = Object.values(functions).map(({ LoggingConfig }) => {
      expect(LoggingConfig.LogFormat).toBe('JSON');
      expect(LoggingConfig.SystemLogLevel).toBe('WARN');
      // Metrics are lines of the application without a level, which Lambda takes for INFO.
      expect(LoggingConfig.ApplicationLogLevel).toBeUndefined();
      return LoggingConfig.LogGroup.Ref;
    });

    expect(used).toEqual(Object.keys(groups));
    for (const { RetentionInDays } of Object.values(groups)) {
      expect(RetentionInDays).toBe(RetentionDays.ONE_MONTH);
    }
  });

  test('read letters in batches of ten, five at a time, and return only the failed ones', () => {
    channel.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
  });
});

describe('concurrency of FlexChannel', () => {
  const NEW_ACCOUNT = 10;

  const waiting = (template: Template): number =>
    Object.values(propertiesOf(template, 'AWS::Lambda::EventSourceMapping'))
      .map(({ ScalingConfig }) => ScalingConfig.MaximumConcurrency)
      .reduce((sum, most) => sum + most, 0);

  test('leaves room for handshakes in a new account, while a slow Twilio holds every batch', () => {
    expect(NEW_ACCOUNT - waiting(channel)).toBe(5);
    expect(NEW_ACCOUNT - waiting(synthesize({ idleMinutes: 30 }).channel)).toBe(3);
  });

  test('can be set, with the least that Lambda takes', () => {
    const { channel: least } = synthesize({ idleMinutes: 30 }, { maxConcurrency: 2 });
    const { channel: many } = synthesize({ idleMinutes: 30 }, { maxConcurrency: 40 });

    expect([waiting(least), waiting(many)]).toEqual([4, 60]);
  });

  test('is reserved for nobody unless the configuration says so', () => {
    const reservedOf = (template: Template) =>
      Object.values(propertiesOf(template, 'AWS::Lambda::Function')).map(
        ({ ReservedConcurrentExecutions }) => ReservedConcurrentExecutions,
      );
    const reservedConcurrency = { customerSocket: 50, flexWebhook: 20 };

    expect(reservedOf(channel)).toEqual([undefined, undefined, undefined, undefined]);
    expect(reservedOf(synthesize({}, { reservedConcurrency }).channel)).toEqual([
      50,
      undefined,
      20,
      undefined,
    ]);
  });
});

describe('socket of FlexChannel', () => {
  test('tells operators the address under which functions push', () => {
    const { Value } = channel.findOutputs('*')['CustomerSocketCallbackUrl'] ?? {};

    expect(JSON.stringify(Value)).toMatch(/"https:\/\/.*execute-api.*\/live"/);
    for (const { Environment } of Object.values(functions)) {
      expect(Environment.Variables.SOCKET_CALLBACK_URL).toEqual(Value);
    }
  });

  test('leaves every frame to one route, whose return value is the reply', () => {
    const routes = Object.values(propertiesOf(channel, 'AWS::ApiGatewayV2::Route'));

    channel.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '\\$default',
    });
    expect(routes.map(({ RouteKey }) => RouteKey)).toEqual(['$connect', '$disconnect', '$default']);
    expect(routes.at(2).RouteResponseSelectionExpression).toBe('$default');
    channel.resourceCountIs('AWS::ApiGatewayV2::RouteResponse', 1);
  });

  test('authorizes the handshake by a header that browsers can send', () => {
    channel.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: '$connect',
      AuthorizationType: 'CUSTOM',
      AuthorizerId: Match.anyValue(),
    });
    channel.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
      AuthorizerType: 'REQUEST',
      IdentitySource: ['route.request.header.Sec-WebSocket-Protocol'],
    });
  });

  test('deploys changed routes by itself and is throttled', () => {
    channel.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: 'live',
      AutoDeploy: true,
      DefaultRouteSettings: {
        ThrottlingRateLimit: 200,
        ThrottlingBurstLimit: 400,
        DetailedMetricsEnabled: true,
      },
    });
  });
});

describe('webhooks of FlexChannel', () => {
  test('take posts with and without a session in the path, and nothing else', () => {
    const paths = Object.values(propertiesOf(channel, 'AWS::ApiGateway::Resource'));
    const methods = Object.values(propertiesOf(channel, 'AWS::ApiGateway::Method'));

    expect(paths.map(({ PathPart }) => PathPart)).toEqual([
      'new-message',
      '{sessionId}',
      'channel-update',
      '{sessionId}',
      'task-event',
      'agent-signal',
    ]);
    expect(methods.map(({ HttpMethod }) => HttpMethod)).toEqual(Array(6).fill('POST'));
  });

  test('are throttled', () => {
    channel.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'prod',
      MethodSettings: [
        Match.objectLike({
          HttpMethod: '*',
          ResourcePath: '/*',
          ThrottlingRateLimit: 100,
          ThrottlingBurstLimit: 200,
        }),
      ],
    });
  });

  test('come by an HTTP API where the configuration says so: the same paths, throttled alike', () => {
    const { channel: http } = synthesize({}, { webhookIntake: 'http' });
    const routes = Object.values(propertiesOf(http, 'AWS::ApiGatewayV2::Route'));

    http.resourceCountIs('AWS::ApiGateway::RestApi', 0);
    expect(routes.map(({ RouteKey }) => RouteKey).filter((key) => !key.startsWith('$'))).toEqual([
      'POST /new-message',
      'POST /new-message/{sessionId}',
      'POST /channel-update',
      'POST /channel-update/{sessionId}',
      'POST /task-event',
      'POST /agent-signal',
    ]);
    http.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: 'prod',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
    });
    for (const { PayloadFormatVersion } of Object.values(
      propertiesOf(http, 'AWS::ApiGatewayV2::Integration'),
    ).filter((integration) => integration.PayloadFormatVersion)) {
      expect(PayloadFormatVersion).toBe('1.0');
    }
    http.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: '5xx',
      Namespace: 'AWS/ApiGateway',
    });
    expect(JSON.stringify(http.findOutputs('WebhookUrl'))).toMatch(/execute-api.*\/prod"/);
  });

  test('leave the settings of the account alone', () => {
    channel.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  test('have the address that functions tell Twilio', () => {
    const { Value } = channel.findOutputs('WebhookUrl')['WebhookUrl'] ?? {};

    expect(JSON.stringify(Value)).toMatch(/execute-api.*\/prod"/);
    for (const { Environment } of Object.values(functions)) {
      expect(Environment.Variables.WEBHOOK_URL).toEqual(Value);
    }
  });
});
