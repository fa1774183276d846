/**
 * `customer-socket`: authorizer, `$connect`, `$disconnect` and `$default` of the WebSocket API.
 * The route response carries the one reply that each frame gets.
 */
import { randomBytes } from 'node:crypto';
import { authorizeConnection } from '#core/connections/authorize-connection';
import { closeConnection } from '#core/connections/close-connection';
import { openConnection } from '#core/connections/open-connection';
import { hasCode, wireCode } from '#core/errors';
import { admitFrame } from '#core/frames/admit-frame';
import { answerFrame } from '#core/frames/answer-frame';
import { sessionId } from '#core/ids';
import type { Code } from '#protocol/codes';
import { encodeEvent, type ServerEvent } from '#protocol/events';
import { type ParsedFrame, parseFrame } from '#protocol/frames';
import { SUBPROTOCOL } from '#protocol/limits';
import { customerSocketPorts } from './shared/customer-socket-ports.ts';
import { ERROR_TEXT } from './shared/reply.ts';
import { authorizerAnswer, parseSocketEvent, type SocketEvent } from './shared/socket-event.ts';
import { createTelemetry, describeFailure } from './shared/telemetry.ts';

const telemetry = createTelemetry('customer-socket');
const { ports, policy, maxBodyBytes } = customerSocketPorts(process.env);

const PROVES_NOTHING = ['UNAUTHORIZED', 'IDENTITY_EXPIRED', 'IDENTITY_REFUSED'] as const;

type RouteEvent = Exclude<SocketEvent, { kind: 'AUTHORIZE' }>;

export const handler = async (raw: unknown): Promise<unknown> => {
  try {
    const event = parseSocketEvent(raw);
    return event.kind === 'AUTHORIZE' ? await authorize(event) : await route(event);
  } finally {
    telemetry.flush();
  }
};

async function authorize(event: Extract<SocketEvent, { kind: 'AUTHORIZE' }>) {
  const newSessionId = sessionId(randomBytes(16).toString('base64url'));
  const request = { ...event, nowMs: Date.now(), newSessionId };
  try {
    const id = await authorizeConnection(ports, policy, request);
    return authorizerAnswer('Allow', event.methodArn, id, id !== newSessionId);
  } catch (error) {
    telemetry.count('ConnectionRefused');
    telemetry.logger.warn('connection refused', describeFailure(error));
    if (hasCode(error, 'FORBIDDEN') || hasCode(error, 'TOO_FAST')) {
      return authorizerAnswer('Deny', event.methodArn, newSessionId);
    }
    // API Gateway answers 401 to exactly this text, and 500 to any other failure.
    throw PROVES_NOTHING.some((code) => hasCode(error, code)) ? new Error('Unauthorized') : error;
  }
}

async function route(event: RouteEvent) {
  switch (event.kind) {
    case 'CONNECT':
      return connect(event);
    case 'DISCONNECT':
      await closeConnection(ports, event);
      return { statusCode: 200 };
    case 'MESSAGE':
      return { statusCode: 200, body: await answer(event) };
  }
}

async function connect(event: RouteEvent) {
  try {
    await openConnection(ports, policy, { ...event, nowMs: Date.now() });
    telemetry.count('ConnectionOpened');
    return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } };
  } catch (error) {
    if (!hasCode(error, 'TOO_FAST')) throw error;
    telemetry.count('ConnectionRefused');
    telemetry.logger.warn('connection refused', describeFailure(error));
    return { statusCode: 429 };
  }
}

async function answer(event: RouteEvent): Promise<string> {
  const nowMs = Date.now();
  const parsed = readFrame(event.body);
  const { ref, id } = parsed.ok ? { id: undefined, ...parsed.frame } : parsed;
  try {
    await admitFrame(ports, event, nowMs);
    if (!parsed.ok) telemetry.count('FrameRefused');
    const reply = parsed.ok
      ? await answerFrame(ports, parsed.frame, { ...event, nowMs })
      : errorEvent(parsed.code, id, parsed.message);
    return encodeEvent(reply, ref);
  } catch (error) {
    report(event, parsed, error);
    return encodeEvent(errorEvent(wireCode(error), id), ref);
  }
}

/**
 * If the parser itself throws, that is a bug here; the frame is counted and answered all the same.
 */
function readFrame(body: string): ParsedFrame {
  try {
    return parseFrame(body, maxBodyBytes);
  } catch (error) {
    telemetry.failed('frame not parsed', error);
    return { ok: false, code: 'bad_frame', message: ERROR_TEXT.bad_frame };
  }
}

function report({ sessionId, requestId }: RouteEvent, parsed: ParsedFrame, error: unknown): void {
  if (hasCode(error, 'TOO_FAST')) telemetry.count('FrameRateLimited');
  const action = parsed.ok ? parsed.frame.action : undefined;
  telemetry.failed('frame failed', error, { action, sessionId, requestId });
}

function errorEvent(code: Code, id?: string, message = ERROR_TEXT[code]): ServerEvent {
  return { type: 'error', code, message, ...(id !== undefined && { id }) };
}
