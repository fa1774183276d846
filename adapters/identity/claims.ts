import * as v from 'valibot';
import { type Profile, ProfileSchema } from '#protocol/frames';

/** Which claim of an identity says what. */
export interface ClaimNames {
  readonly name: string;
  readonly email: string;
  readonly language: string;
  /** Names of the profile's custom fields, each with its claim. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/**
 * The profile that an identity vouches for. A claim that is absent, no text, or longer than the profile
 * takes is left out: half a value would be a wrong one. So is an e-mail address which the issuer
 * says it has not verified.
 */
export function profileOf(claims: Readonly<Record<string, unknown>>, names: ClaimNames): Profile {
  const email = claims['email_verified'] === false ? undefined : textOf(claims, names.email);
  const parts: Profile[] = [
    { name: textOf(claims, names.name) },
    { email },
    { language: textOf(claims, names.language) },
    ...Object.entries(names.fields ?? {}).map(([field, claim]) => {
      const value = textOf(claims, claim);
      return value === undefined ? {} : { fields: { [field]: value } };
    }),
  ].map(present);
  return parts.reduce<Profile>((profile, part) => withPart(profile, part), {});
}

function textOf(claims: Readonly<Record<string, unknown>>, claim: string): string | undefined {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

const present = (part: Readonly<Record<string, unknown>>): Profile =>
  Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));

function withPart(profile: Profile, part: Profile): Profile {
  const fields = part.fields && { ...profile.fields, ...part.fields };
  const parsed = v.safeParse(ProfileSchema, { ...profile, ...part, ...(fields && { fields }) });
  return parsed.success ? parsed.output : profile;
}
