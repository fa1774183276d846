import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ENV } from '#lambdas/shared/env-names';
import type { Config } from '../config-schema.ts';
import { ChannelFunction } from '../constructs/channel-function.ts';
import { ChatSocket } from '../constructs/chat-socket.ts';
import { WebhookIntake } from '../constructs/webhook-intake.ts';
import type { FlexChannelState } from './flex-channel-state.ts';

export interface FlexChannelProps extends StackProps {
  readonly config: Config;
  readonly state: FlexChannelState;
}

interface WatchedParts {
  readonly deliverToFlex: ChannelFunction;
  readonly socket: ChatSocket;
  readonly webhooks: WebhookIntake;
}

/** What runs: both APIs and the functions between them. May be deleted and deployed again. */
export class FlexChannel extends Stack {
  constructor(scope: Construct, id: string, props: FlexChannelProps) {
    super(scope, id, props);
    const { config, state } = props;
    const { operations } = config;
    const common = { logRetention: operations.logRetentionDays };
    const flex = flexEnvironment(config);

    const customerSocket = new ChannelFunction(this, 'CustomerSocket', {
      ...common,
      entry: 'customer-socket',
      timeout: Duration.seconds(10),
      environment: { ...flex, ...customersEnvironment(config) },
    });
    const deliverToFlex = new ChannelFunction(this, 'DeliverToFlex', {
      ...common,
      entry: 'deliver-to-flex',
      timeout: state.toFlex.consumerTimeout,
      environment: { ...flex, ...paceEnvironment(config) },
    });
    const flexWebhook = new ChannelFunction(this, 'FlexWebhook', {
      ...common,
      entry: 'flex-webhook',
      timeout: Duration.seconds(10),
      environment: flex,
    });

    const socket = new ChatSocket(this, 'ChatSocket', {
      handler: customerSocket,
      throttle: operations.socketThrottle,
    });
    const webhooks = new WebhookIntake(this, 'WebhookIntake', {
      handler: flexWebhook,
      throttle: operations.webhookThrottle,
      publicUrl: operations.webhookUrl,
    });

    state.sessions.grantReadWrite(customerSocket);
    state.toFlex.grantSend(customerSocket);
    state.secrets.grantSessionKey(customerSocket);
    state.secrets.grantTwilioApiKey(customerSocket);
    webhooks.shareUrl(customerSocket);
    socket.grantPushAndClose(customerSocket);

    state.toFlex.feed(deliverToFlex, operations.maxConcurrency);
    state.sessions.grantReadWrite(deliverToFlex);
    state.secrets.grantTwilioApiKey(deliverToFlex);
    socket.grantPushAndClose(deliverToFlex);
    webhooks.shareUrl(deliverToFlex);

    state.sessions.grantRelay(flexWebhook);
    state.toFlex.grantSend(flexWebhook);
    state.secrets.grantTwilioApiKey(flexWebhook);
    state.secrets.grantTwilioAuthToken(flexWebhook);
    socket.grantPush(flexWebhook);
    webhooks.shareUrl(flexWebhook);

    this.watchIdleChats(props, { deliverToFlex, socket, webhooks });

    new CfnOutput(this, 'CustomerSocketUrl', { value: socket.url });
    new CfnOutput(this, 'CustomerSocketCallbackUrl', { value: socket.callbackUrl });
    new CfnOutput(this, 'WebhookUrl', { value: webhooks.url });
  }

  /** Only where `customers.idleMinutes` is set: every open chat is woken up four times an hour. */
  private watchIdleChats({ config, state }: FlexChannelProps, parts: WatchedParts): void {
    const { idleMinutes } = config.customers;
    if (idleMinutes === undefined) return;
    const { deliverToFlex, socket, webhooks } = parts;
    const idle = Duration.minutes(idleMinutes);
    const watchIdleChats = new ChannelFunction(this, 'WatchIdleChats', {
      logRetention: config.operations.logRetentionDays,
      entry: 'watch-idle-chats',
      timeout: state.timers.consumerTimeout,
      environment: flexEnvironment(config),
    });
    state.timers.grantSet(deliverToFlex, idle);
    state.timers.grantSet(watchIdleChats, idle);
    state.timers.feed(watchIdleChats, config.operations.maxConcurrency);
    state.sessions.grantWatch(watchIdleChats);
    state.secrets.grantTwilioApiKey(watchIdleChats);
    socket.grantPush(watchIdleChats);
    webhooks.shareUrl(watchIdleChats);
  }
}

function flexEnvironment({ twilio, flex }: Config): Record<string, string> {
  return { [ENV.flex]: JSON.stringify({ ...twilio, ...flex }) };
}

function paceEnvironment({ customers }: Config): Record<string, string> {
  return { [ENV.messagesPerMinute]: String(customers.messagesPerMinute) };
}

function customersEnvironment(config: Config): Record<string, string> {
  const { customers } = config;
  return {
    [ENV.allowedOrigins]: JSON.stringify(customers.allowedOrigins),
    [ENV.allowNonBrowserClients]: String(customers.allowNonBrowserClients),
    [ENV.maxBodyBytes]: String(customers.maxBodyBytes),
    [ENV.connectionsPerSession]: String(customers.connectionsPerSession),
    [ENV.sessionsPerAddressPerMinute]: String(customers.sessionsPerAddressPerMinute),
    ...paceEnvironment(config),
  };
}
