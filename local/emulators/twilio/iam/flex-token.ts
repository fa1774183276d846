import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import type { TwilioAccount } from '../options.ts';

const TokenSchema = v.object({
  account: v.string(),
  identity: v.string(),
  expiresAtMs: v.number(),
});

export type FlexToken = v.InferOutput<typeof TokenSchema>;

/** Opaque to clients, as Flex's own is. */
export function issueToken({ authToken }: TwilioAccount, token: FlexToken): string {
  const content = Buffer.from(JSON.stringify(token)).toString('base64url');
  return `${content}.${sealOf(authToken, content)}`;
}

/** @returns undefined for what this account has not issued, or not for so long. */
export function readToken(
  { accountSid, authToken }: TwilioAccount,
  token: string,
  nowMs: number,
): FlexToken | undefined {
  const [content = '', seal = ''] = token.split('.');
  const expected = Buffer.from(sealOf(authToken, content));
  const given = Buffer.from(seal);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const read = v.parse(TokenSchema, JSON.parse(Buffer.from(content, 'base64url').toString()));
  return read.account === accountSid && read.expiresAtMs > nowMs ? read : undefined;
}

const sealOf = (secret: string, content: string): string =>
  createHmac('sha256', secret).update(content).digest('base64url');
