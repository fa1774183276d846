/** From Twilio's errors to the product's: one table by Twilio's code, then one by HTTP status. */
import * as v from 'valibot';
import { ChatError, type ChatErrorCode } from '#core/errors';

/** Codes that the steps of opening and ending a chat answer by themselves. */
export const TWILIO_CODE = {
  flexNameExists: 45208,
  interactionExists: 45353,
  chatNameExists: 50307,
  uniqueNameExists: 50353,
  participantExists: 50433,
} as const;

/** Source: twilio.com/docs/api/errors. HTTP statuses of 50xxx are not documented, so the code decides. */
const BY_TWILIO_CODE: Readonly<Partial<Record<number, ChatErrorCode>>> = {
  20003: 'MISCONFIGURED', // credentials
  20404: 'NO_CHAT',
  20409: 'UPSTREAM_UNAVAILABLE', // conflict: the retry reads again
  20429: 'RATE_LIMITED',
  20500: 'UPSTREAM_UNAVAILABLE',
  20503: 'UPSTREAM_UNAVAILABLE',
  45010: 'RATE_LIMITED', // Flex
  45204: 'NO_CHAT', // Flex Channel
  45205: 'MISCONFIGURED', // Flex Flow not found
  45207: 'UPSTREAM_REFUSED', // too many channels
  45209: 'UPSTREAM_UNAVAILABLE', // timed out inside Flex
  // Inside Flex, or in a service that it calls.
  ...retried(45350, 45352, 45356, 45360, 45361, 45363),
  ...retried(45369, 45370, 45371, 45372, 45373, 45374),
  45354: 'CHAT_ENDED', // interaction on a closed conversation
  45366: 'MISCONFIGURED', // routing parameters
  45367: 'MISCONFIGURED',
  50006: 'MISCONFIGURED', // account SID
  50050: 'MISCONFIGURED', // service not found
  50063: 'RATE_LIMITED', // actions per second
  50074: 'RATE_LIMITED',
  50200: 'NO_CHAT', // user not found
  50208: 'UPSTREAM_REFUSED', // channels, members, conversations or participants: too many
  50214: 'UPSTREAM_REFUSED',
  50300: 'NO_CHAT',
  50350: 'NO_CHAT',
  50377: 'CHAT_ENDED', // closed is final
  50385: 'MISCONFIGURED', // not available in the region
  50391: 'UPSTREAM_UNAVAILABLE', // concurrent modification
  50403: 'UPSTREAM_REFUSED',
  50417: 'UPSTREAM_REFUSED',
  50419: 'UPSTREAM_UNAVAILABLE',
  50449: 'UPSTREAM_UNAVAILABLE',
  50504: 'TOO_LARGE',
};

function retried(...codes: readonly number[]): Record<number, ChatErrorCode> {
  return Object.fromEntries(codes.map((code) => [code, 'UPSTREAM_UNAVAILABLE']));
}

/** What Twilio said; the `cause` of the ChatError made of it. */
export interface TwilioFault {
  readonly status: number;
  readonly code: number | undefined;
}

const FaultBodySchema = v.object({ code: v.number() });

/**
 * @param call method, host and path pattern.
 * @param retryAfter the header of that name.
 * @param nowMs against which a date in it is counted.
 */
export function twilioError(
  call: string,
  answer: { readonly status: number; readonly body: unknown; readonly retryAfter: string | null },
  nowMs: number,
): ChatError {
  const body = v.safeParse(FaultBodySchema, answer.body);
  const fault: TwilioFault = {
    status: answer.status,
    code: body.success ? body.output.code : undefined,
  };
  const retryAfterMs = parseRetryAfter(answer.retryAfter, nowMs);
  return new ChatError(chatErrorCode(fault), `${call}: ${fault.status}, code ${fault.code}`, {
    cause: fault,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** Twilio's own code behind an error of a call; undefined when there is none. */
export function twilioCode(error: unknown): number | undefined {
  if (!(error instanceof ChatError)) return undefined;
  return (error.cause as Partial<TwilioFault> | undefined)?.code;
}

/** Is this Twilio saying that what we add is there already? */
export function isAlreadyThere(
  error: unknown,
  ...codes: readonly (keyof typeof TWILIO_CODE)[]
): boolean {
  const code = twilioCode(error);
  return codes.some((name) => TWILIO_CODE[name] === code);
}

function chatErrorCode({ status, code }: TwilioFault): ChatErrorCode {
  const known = code === undefined ? undefined : BY_TWILIO_CODE[code];
  if (known !== undefined) return known;
  if (status >= 500 || status === 408) return 'UPSTREAM_UNAVAILABLE';
  if (status === 429) return 'RATE_LIMITED';
  // 403: an API key that lacks a permission.
  if (status === 401 || status === 403) return 'MISCONFIGURED';
  return status === 404 ? 'NO_CHAT' : 'UPSTREAM_REFUSED';
}

/** Seconds or an HTTP date. Whether these APIs send the header at all is not documented. */
function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1_000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
