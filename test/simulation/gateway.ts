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
class Link implements ChatSocket {
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
  readonly told: { readonly link: string; readonly event: ServerEvent }[] = [];
  readonly #world: World;
  readonly #links = new Map<ConnectionId, Link>();
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
    const link = new Link(this, `${client}#${this.#serial}`);
    void this.#shakeHands(link, protocols, isOnline);
    return link;
  }

  async push(id: ConnectionId, event: ServerEvent): Promise<boolean> {
    const { weather } = this.#world;
    const link = this.#links.get(id);
    if (link?.server !== 'open') return false;
    if (weather.strikes('pushFails')) throw new ChatError('UPSTREAM_UNAVAILABLE', 'no answer');
    this.#tell(link, encodeEvent(event), event);
    return !weather.strikes('pushAnswersGone');
  }

  async close(id: ConnectionId): Promise<void> {
    const link = this.#links.get(id);
    if (link) this.#closeBoth(link);
  }

  /** A frame on its way: those behind may overtake it. */
  receive(link: Link, text: string): void {
    const { scheduler, weather, random } = this.#world;
    if (link.client !== 'open') return;
    if (weather.strikes('cut')) this.cut(link);
    const delayMs = weather.strikes('frameSlow')
      ? random.between(100, 4_000)
      : random.between(5, 60);
    scheduler.after(delayMs, () => {
      if (!link.isCut && link.server === 'open') void this.#answer(link, text);
    });
  }

  closedByClient(link: Link): void {
    if (link.client === 'closed') return;
    link.client = 'closed';
    if (link.isCut) return;
    this.#world.scheduler.after(this.#world.random.between(5, 100), () => this.#closeServer(link));
  }

  /** The network between the two ends fails. */
  cut(link: ChatSocket): void {
    if (!(link instanceof Link) || link.isCut || link.server === 'closed') return;
    const { random, trace, scheduler } = this.#world;
    link.isCut = true;
    const heard = random.pick(['both', 'client', 'server', 'none'] as const);
    trace.add('network', `cuts ${link.name}, heard by ${heard}`);
    if (heard === 'both' || heard === 'client') {
      scheduler.after(random.between(0, 500), () => this.#closeClient(link));
    }
    if (heard === 'both' || heard === 'server') {
      scheduler.after(random.between(0, 20_000), () => this.#closeServer(link));
    }
  }

  async #shakeHands(link: Link, protocols: readonly string[], isOnline: boolean): Promise<void> {
    const { scheduler, weather, random, trace } = this.#world;
    await scheduler.sleep(random.between(10, 120));
    if (!isOnline || weather.strikes('handshakeFails')) {
      if (random.chance(0.3)) return;
      return this.#closeClient(link);
    }
    const sessionId = await this.#cloud?.authorize(protocols);
    if (sessionId === undefined) return this.#closeClient(link);
    const id = connectionId(link.name);
    const connectedAtMs = scheduler.nowMs;
    link.context = { sessionId, connectionId: id, connectedAtMs };
    this.#links.set(id, link);
    const isOpen = await this.#cloud?.connect(link.context);
    if (!isOpen) {
      link.server = 'closed';
      return this.#closeClient(link);
    }
    trace.add('gateway', `${link.name} opens for ${sessionId}`);
    link.server = 'open';
    link.cancelLife = scheduler.after(MAX_LIFE_MS, () => this.#closeBoth(link));
    this.#stir(link);
    await scheduler.sleep(random.between(5, 60));
    if (link.client !== 'opening' || link.isCut) return;
    link.client = 'open';
    link.onopen?.();
  }

  async #answer(link: Link, text: string): Promise<void> {
    const { trace, weather } = this.#world;
    if (link.context === undefined || this.#cloud === undefined) return;
    this.#stir(link);
    trace.add(link.name, `> ${text.slice(0, 110)}`);
    const reply = await this.#cloud.answer(link.context, text);
    if (weather.strikes('replyLost')) return trace.add(link.name, 'the reply is lost');
    const own = { message: 'Internal server error', connectionId: link.name, requestId: 'R' };
    if (reply === CRASHED) this.#tell(link, JSON.stringify(own));
    else this.#tell(link, reply, JSON.parse(reply) as ServerEvent);
  }

  #tell(link: Link, text: string, event?: ServerEvent): void {
    const { scheduler, weather, random, trace } = this.#world;
    this.#stir(link);
    const delayMs = weather.strikes('pushSlow')
      ? random.between(100, 6_000)
      : random.between(5, 60);
    scheduler.after(delayMs, () => {
      if (link.isCut || link.client !== 'open') return;
      trace.add(link.name, `< ${text.slice(0, 110)}`);
      if (event) this.told.push({ link: link.name, event });
      if (event) this.#world.reached.add(nameOf(event));
      link.onmessage?.({ data: text });
    });
  }

  /** Restarts the time that a connection may be silent. */
  #stir(link: Link): void {
    link.cancelIdle();
    if (link.server === 'closed') return;
    link.cancelIdle = this.#world.scheduler.after(MAX_IDLE_MS, () => this.#closeBoth(link));
  }

  #closeBoth(link: Link): void {
    this.#closeServer(link);
    if (!link.isCut) this.#world.scheduler.after(20, () => this.#closeClient(link));
  }

  #closeClient(link: Link): void {
    if (link.client === 'closed') return;
    link.client = 'closed';
    link.onclose?.();
  }

  #closeServer(link: Link): void {
    const { scheduler, weather, random, trace } = this.#world;
    if (link.server === 'closed') return;
    link.server = 'closed';
    link.cancelIdle();
    link.cancelLife();
    trace.add('gateway', `${link.name} is closed`);
    const { context } = link;
    if (context === undefined || weather.strikes('disconnectNever')) return;
    const delayMs = weather.strikes('disconnectLate')
      ? random.between(1_000, 90_000)
      : random.between(10, 200);
    scheduler.after(delayMs, () => void this.#cloud?.disconnect(context));
  }
}

/** With what tells its kinds apart. */
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
