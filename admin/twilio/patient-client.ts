import { setTimeout as wait } from 'node:timers/promises';
import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient';

/** Twilio has too much to do, or is not there at the moment. It has done nothing then. */
const PASSING = [429, 503];

const MOST_TRIES = 5;
const FIRST_PAUSE_MS = 500;
/** Nobody sits before a terminal for longer. What Twilio wants later than that is left to a later run. */
const LONGEST_PAUSE_MS = 20_000;

export interface PatientOptions {
  readonly timeoutMs: number;
  /** `https://host/path` becomes `<this>/host/path`. @default Twilio itself */
  readonly baseUrl?: string | undefined;
  /** @default a timer */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

type Request<T> = RequestClient.RequestOptions<T>;

/** Repeats what Twilio puts off, after the pause that it asks for, and may send all to a simulated Twilio. */
export class PatientClient extends twilio.RequestClient {
  readonly #baseUrl: string | undefined;
  readonly #sleep: (ms: number) => Promise<unknown>;

  constructor({ timeoutMs, baseUrl, sleep = wait }: PatientOptions) {
    super({ timeout: timeoutMs });
    this.#baseUrl = baseUrl?.replace(/\/$/, '');
    this.#sleep = sleep;
  }

  override async request<T>(request: Request<T>) {
    const base = this.#baseUrl;
    const uri = base === undefined ? request.uri : request.uri.replace(/^https:\//, base);
    for (let tries = 1; ; tries += 1) {
      const response = await super.request<T>({ ...request, uri });
      if (!PASSING.includes(response.statusCode) || tries === MOST_TRIES) return response;
      const pauseMs = askedForMs(response.headers) ?? FIRST_PAUSE_MS * 2 ** (tries - 1);
      if (pauseMs > LONGEST_PAUSE_MS) return response;
      await this.#sleep(pauseMs);
    }
  }
}

/** `Retry-After` is a number of seconds or a date. Source: RFC 9110, section 10.2.3 */
function askedForMs(headers: unknown): number | undefined {
  const { 'retry-after': text } = Object(headers) as Record<string, string | undefined>;
  if (text === undefined || text === '') return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
