import type { ChatSocket } from '#client/sdk/platform/environment';
import { ChatError } from '#core/errors';
import { type ConnectionId, connectionId } from '#core/ids';
import type { CustomerConnections } from '#core/ports';
import { encodeEvent, type ServerEvent } from '#protocol/events';
import type { Cloud, RouteContext } from './cloud.ts';
import { CRASHED } from './invocation.ts';
import type { World } from './world.ts';

const MAX_IDLE_MS = 10 * 60_000;
const MAX_LIFE_MS = 2 * 60 * 60_000;

/** One WebSocket with its two ends, which may differ in what they think of it. */
class Connection implements ChatSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readonly name: string;
  readonly #gateway: ApiGateway;
  server: 'opening' | 'open' | 'closed' = 'opening';
  client: 'opening' | 'open' | 'closed' = 'opening';
  /** Nothing gets through any more, in either direction. */
  isCut = false;
  context: RouteContext | undefined;
  cancelIdle: () => void = () => {};
  cancelLife: () => void = () => {};

  constructor(gateway: ApiGateway, name: string) {
    this.#gateway = gateway;
    this.name = name;
  }

  send(text: string): void {
    this.#gateway.receive(this, text);
  }

  close(): void {
    this.#gateway.closedByClient(this);
  }
}

/** API Gateway's WebSocket API: no order among frames or pushes, and closes that not everybody hears of. */
export class ApiGateway implements CustomerConnections {
  /** Everything that reached a client, for the invariants. */
  readonly told: { readonly connection: string; readonly event: ServerEvent }[] = [];
  readonly #world: World;
  readonly #connections = new Map<ConnectionId, Connection>();
  #cloud: Cloud | undefined;
  #serial = 0;

  constructor(world: World) {
    this.#world = world;
  }

  serve(cloud: Cloud): void {
    this.#cloud = cloud;
  }

  /** A client opens a connection. @param isOnline whether its network lets it through. */
  open(client: string, protocols: readonly string[], isOnline: boolean): ChatSocket {
    this.#serial += 1;
    const connection = new Connection(this, `${client}#${this.#serial}`);
    void this.#shakeHands(connection, protocols, isOnline);
    return connection;
  }

  async push(id: ConnectionId, event: ServerEvent): Promise<boolean> {
    const { weather } = this.#world;
    const connection = this.#connections.get(id);
    if (connection?.server !== 'open') return false;
    if (weather.strikes('pushFails')) throw new ChatError('UPSTREAM_UNAVAILABLE', 'no answer');
    this.#tell(connection, encodeEvent(event), event);
    return !weather.strikes('pushAnswersGone');
  }

  async close(id: ConnectionId): Promise<void> {
    const connection = this.#connections.get(id);
    if (connection) this.#closeBoth(connection);
  }

  /** A frame on its way: those behind may overtake it. */
  receive(connection: Connection, text: string): void {
    const { scheduler, weather, random } = this.#world;
    if (connection.client !== 'open') return;
    if (weather.strikes('cut')) this.cut(connection);
    const delayMs = weather.strikes('frameSlow')
      ? random.between(100, 4_000)
      : random.between(5, 60);
    scheduler.after(delayMs, () => {
      if (!connection.isCut && connection.server === 'open') void this.#answer(connection, text);
    });
  }

