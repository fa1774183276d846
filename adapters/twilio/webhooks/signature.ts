/** Checks that a webhook comes from Twilio, for exactly the URL that was registered there. */
import {
  getExpectedBodyHash,
  getExpectedTwilioSignature,
  validateBody,
} from 'twilio/lib/webhooks/webhooks.js';
import type { WebhookForm } from './form.ts';

export interface SignedRequest {
  /** As registered at Twilio, query string included; never rebuilt from the request's headers. */
  readonly url: string;
  /** As received, after base64 if API Gateway applied it. Empty for GET. */
  readonly rawBody: string;
  /** The fields of that body; undefined where it is no form. */
  readonly form: WebhookForm | undefined;
  /** The header `X-Twilio-Signature`. */
  readonly signature: string | undefined;
  /** Any of them may have signed: two during a rotation. */
  readonly authTokens: readonly string[];
}

/** 20 bytes in Base64. */
const SIGNATURE = /^[A-Za-z0-9+/]{27}=$/;

/** Does the header look like a signature? If not, the request is refused without reading a secret. */
export function isSignature(header: string | undefined): header is string {
  return header !== undefined && SIGNATURE.test(header);
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
    (token) =>
      token !== '' &&
      spellingsOf(url).some((spelling) =>
        isSame(getExpectedTwilioSignature(token, spelling, params), signature),
      ),
  );
}

/** Twilio's products differ in whether they name the port that HTTPS has anyway. */
function spellingsOf(url: string): readonly string[] {
  const parts = /^(https:\/\/[^/?#:@]+)(?::443)?([/?#].*)?$/i.exec(url);
  if (parts === null) return [url];
  const [, host = '', rest = ''] = parts;
  return [`${host}${rest}`, `${host}:443${rest}`];
}

/** @returns what is signed besides the URL; undefined when the body is not covered by the signature. */
function signedParams({ url, rawBody, form }: SignedRequest): WebhookForm | undefined {
  if (form !== undefined) return form;
  const bodyHash = URL.parse(url)?.searchParams.get('bodySHA256') ?? undefined;
  if (bodyHash === undefined) return rawBody === '' ? {} : undefined;
  return validateBody(rawBody, bodyHash) ? {} : undefined;
}

/** In constant time: the library compares a text's hash with a given one that way. */
function isSame(expected: string, given: string): boolean {
  return validateBody(expected, getExpectedBodyHash(given));
}
