/** Who a customer is, as an issuer of identities that the deployment trusts has said. */
import type { Profile } from '#protocol/frames';

/** One person of one issuer. Subjects of two issuers are two persons, even if they are spelled alike. */
export interface Person {
  readonly issuer: string;
  readonly subject: string;
}

/** What a verified identity says. */
export interface Identity extends Person {
  /** From the claims; wins over what the customer says. */
  readonly profile: Profile;
  /** From then on the session is resumed with a fresh identity only. */
  readonly validUntilMs: number;
}

/** What Flex is told of a customer. */
export interface Customer extends Profile {
  /** Only for whom an issuer has vouched. No frame has this field. */
  readonly verified?: Person;
}

/** How long an identity is good at most, whatever it says itself. */
const LONGEST_VALIDITY_MS = 24 * 60 * 60_000;

export function validUntil(expiresAtMs: number, nowMs: number): number {
  return Math.min(expiresAtMs, nowMs + LONGEST_VALIDITY_MS);
}

export function isSamePerson(one: Person, other: Person): boolean {
  return one.issuer === other.issuer && one.subject === other.subject;
}

/** The customer's own words, and above them what was verified. */
export function customerOf(own: Profile, identity: Identity | undefined): Customer {
  if (identity === undefined) return own;
  const { issuer, subject, profile } = identity;
  const fields = { ...own.fields, ...profile.fields };
  return {
    ...own,
    ...profile,
    ...(Object.keys(fields).length > 0 && { fields }),
    verified: { issuer, subject },
  };
}
