/** What the parts of a scripted Twilio account share. */

export const sid = (prefix: string, digit: string): string => prefix + digit.repeat(32);

// biome-ignore lint/suspicious/noExplicitAny: resources are JSON of many shapes
export type Json = any;

/** Not the SID of one that is there. */
export const newSid = (prefix: string, present: ReadonlyMap<string, unknown>): string => {
  for (let number = present.size + 1; ; number += 1) {
    const candidate = sid(prefix, '0').slice(0, -String(number).length) + number;
    if (!present.has(candidate)) return candidate;
  }
};

/** A page that holds all. */
export const list = (key: string, items: Iterable<Json>): Json => ({
  [key]: [...items],
  meta: { key, page: 0, page_size: 50, next_page_url: null, url: 'https://twilio/' },
});

/** Everything may be changed before and between calls. */
export interface ScriptedAccount {
  accountSid: string;
  status: string;
  authToken: string;
  apiKey: { sid: string; secret: string };
  /** Added to the clock in the Date header. */
  aheadMs: number;
  defaultChatServiceSid: string;
  flex: { chatServiceSid: string; workspaceSid: string; instanceSid: string };
  /** By SID, as answers show them; likewise below. */
  chatServices: Map<string, Json>;
  workspaces: Map<string, { name: string; workflows: Map<string, string>; taskChannels: Json[] }>;
  flexFlows: Map<string, Json>;
  studioFlows: Map<string, Json>;
  interactionWebhooks: Map<string, Json>;
  /** Of Event Streams. */
  sinks: Map<string, Json>;
  /** With the subscribed events under `types`, by type. */
  subscriptions: Map<string, Json>;
  /** Open conversations with the addresses of their webhooks. */
  conversations: Map<string, string[]>;
}

interface Call {
  readonly account: ScriptedAccount;
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

export type Route = readonly [method: string, pattern: RegExp, answer: (call: Call) => Json];

/** A route of requests whose whole path is this pattern's. */
export const on = (method: string, pattern: string, respond: (call: Call) => Json): Route => [
  method,
  new RegExp(`${pattern}$`),
  respond,
];
