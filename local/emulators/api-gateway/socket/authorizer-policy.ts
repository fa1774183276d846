import * as v from 'valibot';
import { evaluate, type Verdict } from '#local/emulators/aws/iam';

const oneOrMore = v.union([v.string(), v.array(v.string())]);

/** Strict: a condition or a `NotAction` that is not evaluated here must not pass as absent. */
const AnswerSchema = v.object({
  principalId: v.string(),
  policyDocument: v.strictObject({
    Version: v.optional(v.string()),
    Id: v.optional(v.string()),
    Statement: v.array(
      v.strictObject({
        Sid: v.optional(v.string()),
        Effect: v.picklist(['Allow', 'Deny']),
        Action: oneOrMore,
        Resource: oneOrMore,
      }),
    ),
  }),
  context: v.optional(v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]))),
});

export type AuthorizerAnswer = v.InferOutput<typeof AnswerSchema>;

const MAX_ANSWER_BYTES = 8192;

/** @returns undefined for an answer that API Gateway can't use: malformed, nested context or above 8 KB. */
export function parseAuthorizerAnswer(value: unknown): AuthorizerAnswer | undefined {
  const parsed = v.safeParse(AnswerSchema, value);
  if (!parsed.success || Buffer.byteLength(JSON.stringify(value)) > MAX_ANSWER_BYTES) {
    return undefined;
  }
  return parsed.output;
}

/** Whether the policy lets the caller invoke the method. */
export function evaluatePolicy({ policyDocument }: AuthorizerAnswer, methodArn: string): Verdict {
  const permission = { action: 'execute-api:Invoke', resource: methodArn };
  return evaluate(policyDocument.Statement, permission);
}