  closedByClient(connection: Connection): void {
    if (connection.client === 'closed') return;
    connection.client = 'closed';
    if (connection.isCut) return;
    this.#world.scheduler.after(this.#world.random.between(5, 100), () =>
      this.#closeServer(connection),
    );
  }

  /** The network between the two ends fails. */
  cut(connection: ChatSocket): void {
    if (!(connection instanceof Connection) || connection.isCut || connection.server === 'closed')
      return;
    const { random, trace, scheduler } = this.#world;
    connection.isCut = true;
    const heard = random.pick(['both', 'client', 'server', 'none'] as const);
    trace.add('network', `cuts ${connection.name}, heard by ${heard}`);
    if (heard === 'both' || heard === 'client') {
      scheduler.after(random.between(0, 500), () => this.#closeClient(connection));
    }
    if (heard === 'both' || heard === 'server') {
      scheduler.after(random.between(0, 20_000), () => this.#closeServer(connection));
    }
  }

  async #shakeHands(
    connection: Connection,
    protocols: readonly string[],
    isOnline: boolean,
  ): Promise<void> {
    const { scheduler, weather, random, trace } = this.#world;
    await scheduler.sleep(random.between(10, 120));
    if (!isOnline || weather.strikes('handshakeFails')) {
      if (random.chance(0.3)) return;
      return this.#closeClient(connection);
    }
    const sessionId = await this.#cloud?.authorize(protocols);
    if (sessionId === undefined) return this.#closeClient(connection);
    const id = connectionId(connection.name);
    const connectedAtMs = scheduler.nowMs;
    connection.context = { sessionId, connectionId: id, connectedAtMs };
    this.#connections.set(id, connection);
    const isOpen = await this.#cloud?.connect(connection.context);
    if (!isOpen) {
      connection.server = 'closed';
      return this.#closeClient(connection);
    }
    trace.add('gateway', `${connection.name} opens for ${sessionId}`);
    connection.server = 'open';
    connection.cancelLife = scheduler.after(MAX_LIFE_MS, () => this.#closeBoth(connection));
    this.#stir(connection);
    await scheduler.sleep(random.between(5, 60));
    if (connection.client !== 'opening' || connection.isCut) return;
    connection.client = 'open';
    connection.onopen?.();
  }

  async #answer(connection: Connection, text: string): Promise<void> {
    const { trace, weather } = this.#world;
    if (connection.context === undefined || this.#cloud === undefined) return;
    this.#stir(connection);
    trace.add(connection.name, `> ${text.slice(0, 110)}`);
    const reply = await this.#cloud.answer(connection.context, text);
    if (weather.strikes('replyLost')) return trace.add(connection.name, 'the reply is lost');
    const own = { message: 'Internal server error', connectionId: connection.name, requestId: 'R' };
    if (reply === CRASHED) this.#tell(connection, JSON.stringify(own));
    else this.#tell(connection, reply, JSON.parse(reply) as ServerEvent);
  }

  #tell(connection: Connection, text: string, event?: ServerEvent): void {
    const { scheduler, weather, random, trace } = this.#world;
    this.#stir(connection);
    const delayMs = weather.strikes('pushSlow')
      ? random.between(100, 6_000)
      : random.between(5, 60);
    scheduler.after(delayMs, () => {
      if (connection.isCut || connection.client !== 'open') return;
      trace.add(connection.name, `< ${text.slice(0, 110)}`);
      if (event) this.told.push({ connection: connection.name, event });
      if (event) this.#world.reached.add(nameOf(event));
      connection.onmessage?.({ data: text });
    });
  }

  /** Restarts the time that a connection may be silent. */
  #stir(connection: Connection): void {
    connection.cancelIdle();
    if (connection.server === 'closed') return;
    connection.cancelIdle = this.#world.scheduler.after(MAX_IDLE_MS, () =>
      this.#closeBoth(connection),
    );
  }

  #closeBoth(connection: Connection): void {
    this.#closeServer(connection);
    if (!connection.isCut) this.#world.scheduler.after(20, () => this.#closeClient(connection));
  }

  #closeClient(connection: Connection): void {
    if (connection.client === 'closed') return;
    connection.client = 'closed';
    connection.onclose?.();
  }

  #closeServer(connection: Connection): void {
    const { scheduler, weather, random, trace } = this.#world;
    if (connection.server === 'closed') return;
    connection.server = 'closed';
    connection.cancelIdle();
    connection.cancelLife();
    trace.add('gateway', `${connection.name} is closed`);
    const { context } = connection;
    if (context === undefined || weather.strikes('disconnectNever')) return;
    const delayMs = weather.strikes('disconnectLate')
      ? random.between(1_000, 90_000)
      : random.between(10, 200);
    scheduler.after(delayMs, () => void this.#cloud?.disconnect(context));
  }
}

/** With what tells one kind from another. */
function nameOf(event: ServerEvent): string {
  const { type } = event;
  switch (type) {
    case 'error':
    case 'rejected':
      return `event ${type} ${event.code}`;
    case 'closing':
      return `event ${type} ${event.reason}`;
    case 'ended':
      return `event ${type} by ${event.by}`;
    case 'history':
      return `event ${type} ${event.state}`;
    case 'message':
      return `event ${type} by ${event.author.role}`;
    case 'participant':
      return `event ${type} ${event.event}`;
    default:
      return `event ${type}`;
  }
}
