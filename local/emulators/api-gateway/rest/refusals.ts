import type { Outcome } from '../integration.ts';
import { type HttpAnswer, isAnswer, refusal } from './rest-answer.ts';
import type { RestConfig } from './rest-config.ts';

/** How an API refuses what never reaches a function, and what it says when that fails. */
interface Refusals {
  readonly otherStage: HttpAnswer;
  readonly headersTooLarge: HttpAnswer;
  readonly badRequest: HttpAnswer;
  /** A path or a method that it does not have. */
  readonly unknown: HttpAnswer;
  readonly tooMany: HttpAnswer;
  readonly tooLong: HttpAnswer;
  /** @returns undefined where the answer is that of a REST API. */
  readonly failed: (outcome: Outcome) => HttpAnswer | undefined;
}

const SHARED = {
  headersTooLarge: refusal(
    431,
    'RequestHeaderFieldsTooLargeException',
    'Request Header Fields Too Large',
  ),
  badRequest: refusal(400, 'BadRequestException', 'Bad Request'),
};

const REST: Refusals = {
  ...SHARED,
  otherStage: refusal(403, 'ForbiddenException', 'Forbidden'),
  unknown: refusal(403, 'MissingAuthenticationTokenException', 'Missing Authentication Token'),
  tooMany: refusal(429, 'TooManyRequestsException', 'Too Many Requests'),
  tooLong: refusal(413, 'RequestTooLargeException', 'Request Too Long'),
  failed: () => undefined,
};

/** Of what comes up behind the front door, HTTP APIs name no type of error. */
const plain = (status: number, message: string): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

/** Source: API Gateway developer guide, "Troubleshooting issues with HTTP API Lambda integrations". */
const HTTP: Refusals = {
  ...SHARED,
  otherStage: plain(404, 'Not Found'),
  unknown: plain(404, 'Not Found'),
  tooMany: plain(429, 'Too Many Requests'),
  tooLong: plain(413, 'Request Entity Too Large'),
  failed: (outcome) => {
    if (outcome.kind === 'returned' && isAnswer(outcome.value)) return undefined;
    return outcome.kind === 'timed-out'
      ? plain(503, 'Service Unavailable')
      : plain(500, 'Internal Server Error');
  },
};

export const refusalOf = ({ kind }: Pick<RestConfig, 'kind'>): Refusals =>
  kind === 'http' ? HTTP : REST;
