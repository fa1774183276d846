import * as v from 'valibot';
import { matchesGlob } from '../glob.ts';

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

export type Verdict = 'allowed' | 'denied' | 'explicitly-denied';

/** Whether the policy lets the caller invoke the method; a Deny outweighs every Allow. */
export function evaluatePolicy({ policyDocument }: AuthorizerAnswer, methodArn: string): Verdict {
  const effects = policyDocument.Statement.filter(
    ({ Action, Resource }) =>
      asArray(Action).some((action) => matchesAction(action)) &&
      asArray(Resource).some((resource) => matchesGlob(resource, methodArn)),
  ).map(({ Effect }) => Effect);
  if (effects.includes('Deny')) return 'explicitly-denied';
  return effects.includes('Allow') ? 'allowed' : 'denied';
}

/** Actions know no case. */
const matchesAction = (action: string): boolean =>
  matchesGlob(action.toLowerCase(), 'execute-api:invoke');

const asArray = (value: string | string[]): string[] => (Array.isArray(value) ? value : [value]);
