import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../../loopback-server.ts';
import { callConversationWebhooks, callPostWebhooks } from './conversations/call-webhooks.ts';
import { settleTimers } from './conversations/state/timers.ts';
import { AgentDesk } from './desk/agent-desk.ts';
import { EventStreams } from './event-streams/event-streams.ts';
import type { FaultSettings } from './faults/fault-settings.ts';
import { Faults, type PrepareFaults } from './faults/faults.ts';
import { callInteractionWebhooks } from './flex/interaction-events.ts';
import { resumeLeftChats } from './flex/left-chats.ts';
import { runFlexFlows } from './flex/run-flex-flows.ts';
import { setInteractionUp } from './flex/state/interaction.ts';
import { isContentRequest, sendContent } from './media/content-address.ts';
import type { TwilioAccount, TwilioOptions } from './options.ts';
import { products } from './products.ts';
import { callChannelWebhooks } from './programmable-chat/channel-events.ts';
import { sendJson } from './rest/http.ts';
import { RequestLog, type SeenRequest } from './rest/request-log.ts';
import { RestApi } from './rest/rest-api.ts';
import { runStudioFlows } from './studio/run-studio-flows.ts';
import { showTask } from './taskrouter/state/task.ts';
import { type Delivery, WebhookCaller } from './webhooks/webhook-caller.ts';
import { createWorld } from './world/create-world.ts';
import type { World } from './world/world.ts';

/** A running simulator of one Twilio account with Flex. */
export interface TwilioSimulator {
  /** `<url>/<host>/<path>` answers as `https://<host>/<path>` does at Twilio. */
  readonly url: string;
  /** Everything the account holds. */
  readonly world: World;
  /** REST requests, newest last. */
  requests(): readonly SeenRequest[];
  /** Begins the list of requests anew. */
  forgetRequests(): void;
  /** Calls of webhooks, newest last. */
  deliveries(): readonly Delivery[];
  /** Replaces all earlier faults; `{}` clears. */
  faults(settings: FaultSettings): void;
  /** Lets `PUT /faults` have a part of this name, which is not Twilio's. */
  addFaults(name: string, prepare: PrepareFaults): void;
  /** Installs the plugin of this channel in the agents' Flex. */
  installPlugin(signalUrl: string): void;
  /** Exchanges credentials, as an operator does in Twilio's console: the old ones are gone at once. */
  changeCredentials(changed: Partial<Pick<TwilioAccount, 'authToken' | 'apiKeys'>>): void;
  /** Resolves once no task is to appear and no webhook is under way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const WEBHOOK_TIMEOUT_MS = 5000;
const TIMER_CHECK_MS = 1000;
/** Node's own 5 s end while a busy machine holds a client up, which then writes to a closed connection. */
const KEPT_MS = 60_000;

/** Starts the simulator on 127.0.0.1. */
export async function startTwilio(options: TwilioOptions): Promise<TwilioSimulator> {
  const world = createWorld(options);
  const faults = new Faults();
  world.takeRoutingFault = () => faults.takeRoutingFault();
  world.namesParticipants = () => faults.namesParticipants;
  world.unconfirmed = () => faults.unconfirmed;
  const log = new RequestLog();
  const timeoutMs = options.webhookTimeoutMs ?? WEBHOOK_TIMEOUT_MS;
  const webhooks = new WebhookCaller(world, faults, { timeoutMs, log: world.log });
  const streams = new EventStreams(world, faults, timeoutMs);
  callConversationWebhooks(world, webhooks);
  callPostWebhooks(world, webhooks);
  callChannelWebhooks(world, webhooks);
  callInteractionWebhooks(world, webhooks);
  resumeLeftChats(world);
  runStudioFlows(world);
  runFlexFlows(world, webhooks);
  goOn(world);
  streams.goOn();
  const rest = new RestApi(world, products(world, streams), faults, log);
  const desk = new AgentDesk(world, faults, log, options.corsOrigin);
  const timers = setInterval(() => settleTimers(world), TIMER_CHECK_MS).unref();

  const server = createServer((request, response) => {
    if (isContentRequest(request)) return sendContent(world, request, response);
    const part = /^\/(agent|faults)(?![^/?])/.test(request.url ?? '') ? desk : rest;
    part.handle(request, response).catch((error) => fail(request, response, error));
  });
  server.keepAliveTimeout = KEPT_MS;
  const listening = await listenOnLoopback(server, options.port);
  return {
    url: listening.url,
    world,
    requests: () => log.list(),
    forgetRequests: () => log.clear(),
    deliveries: () => webhooks.deliveries,
    faults: (settings) => void faults.replace(settings),
    addFaults: (name, prepare) => faults.addSection(name, prepare),
    installPlugin: (signalUrl) => {
      world.signalUrl = signalUrl;
    },
    changeCredentials: (changed) => void Object.assign(world.account, changed),
    settled: () => world.scheduler.settled(),
    close: async () => {
      clearInterval(timers);
      await world.scheduler.close();
      await world.file?.kept();
      await listening.close();
    },
  };
}

/** Does what an earlier run had still to do. */
function goOn(world: World): void {
  for (const task of world.lateTasks.values()) showTask(world, task);
  for (const interaction of world.interactions.values()) setInteractionUp(world, interaction);
}

/** A fault of the simulator itself: nothing that a client did should lead here. */
function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (request.destroyed && !response.writable) return;
  if (response.headersSent) response.destroy();
  else sendJson(response, 500, { code: 20500, message: String(error), status: 500 });
}
