/** The three functions as they run on AWS, on memory adapters and Twilio's model. */
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { MemoryChannelIndex } from '#adapters/memory/memory-channel-index';
import { MemoryConnectionStore } from '#adapters/memory/memory-connection-store';
import { MemoryFlexMailbox } from '#adapters/memory/memory-flex-mailbox';
import { MemoryIdentityIndex } from '#adapters/memory/memory-identity-index';
import { MemoryMinuteCounters } from '#adapters/memory/memory-minute-counters';
import { MemorySessionStore } from '#adapters/memory/memory-session-store';
import { MemorySessionTokens } from '#adapters/memory/memory-session-tokens';
import { MemoryTable } from '#adapters/memory/memory-table';
import { createConversationsBackend } from '#adapters/twilio/conversations/backend';
import type { ConversationsConfig } from '#adapters/twilio/conversations/config';
import { parseFlexWebhook } from '#adapters/twilio/webhooks/flex-webhook';
import type { WebhookForm } from '#adapters/twilio/webhooks/form';
import { parseTaskEvents } from '#adapters/twilio/webhooks/task-event';
import { type AuthorizePorts, authorizeConnection } from '#core/connections/authorize-connection';
import { closeConnection } from '#core/connections/close-connection';
import type { RoomPorts } from '#core/connections/make-room';
import { openConnection } from '#core/connections/open-connection';
import { ChatError, hasCode, wireCode } from '#core/errors';
import type { FlexEvent } from '#core/flex';
import { type AdmitPorts, admitFrame } from '#core/frames/admit-frame';
import { answerFrame, type FramePorts } from '#core/frames/answer-frame';
import { type ConnectionId, type SessionId, sessionId } from '#core/ids';
import { checkFinally } from '#core/letters/check-finally';
import { deliverLetter, type LetterPorts } from '#core/letters/deliver-letter';
import { retryDelayMs } from '#core/letters/retry-delay';
import type { CustomerConnections, Letter } from '#core/ports';
import { RateLimiter } from '#core/rate-limiter';
import type { ServicePolicy } from '#core/service/serve-or-end';
import { SharedRate } from '#core/shared-rate';
import { type RelayPorts, relayFlexEvent } from '#core/webhooks/relay-flex-event';
import { type BatchHandling, forEachRecord, receiveCount } from '#lambdas/shared/batch';
import { encodeEvent } from '#protocol/events';
import { parseFrame } from '#protocol/frames';
import { CRASHED, Invocation } from './invocation.ts';
import type { TwilioModel } from './twilio-rest.ts';
import type { World } from './world.ts';

/** Fewer than in a deployment, so that letters are given up at all. */
const MAX_TRIES = 5;
export const MAX_RECEIVE_COUNT = MAX_TRIES + 2;

/** As the functions are configured. */
const WORKER_TIMEOUT_MS = 25_000;
const LETTER_MS = 14_000;
const INTEGRATION_TIMEOUT_MS = 29_000;
export const WEBHOOK_URL = 'https://hooks.example.com';

/** The default limits, as the functions derive them from 120 messages a minute. */
const FRAME_RATE = { perMinute: 240, burst: 40 };
const BURST_WINDOW_MS = 10_000;
const SESSION_RATE = { perMinute: 60, burst: 60 };

export type CloudPorts = FramePorts &
  AdmitPorts &
  AuthorizePorts &
  LetterPorts &
  RelayPorts &
  RoomPorts;

/** Keeps received records back. */
export interface QueueRetry {
  retryAfter(receiptHandles: readonly string[], delayMs: number): Promise<void>;
}

/** A way to run other code in place of ours; what is left out stays. */
export interface CloudVariant {
  readonly ports?: (ports: CloudPorts) => CloudPorts;
  readonly deliverLetter?: typeof deliverLetter;
  readonly forEachRecord?: typeof forEachRecord;
}

export interface CloudOptions {
  readonly world: World;
  readonly twilio: TwilioModel;
  readonly customers: CustomerConnections;
  readonly routing: ConversationsConfig['routing'];
  readonly servicePolicy: ServicePolicy;
  readonly variant: CloudVariant;
  readonly queue: QueueRetry;
  /** A letter has been stored for Flex. */
  readonly onLetter: (letter: Letter) => void;
  /** A message will not reach Flex, and whoever listens was told so. */
  readonly onRejected: (id: string) => void;
}

/** A connection as the events of its routes tell of it. */
export interface RouteContext {
  readonly sessionId: SessionId;
  readonly connectionId: ConnectionId;
  readonly connectedAtMs: number;
}

export class Cloud {
  readonly table = new MemoryTable();
  readonly mailbox: MemoryFlexMailbox;
  readonly #options: CloudOptions;
  readonly #tokens = new MemorySessionTokens();
  readonly #frames = new RateLimiter(FRAME_RATE);
  readonly #newSessions = new RateLimiter(SESSION_RATE);
  readonly #typing = new RateLimiter({ perMinute: 20, burst: 3 });
  readonly #counters = new MemoryMinuteCounters();
  #serial = 0;

