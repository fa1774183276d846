/** Checks that a webhook comes from Twilio, for exactly the URL that was registered there. */
import {
  getExpectedBodyHash,
  getExpectedTwilioSignature,
  validateBody,
} from 'twilio/lib/webhooks/webhooks.js';
import { parseForm, type WebhookForm } from './webhook-form.ts';

export interface SignedRequest {
  /** As registered at Twilio, query string included; never rebuilt from the request's headers. */
  readonly url: string;
  /** As received, after base64 if API Gateway applied it. Empty for GET. */
  readonly rawBody: string;
  readonly contentType: string | undefined;
  /** The header `X-Twilio-Signature`. */
  readonly signature: string | undefined;
  /** Any of them may have signed: two during a rotation. */
  readonly authTokens: readonly string[];
}

/**
 * Is the signature that of one of the tokens? Never throws.
 *
 * The library's own `validateRequest` is not used: it also accepts URLs with another port or
 * another spelling of the query.
 *
 * Source: twilio.com/docs/usage/webhooks/webhooks-security.
 */
export function isSignedByTwilio(request: SignedRequest): boolean {
  const { url, signature, authTokens } = request;
  const params = signedParams(request);
  if (!signature || params === undefined) return false;
  return authTokens.some(
    (token) => token !== '' && isSame(getExpectedTwilioSignature(token, url, params), signature),
  );
}

/** @returns what is signed besides the URL; undefined when the body is not covered by the signature. */
function signedParams({ url, rawBody, contentType }: SignedRequest): WebhookForm | undefined {
  if (isForm(contentType)) return parseForm(rawBody);
  const bodyHash = URL.parse(url)?.searchParams.get('bodySHA256') ?? undefined;
  if (bodyHash === undefined) return rawBody === '' ? {} : undefined;
  return validateBody(rawBody, bodyHash) ? {} : undefined;
}

function isForm(contentType: string | undefined): boolean {
  const [mediaType = ''] = contentType?.split(';') ?? [];
  return mediaType.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

/** In constant time: the library compares a text's hash with a given one that way. */
function isSame(expected: string, given: string): boolean {
  return validateBody(expected, getExpectedBodyHash(given));
}
