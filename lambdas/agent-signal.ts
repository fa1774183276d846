/**
 * `agent-signal`: tells the customer's connections that an agent is writing, when the plugin in
 * Flex's user interface says so. A function of its own, so that whoever floods this open address
 * takes nothing from Twilio's webhooks.
 */
import { ChatError, type ChatErrorCode } from '#core/errors';
import { relayTyping } from '#core/webhooks/relay-typing';
import { agentSignalPorts } from './shared/agent-signal-ports.ts';
import { parseSignalRequest } from './shared/agent-signal-request.ts';
import { HTTP_STATUS } from './shared/reply.ts';
import { createTelemetry } from './shared/telemetry.ts';

const telemetry = createTelemetry('agent-signal');
const { ports, origins } = agentSignalPorts(process.env);

interface Answer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export const handler = async (event: unknown): Promise<Answer> => {
  let headers = {};
  try {
    const request = parseSignalRequest(event, origins);
    headers = { 'Access-Control-Allow-Origin': request.origin, Vary: 'Origin' };
    await relayTyping(ports, request, Date.now());
    telemetry.count('SignalRelayed');
    return { statusCode: 200, headers, body: '' };
  } catch (error) {
    telemetry.count('SignalRefused');
    if (isCallers(error)) telemetry.logger.warn('signal refused', { code: error.code });
    else telemetry.failed('signal failed', error);
    const statusCode = error instanceof ChatError ? HTTP_STATUS[error.code] : 500;
    return { statusCode, headers, body: '' };
  } finally {
    telemetry.flush();
  }
};

/** Anybody may call: what they do wrong is no error of ours. */
const isCallers = (error: unknown): error is ChatError =>
  error instanceof ChatError && CALLERS.has(error.code);

const CALLERS: ReadonlySet<ChatErrorCode> = new Set(['FORBIDDEN', 'TOO_FAST', 'TOO_LARGE']);
