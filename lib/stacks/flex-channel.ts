import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../config-schema.ts';
import { ChannelFunction, type ChannelFunctionProps } from '../constructs/channel-function.ts';
import { ChatSocket } from '../constructs/chat-socket.ts';
import { FlexAccess } from '../constructs/flex-access.ts';
import { grantVerify } from '../constructs/identity-access.ts';
import { Uploads } from '../constructs/uploads.ts';
import { WebhookIntake, type WebhookIntakeProps } from '../constructs/webhook-intake.ts';
import { FlexChannelMonitoring } from '../monitoring/flex-channel-monitoring.ts';
import type { FlexChannelState } from './flex-channel-state.ts';
import {
  type Parts,
  permitAgentSignal,
  permitCustomerSocket,
  permitDeliverToFlex,
  permitFiles,
  permitFlexWebhook,
  permitIdleWatch,
} from './permissions.ts';

/** Lambda takes no less for a queue. */
const LEAST_CONCURRENCY = 2;

export interface FlexChannelProps extends StackProps {
  readonly config: Config;
  readonly state: FlexChannelState;
}

/** What runs: both APIs and the functions between them. May be deleted and deployed again. */
export class FlexChannel extends Stack {
  private readonly config: Config;

  constructor(scope: Construct, id: string, props: FlexChannelProps) {
    super(scope, id, props);
    const { config, state } = props;
    const { twilio, flex, operations } = config;
    this.config = config;

    const { reservedConcurrency: reserved } = operations;
    const customerSocket = this.functionOf('CustomerSocket', 'customer-socket', {
      reservedConcurrency: reserved.customerSocket,
    });
    const deliverToFlex = this.functionOf('DeliverToFlex', 'deliver-to-flex', {
      timeout: state.toFlex.consumerTimeout,
    });
    const flexWebhook = this.functionOf('FlexWebhook', 'flex-webhook', {
      reservedConcurrency: reserved.flexWebhook,
    });

    const agentSignal = this.takeSignals();

    const accessLogRetention = operations.accessLogs ? operations.logRetentionDays : undefined;
    const socket = new ChatSocket(this, 'ChatSocket', {
      handler: customerSocket,
      accessLogRetention,
      throttle: operations.socketThrottle,
    });
    const webhooks = this.takeWebhooks({
      handler: flexWebhook,
      signalHandler: agentSignal,
      accessLogRetention,
    });
    const parts = {
      state,
      socket,
      flex: new FlexAccess({
        settings: { ...twilio, ...flex },
        secrets: state.secrets,
        webhookUrl: webhooks.url,
      }),
    };

    permitCustomerSocket(customerSocket, parts);
    this.tellLimits(customerSocket);
    if (config.customers.identity !== undefined) {
      grantVerify(customerSocket, config.customers.identity);
    }
    permitDeliverToFlex(deliverToFlex, parts);
    state.toFlex.feed(deliverToFlex, operations.maxConcurrency);
    deliverToFlex.tell('messagesPerMinute', config.customers.messagesPerMinute);
    permitFlexWebhook(flexWebhook, parts);
    if (agentSignal !== undefined) permitAgentSignal(agentSignal, parts);
    const watchIdleChats = this.watchIdleChats(deliverToFlex, parts);
    const files = this.takeFiles(customerSocket, deliverToFlex, parts);

    if (operations.monitoring) {
      new FlexChannelMonitoring(this, 'Monitoring', {
        sources: {
          functions: {
            'customer-socket': customerSocket,
            'deliver-to-flex': deliverToFlex,
            'flex-webhook': flexWebhook,
            ...(agentSignal && { 'agent-signal': agentSignal }),
            ...(files && { 'accept-file': files.acceptFile }),
            ...(watchIdleChats && { 'watch-idle-chats': watchIdleChats }),
          },
          toFlex: state.toFlex,
          timers: watchIdleChats && state.timers,
          uploads: files?.uploads,
          webhooks,
          logsRuns: operations.logRuns,
        },
        alarms: operations.alarms,
      });
    }

    new CfnOutput(this, 'CustomerSocketUrl', { value: socket.url });
    new CfnOutput(this, 'CustomerSocketCallbackUrl', { value: socket.callbackUrl });
    new CfnOutput(this, 'WebhookUrl', { value: webhooks.url });
    if (files) new CfnOutput(this, 'UploadUrl', { value: files.uploads.url });
  }

