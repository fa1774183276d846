/** Who vouches for customers: what a stage's file may say, and what the functions are told. */
import * as v from 'valibot';
import { parsedUrl, section, text } from './fields.ts';

const MAX_CHARACTERS = 512;

const ISSUER =
  'the issuer exactly as its tokens name it in "iss", such as "https://login.example.com/"';
const AUDIENCE = 'what the tokens name in "aud", such as the id of your application at the issuer';
const JWKS_URL =
  'the https address of the issuer\'s public keys, such as "https://login.example.com/.well-known/jwks.json"; http only for localhost and 127.0.0.1';
const SECRET_ARN =
  'the full ARN of the secret in Secrets Manager whose text signs the tokens, such as "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-identity-AbCdEf"';
const CLAIM = 'the name of a claim, such as "name"';
const FIELDS = 'an object of at most 20 names of profile fields, each with the name of a claim';

const short = (expected: string) => v.pipe(text(expected), v.maxLength(MAX_CHARACTERS, expected));
const claim = short(CLAIM);

const ClaimsSchema = section({
  name: v.optional(claim, 'name'),
  email: v.optional(claim, 'email'),
  language: v.optional(claim, 'locale'),
  fields: v.exactOptional(
    v.pipe(
      v.record(v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, FIELDS)), claim, FIELDS),
      v.maxEntries(20, FIELDS),
    ),
  ),
});

/** The section `customers.identity`. Either of the last two fields says how tokens are signed. */
export const IdentityPolicySchema = v.object({
  issuer: short(ISSUER),
  audience: short(AUDIENCE),
  claims: v.optional(ClaimsSchema, {}),
  jwksUrl: v.exactOptional(
    v.pipe(
      v.string(JWKS_URL),
      v.maxLength(MAX_CHARACTERS, JWKS_URL),
      v.check((value) => isPlainUrl(value), JWKS_URL),
    ),
  ),
  sharedSecretArn: v.exactOptional(
    v.pipe(
      v.string(SECRET_ARN),
      v.regex(
        /^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}$/,
        SECRET_ARN,
      ),
    ),
  ),
});

export type IdentityPolicy = v.InferOutput<typeof IdentityPolicySchema>;

/** An address with a password in it would be a secret in the configuration. */
function isPlainUrl(value: string): boolean {
  const url = parsedUrl(value);
  return url !== undefined && url.username === '' && url.password === '' && url.hash === '';
}
