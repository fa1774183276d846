import { FunctionFailure, type FunctionRunner } from '#local/emulators/aws/aws-service';

// biome-ignore lint/suspicious/noExplicitAny: events are looked at, not typed
export type AnyEvent = any;

/** Functions by name, the last part of their ARN; each call is kept. */
export class FakeFunctions implements FunctionRunner {
  readonly calls: { readonly name: string; readonly event: AnyEvent }[] = [];
  readonly #handlers: Record<string, (event: AnyEvent) => unknown>;

  constructor(handlers: Record<string, (event: AnyEvent) => unknown>) {
    this.#handlers = handlers;
  }

  async invoke(functionArn: string, event: unknown): Promise<unknown> {
    const name = functionArn.split(':').at(-1) ?? '';
    this.calls.push({ name, event });
    const handler = this.#handlers[name];
    if (handler === undefined) throw new Error(`no function ${functionArn}`);
    return await handler(event);
  }

  /** Events that a function was called with. */
  eventsOf(name: string): AnyEvent[] {
    return this.calls.filter((call) => call.name === name).map(({ event }) => event);
  }
}

export const throttled = () => {
  throw new FunctionFailure('throttle', 'TooManyRequestsException', 'Rate Exceeded.');
};

export const failing = (message: string) => () => {
  throw new FunctionFailure('error', 'Error', message);
};
