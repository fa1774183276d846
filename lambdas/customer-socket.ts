/**
 * `customer-socket`: authorizer, `$connect`, `$disconnect` and `$default` of the WebSocket API.
 * The route response carries the one reply that each frame gets.
 */
import { randomBytes } from 'node:crypto';
import { answerFrame } from '#core/answer-frame';
import { authorizeConnection } from '#core/authorize-connection';
import { closeConnection } from '#core/close-connection';
import { hasCode, wireCode } from '#core/errors';
import { sessionId } from '#core/ids';
import { openConnection } from '#core/open-connection';
import { encodeEvent, type ServerEvent } from '#protocol/events';
import { type Frame, parseFrame } from '#protocol/frames';
import { SUBPROTOCOL } from '#protocol/limits';
import { customerSocketPorts } from './shared/customer-socket-ports.ts';
import { ERROR_TEXT } from './shared/reply.ts';
import { authorizerAnswer, parseSocketEvent, type SocketEvent } from './shared/socket-event.ts';
import { createTelemetry, describeFailure } from './shared/telemetry.ts';

const telemetry = createTelemetry('customer-socket');
const { ports, policy, maxBodyBytes } = customerSocketPorts(process.env);

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
    return authorizerAnswer('Allow', event.methodArn, id);
  } catch (error) {
    telemetry.count('ConnectionRefused');
    telemetry.logger.warn('connection refused', describeFailure(error));
    if (hasCode(error, 'FORBIDDEN')) return authorizerAnswer('Deny', event.methodArn, newSessionId);
    // API Gateway answers 401 to exactly this text, and 500 to any other failure.
    throw hasCode(error, 'UNAUTHORIZED') ? new Error('Unauthorized') : error;
  }
}

async function route(event: RouteEvent) {
  switch (event.kind) {
    case 'CONNECT':
      await openConnection(ports, event);
      return { statusCode: 200, headers: { 'Sec-WebSocket-Protocol': SUBPROTOCOL } };
    case 'DISCONNECT':
      await closeConnection(ports, event);
      return { statusCode: 200 };
    case 'MESSAGE':
      return { statusCode: 200, body: await answer(event) };
  }
}

async function answer(event: RouteEvent): Promise<string> {
  const parsed = parseFrame(event.body, maxBodyBytes);
  if (!parsed.ok) {
    const { code, message, id } = parsed;
    telemetry.count('FrameRefused');
    return encodeEvent(
      { type: 'error', code, message, ...(id !== undefined && { id }) },
      parsed.ref,
    );
  }
  const { frame } = parsed;
  telemetry.count('FrameAnswered');
  try {
    const reply = await answerFrame(ports, frame, { ...event, nowMs: Date.now() });
    return encodeEvent(reply, frame.ref);
  } catch (error) {
    const { sessionId, requestId } = event;
    const failure = describeFailure(error);
    telemetry.logger.error('frame failed', {
      action: frame.action,
      sessionId,
      requestId,
      ...failure,
    });
    return encodeEvent(refusal(error, frame), frame.ref);
  }
}

function refusal(error: unknown, frame: Frame): ServerEvent {
  const code = wireCode(error);
  const named = frame.action === 'sendMessage' ? { id: frame.id } : {};
  return { type: 'error', code, message: ERROR_TEXT[code], ...named };
}
