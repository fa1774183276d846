import * as v from 'valibot';
import type { Outcome } from '../integration.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string;
}

const headerValue = v.union([v.string(), v.number(), v.boolean()]);

/** Strict as API Gateway is: an unknown key makes the answer malformed. */
const AnswerSchema = v.strictObject({
  statusCode: v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.digits(), v.transform(Number))]),
    v.integer(),
    v.minValue(200), // Node can't send an interim status as an answer; whether AWS can is unconfirmed
    v.maxValue(599),
  ),
  headers: v.nullish(v.record(v.string(), headerValue)),
  multiValueHeaders: v.nullish(v.record(v.string(), v.array(headerValue))),
  body: v.nullish(v.string()),
  isBase64Encoded: v.nullish(v.boolean()),
});

/** Whether a function's answer is one that API Gateway passes on. */
export const isAnswer = (value: unknown): boolean => v.is(AnswerSchema, value);

const INTERNAL = 'Internal server error';

/** What the client gets for what became of the function. */
export function answerOf(outcome: Outcome): HttpAnswer {
  switch (outcome.kind) {
    // API Gateway does not pass Lambda's 429 on. Source: AWS re:Post QUfI6bsdd0SOiPeyimzxSkfQ.
    case 'throttled':
    case 'forbidden':
      return integrationFailure(500, INTERNAL);
    case 'failed':
      return integrationFailure(502, INTERNAL);
    case 'timed-out':
      return integrationFailure(504, 'Endpoint request timed out');
    case 'returned':
      return passOn(outcome.value);
  }
}

/** A body in base64 goes out as it is: it is decoded for binary media types only. */
function passOn(value: unknown): HttpAnswer {
  const parsed = v.safeParse(AnswerSchema, value);
  if (!parsed.success) return integrationFailure(502, INTERNAL);
  const { statusCode, headers, multiValueHeaders, body } = parsed.output;
  const single = Object.entries(headers ?? {}).map(([name, text]) => [
    name.toLowerCase(),
    String(text),
  ]);
  const multi = Object.entries(multiValueHeaders ?? {}).map(([name, texts]) => [
    name.toLowerCase(),
    texts.map(String),
  ]);
  return {
    status: statusCode,
    headers: { ...JSON_TYPE, ...Object.fromEntries([...single, ...multi]) },
    body: body ?? '',
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };

/** With a blank after the colon, as API Gateway writes it for integrations. */
function integrationFailure(status: number, message: string): HttpAnswer {
  const headers = { ...JSON_TYPE, 'x-amzn-errortype': 'InternalServerErrorException' };
  return { status, headers, body: `{"message": "${message}"}` };
}

/** A request that never reaches an integration. */
export function refusal(status: number, errorType: string, message: string): HttpAnswer {
  const headers = { ...JSON_TYPE, 'x-amzn-errortype': errorType };
  return { status, headers, body: JSON.stringify({ message }) };
}
