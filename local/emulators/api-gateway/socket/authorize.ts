import { apiArn } from '../execute-api.ts';
import { fieldsOf, fieldValue } from '../http-fields.ts';
import type { Outcome } from '../integration.ts';
import {
  type AuthorizerAnswer,
  evaluatePolicy,
  parseAuthorizerAnswer,
} from './authorizer-policy.ts';
import type { Authorizer, IdentitySource } from './socket-config.ts';
import { authorizerEvent, type ConnectionFacts, type Handshake } from './socket-events.ts';
import { newOccasion, type SocketRuntime } from './socket-runtime.ts';

/** A handshake that ends in an HTTP answer instead of a connection. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** What later events carry as `requestContext.authorizer`. */
export type AuthorizerContext = Readonly<Record<string, string | number>>;

export type Authorization = { readonly context: AuthorizerContext } | { readonly refusal: Refusal };

/**
 * Asks the authorizer, for every connection anew: WebSocket APIs don't cache its answers.
 * The texts of the refusals are those of REST APIs, unconfirmed for WebSocket APIs.
 */
export async function authorize(
  runtime: SocketRuntime,
  authorizer: Authorizer,
  facts: ConnectionFacts,
  handshake: Handshake,
): Promise<Authorization> {
  if (!hasIdentity(authorizer.identitySources, handshake)) return refuse(401, 'Unauthorized');
  const startedAtMs = runtime.clock.now();
  const event = authorizerEvent(facts, newOccasion(runtime), handshake);
  const outcome = await runtime.integrate(authorizer.integration, event);
  return judge(outcome, facts, runtime.clock.now() - startedAtMs);
}

function judge(outcome: Outcome, facts: ConnectionFacts, integrationLatency: number) {
  if (outcome.kind === 'failed' && outcome.message === 'Unauthorized') {
    return refuse(401, 'Unauthorized');
  }
  const answer = outcome.kind === 'returned' ? parseAuthorizerAnswer(outcome.value) : undefined;
  // 500 is what REST APIs say of an authorizer that fails or is throttled; unconfirmed here.
  if (answer === undefined) return refuse(500, 'Internal server error');
  const verdict = evaluatePolicy(answer, apiArn(facts.apiId, `${facts.stage}/$connect`));
  if (verdict === 'allowed') return { context: contextOf(answer, integrationLatency) };
  const notAllowed = 'User is not authorized to access this resource';
  return refuse(403, verdict === 'denied' ? notAllowed : `${notAllowed} with an explicit deny`);
}

const refuse = (status: number, message: string) => ({ refusal: { status, message } });

/** Values arrive as text; whether AWS keeps numbers as numbers is unconfirmed, so functions should give text only. */
function contextOf(answer: AuthorizerAnswer, integrationLatency: number): AuthorizerContext {
  const texts = Object.entries(answer.context ?? {}).map(([key, value]) => [key, String(value)]);
  return { ...Object.fromEntries(texts), principalId: answer.principalId, integrationLatency };
}

function hasIdentity(sources: readonly IdentitySource[], { headers, query }: Handshake): boolean {
  const fields = fieldsOf(headers);
  return sources.every(({ place, name }) =>
    Boolean(place === 'header' ? fieldValue(fields, name) : query.single[name]),
  );
}