  private takeWebhooks(
    props: Pick<WebhookIntakeProps, 'handler' | 'signalHandler' | 'accessLogRetention'>,
  ): WebhookIntake {
    const { operations } = this.config;
    return new WebhookIntake(this, 'WebhookIntake', {
      ...props,
      throttle: operations.webhookThrottle,
      kind: operations.webhookIntake,
      publicUrl: operations.webhookUrl,
      webAclArn: operations.webhookWebAclArn,
      sources: operations.webhookSources,
    });
  }

  private functionOf(
    id: string,
    entry: string,
    settings: Partial<Pick<ChannelFunctionProps, 'timeout' | 'reservedConcurrency'>>,
  ): ChannelFunction {
    return new ChannelFunction(this, id, {
      entry,
      // Well below the 29 s after which API Gateway gives up.
      timeout: Duration.seconds(10),
      logRetention: this.config.operations.logRetentionDays,
      logsRuns: this.config.operations.logRuns,
      ...settings,
    });
  }

  private tellLimits(customerSocket: ChannelFunction): void {
    const { customers } = this.config;
    customerSocket.tell('allowedOrigins', customers.allowedOrigins);
    customerSocket.tell('allowNonBrowserClients', customers.allowNonBrowserClients);
    customerSocket.tell('maxBodyBytes', customers.maxBodyBytes);
    customerSocket.tell('messagesPerMinute', customers.messagesPerMinute);
    customerSocket.tell('connectionsPerSession', customers.connectionsPerSession);
    customerSocket.tell('sessionsPerAddressPerMinute', customers.sessionsPerAddressPerMinute);
  }

  /** Only where agents have the plugin, and the back end tells what it sends. */
  private takeSignals(): ChannelFunction | undefined {
    const { plugin, backEnd } = this.config.flex;
    const isPossible = plugin !== undefined && backEnd === 'conversations';
    return isPossible ? this.functionOf('AgentSignal', 'agent-signal', {}) : undefined;
  }

  /** Only where `customers.idleMinutes` is set: every open chat is woken up four times an hour. */
  private watchIdleChats(opener: ChannelFunction, parts: Parts): ChannelFunction | undefined {
    const { idleMinutes } = this.config.customers;
    if (idleMinutes === undefined) return undefined;
    const { timers } = parts.state;
    const watcher = this.functionOf('WatchIdleChats', 'watch-idle-chats', {
      timeout: timers.consumerTimeout,
    });
    permitIdleWatch({ opener, watcher }, idleMinutes, parts);
    // Messages go first: wake-ups can wait.
    const half = Math.floor(this.config.operations.maxConcurrency / 2);
    timers.feed(watcher, Math.max(LEAST_CONCURRENCY, half));
    return watcher;
  }

  /** Only where `customers.files` is set. */
  private takeFiles(
    customerSocket: ChannelFunction,
    deliverToFlex: ChannelFunction,
    parts: Parts,
  ): { readonly uploads: Uploads; readonly acceptFile: ChannelFunction } | undefined {
    const { files, allowedOrigins } = this.config.customers;
    if (files === undefined) return undefined;
    const { malwareScan, ...policy } = files;
    const uploads = new Uploads(this, 'Uploads', { allowedOrigins, malwareScan, policy });
    const acceptFile = this.functionOf('AcceptFile', 'accept-file', {
      timeout: uploads.consumerTimeout,
    });
    permitFiles({ customerSocket, acceptFile, deliverToFlex }, uploads, parts);
    uploads.feed(acceptFile, LEAST_CONCURRENCY);
    return { uploads, acceptFile };
  }
}
