/** What one chat uses of AWS and Twilio. */
export interface Usage {
  /** Of the customer's client, by their action. */
  readonly framesByAction: Readonly<Record<string, number>>;
  /** WebSocket messages both ways, as API Gateway counts them: one for each 32 KB begun. */
  readonly socketMessages: number;
  readonly connectionMinutes: number;
  /** Requests that Twilio makes of the webhook API. */
  readonly webhooks: number;
  /** By the function's logical id, such as `FlexWebhook`. */
  readonly invocations: Readonly<Record<string, number>>;
  /** Of all functions, as measured here, with the emulators' answers in it. */
  readonly functionMs: number;
  readonly memoryMb: number;
  readonly tableReads: number;
  readonly tableWrites: number;
  /** Sent, received and deleted, and visibility changed. */
  readonly queueRequests: number;
  readonly pushes: number;
  readonly twilioCalls: number;
  /** Lines of ours, metrics included. */
  readonly logLines: number;
  readonly logBytes: number;
  /** Lambda's own START, END and REPORT. */
  readonly systemLines: number;
  readonly systemBytes: number;
}

/** How a chat goes that is measured or priced. */
export interface ChatShape {
  readonly minutes: number;
  /** Half of them by the customer, half by the agent. */
  readonly messages: number;
}

/**
 * A chat that goes on for as long as this in reality has looks at Flex that a quick one has not: a
 * message 2 minutes after the last look makes the worker ask again who serves the chat.
 */
const LOOK_EVERY_MINUTES = 2;

/** @returns the usage with what the clock of the functions alone would have added. */
export function withLooks(usage: Usage, { minutes, messages }: ChatShape): Usage {
  const looks = Math.min(Math.floor(minutes / LOOK_EVERY_MINUTES), messages / 2);
  return {
    ...usage,
    tableReads: usage.tableReads + looks,
    tableWrites: usage.tableWrites + looks,
    twilioCalls: usage.twilioCalls + 2 * looks,
  };
}
