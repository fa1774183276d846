import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  PostToConnectionCommand,
} from '@aws-sdk/client-apigatewaymanagementapi';
import { ChatError, type ChatErrorCode } from '#core/errors';
import type { ConnectionId } from '#core/ids';
import type { CustomerConnections } from '#core/ports';
import { encodeEvent, type ServerEvent } from '#protocol/events';
import { awsError } from './aws-errors.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';

/**
 * Two short tries: if a push fails, the client reads the transcript later; if it hangs, it delays the
 * letters behind it, or the answer to a webhook, for which Twilio waits 5 s.
 * Source: aws/aws-sdk-js-v3#6896 on posts that hang; Twilio's "Conversations webhooks".
 */
export const PUSH_TRIES = 2;
export const PUSH_TIMEOUT_MS = 1_500;

const pushSettings = (timeoutMs: number) => ({
  maxAttempts: PUSH_TRIES,
  requestHandler: {
    ...CLIENT_SETTINGS.requestHandler,
    requestTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  },
});

const CODE_BY_STATUS: Readonly<Record<number, ChatErrorCode>> = {
  403: 'MISCONFIGURED',
  413: 'TOO_LARGE',
  429: 'RATE_LIMITED',
};

/**
 * Pushes events through API Gateway's `@connections`. If an answer is lost, the SDK repeats the call
 * and may deliver the event twice; clients show each message once.
 */
export class SocketPush implements CustomerConnections {
  readonly #client: ApiGatewayManagementApiClient;

  /**
   * @param callbackUrl always the execute-api form with the stage: custom domains are refused with
   * 403.
   * @param timeoutMs how long a try waits for its answer.
   */
  constructor(callbackUrl: string, timeoutMs = PUSH_TIMEOUT_MS) {
    this.#client = new ApiGatewayManagementApiClient({
      ...pushSettings(timeoutMs),
      endpoint: callbackUrl,
    });
  }

  /** @throws ChatError also `MISCONFIGURED` (403) and `TOO_LARGE` (above 128 KB). */
  async push(connection: ConnectionId, event: ServerEvent): Promise<boolean> {
    const command = new PostToConnectionCommand({
      ConnectionId: connection,
      Data: encodeEvent(event),
    });
    return this.#unlessGone('POST', () => this.#client.send(command));
  }

  /** The client sees close code 1000; API Gateway takes no other from us. */
  async close(connection: ConnectionId): Promise<void> {
    const command = new DeleteConnectionCommand({ ConnectionId: connection });
    await this.#unlessGone('DELETE', () => this.#client.send(command));
  }

  /** @returns false when the connection is gone. */
  async #unlessGone(method: string, call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      throw pushError(method, error);
    }
  }
}

/**
 * Recognises 410 by name or by status, as the name comes from a header that proxies may drop. API
 * Gateway answers 400 to a malformed id, under which there never was a connection.
 */
function isGone(error: unknown): boolean {
  const status = statusOf(error);
  return status === 410 || status === 400 || (error as Error).name === 'GoneException';
}

function pushError(method: string, error: unknown): ChatError {
  const code = CODE_BY_STATUS[statusOf(error) ?? 0];
  return code === undefined
    ? awsError(`@connections ${method}`, error)
    : new ChatError(code, `@connections ${method}: ${statusOf(error)}`, { cause: error });
}

/** Of the answer; undefined when there was none. */
function statusOf(error: unknown): number | undefined {
  const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return metadata?.httpStatusCode;
}