  constructor(options: CloudOptions) {
    this.#options = options;
    this.mailbox = new MemoryFlexMailbox(() => options.world.scheduler.nowMs);
  }

  /** The authorizer. @returns undefined for a refusal. */
  async authorize(protocols: readonly string[]): Promise<SessionId | undefined> {
    const { scheduler } = this.#options.world;
    const invocation = this.#invocation('authorizer', INTEGRATION_TIMEOUT_MS);
    this.#serial += 1;
    const newSessionId = sessionId(`S${this.#serial}`);
    const policy = { allowedOrigins: [], allowNonBrowserClients: true };
    const { nowMs } = scheduler;
    const request = { protocols, origin: undefined, address: '192.0.2.1', nowMs, newSessionId };
    try {
      const id = await invocation.run(() =>
        authorizeConnection(this.#ports(invocation), policy, request),
      );
      return id === CRASHED ? undefined : id;
    } catch {
      return undefined;
    }
  }

  /** @returns whether the connection opens. */
  async connect(context: RouteContext): Promise<boolean> {
    const invocation = this.#invocation('$connect', INTEGRATION_TIMEOUT_MS);
    const { nowMs } = this.#options.world.scheduler;
    const newcomer = { ...context, isResumed: true, nowMs };
    const policy = { connectionsPerSession: 20 };
    try {
      return (
        (await invocation.run(() => openConnection(this.#ports(invocation), policy, newcomer))) !==
        CRASHED
      );
    } catch (error) {
      if (hasCode(error, 'TOO_FAST')) return false;
      throw error;
    }
  }

  async disconnect(context: RouteContext): Promise<void> {
    const invocation = this.#invocation('$disconnect', INTEGRATION_TIMEOUT_MS);
    await invocation.run(() => closeConnection(this.#ports(invocation), context));
  }

  /** @returns the reply, or `CRASHED`, which API Gateway answers by itself. */
  answer(context: RouteContext, body: string): Promise<string | typeof CRASHED> {
    const { nowMs } = this.#options.world.scheduler;
    this.#serial += 1;
    const requestId = `R${this.#serial}`;
    const invocation = this.#invocation('$default', INTEGRATION_TIMEOUT_MS);
    return invocation.run(async () => {
      const ports = this.#ports(invocation);
      const parsed = parseFrame(body);
      if (!parsed.ok) throw new Error(`the client sent what is no frame: ${parsed.message}`);
      const { frame } = parsed;
      try {
        await admitFrame(ports, context, nowMs);
        const reply = await answerFrame(ports, frame, { ...context, requestId, nowMs });
        this.#options.world.reached.add(`frame ${frame.action}`);
        return encodeEvent(reply, frame.ref);
      } catch (error) {
        if (!(error instanceof ChatError)) throw error;
        const code = wireCode(error);
        const id = frame.action === 'sendMessage' ? { id: frame.id } : {};
        return encodeEvent({ type: 'error', code, message: code, ...id }, frame.ref);
      }
    });
  }

  /** @returns what failed; `CRASHED`: nobody knows. */
  deliver(event: SQSEvent): Promise<SQSBatchResponse | typeof CRASHED> {
    const { variant } = this.#options;
    const invocation = this.#invocation('to-flex', WORKER_TIMEOUT_MS);
    const each = variant.forEachRecord ?? forEachRecord;
    return invocation.run(() => each(event, this.#handling(invocation)));
  }

  /** @param path below the public base URL. */
  webhook(path: string, form: WebhookForm): Promise<void> {
    const [, id] = /^\/[a-z-]+\/(.+)$/.exec(path) ?? [];
    const session = id === undefined ? undefined : sessionId(decodeURIComponent(id));
    return this.#relay('webhook', (nowMs) => [parseFlexWebhook(form, nowMs)], session);
  }

  /** @param body of a request of Event Streams. */
  taskEvents(body: string): Promise<void> {
    return this.#relay('task-event', (nowMs) => parseTaskEvents(body, nowMs));
  }

  async #relay(
    name: string,
    parse: (nowMs: number) => readonly FlexEvent[],
    session?: SessionId,
  ): Promise<void> {
    const { nowMs } = this.#options.world.scheduler;
    const invocation = this.#invocation(name, INTEGRATION_TIMEOUT_MS);
    await invocation.run(async () => {
      try {
        for (const event of parse(nowMs)) {
          await relayFlexEvent(this.#ports(invocation), event, session, nowMs);
        }
      } catch (error) {
        // The function answers 5xx, and Twilio does not try again.
        if (!(error instanceof ChatError)) throw error;
        this.#options.world.trace.add(name, `fails: ${describe(error)}`);
      }
    });
  }

  /** One session that goes on comes to its end, as it does when nobody has said hello for a day. */
  expireSession(): void {
    const { scheduler, random, trace } = this.#options.world;
    const { nowMs } = scheduler;
    const live = [...this.table.sessions].filter(([, row]) => row.expiresAtMs > nowMs);
    const [id, row] = random.pick(live) ?? [];
    if (id === undefined || row === undefined) return;
    trace.add('cloud', `lets ${id} expire`);
    this.table.sessions.set(id, { ...row, expiresAtMs: nowMs });
  }

  #handling(invocation: Invocation): BatchHandling {
    const { world, variant, servicePolicy, onRejected } = this.#options;
    const policy = { ...servicePolicy, burstWindowMs: BURST_WINDOW_MS };
    const { scheduler, random, trace, reached } = world;
    const ports = this.#ports(invocation);
    const queue = invocation.wrap(this.#options.queue, 'queue');
    const deliver = variant.deliverLetter ?? deliverLetter;
    const letterOf = ({ body }: { body: string }) => JSON.parse(body) as Letter;
    return {
      maxTries: MAX_TRIES,
      hasTime: () => invocation.remainingMs > LETTER_MS,
      async handle(record) {
        const letter = letterOf(record);
        const isAgain = receiveCount(record) > 1;
        const outcome = await deliver(ports, policy, letter, scheduler.nowMs, { isAgain });
        reached.add(`letter ${letter.kind} ${outcome}`);
        if (letter.kind === 'message' && outcome === 'rejected') onRejected(letter.id);
      },
      failed: (record, error) =>
        trace.add('to-flex', `${record.messageId} fails: ${describe(error)}`),
      async checkFinally(record) {
        const letter = letterOf(record);
        const isFound = await checkFinally(ports, letter, scheduler.nowMs);
        reached.add(`letter ${letter.kind} ${isFound ? 'found at last' : 'given up'}`);
        if (letter.kind === 'message' && !isFound) onRejected(letter.id);
        return isFound;
      },
      async retryLater(records, failure) {
        const handles = records.map(({ receiptHandle }) => receiptHandle);
        const { record, error } = failure ?? {};
        const retryAfterMs = error instanceof ChatError ? error.retryAfterMs : undefined;
        const delayMs = record
          ? retryDelayMs(receiveCount(record), random.next(), retryAfterMs)
          : 0;
        await queue.retryAfter(handles, delayMs);
      },
    };
  }

  #invocation(name: string, timeoutMs: number): Invocation {
    return new Invocation(this.#options.world, name, timeoutMs);
  }

  /** Each invocation has its own ports: its calls are steps of it. */
  #ports(invocation: Invocation): CloudPorts {
    const { twilio, customers, routing, variant } = this.#options;
    const flex = createConversationsBackend(
      (request) => invocation.step(request.path.pattern, () => twilio.exchange(request)),
      {
        chatServiceSid: 'IS1',
        workspaceSid: 'WS1',
        routing,
        webhookUrl: WEBHOOK_URL,
        names: { agent: 'Agent', bot: 'Assistant' },
        plugin: {},
      },
    );
    const mailbox = {
      send: async (letter: Letter, deliveryKey: string) => {
        await this.mailbox.send(letter, deliveryKey);
        this.#options.onLetter(letter);
      },
    };
    const ports: CloudPorts = {
      sessions: invocation.wrap(new MemorySessionStore(this.table), 'sessions'),
      connections: invocation.wrap(new MemoryConnectionStore(this.table), 'connections'),
      channels: invocation.wrap(new MemoryChannelIndex(this.table), 'channels'),
      people: invocation.wrap(new MemoryIdentityIndex(this.table), 'people'),
      tokens: this.#tokens,
      frames: this.#frames,
      typing: this.#typing,
      newSessions: this.#newSessions,
      ...this.#sharedRates(invocation),
      pause: (ms) => this.#options.world.scheduler.sleep(ms),
      refused: (error) => this.#options.world.trace.add('to-flex', `is refused: ${error.message}`),
      customers: invocation.wrap(customers, 'customers'),
      mailbox: invocation.wrap(mailbox, 'mailbox'),
      flex,
      names: flex,
    };
    return variant.ports?.(ports) ?? ports;
  }

  #sharedRates(invocation: Invocation) {
    const counters = invocation.wrap(this.#counters, 'counters');
    return {
      allNewSessions: new SharedRate(counters, 'address', 60),
      handshakes: new SharedRate(counters, 'handshake', 60),
      signIns: new SharedRate(counters, 'sign-in', 60),
      flexFrames: new SharedRate(counters, 'flex', 120),
      strikes: new SharedRate(counters, 'strike', 120),
      chatEnds: new SharedRate(counters, 'end', 6),
      sharedTyping: new SharedRate(counters, 'typing', 20),
    };
  }
}

function describe(error: unknown): string {
  return error instanceof ChatError ? `${error.code} ${error.message}` : String(error);
}
