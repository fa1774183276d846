/** Twilio's SDK, which a command may send to a simulated Twilio. */
import twilio from 'twilio';
import type { Credentials } from './credentials.ts';
import { PatientClient } from './patient-client.ts';

export type Twilio = twilio.Twilio;

const TIMEOUT_MS = 15_000;

export interface TwilioOptions {
  /** An API key is used before the auth token. */
  readonly credentials: Credentials;
  readonly accountSid: string;
  /** `https://host/path` becomes `<this>/host/path`. @default Twilio itself */
  readonly twilioUrl?: string | undefined;
}

export function createTwilio({ credentials, accountSid, twilioUrl }: TwilioOptions): Twilio {
  const { apiKey, apiSecret, authToken } = credentials;
  const options = {
    accountSid,
    httpClient: new PatientClient({ timeoutMs: TIMEOUT_MS, baseUrl: twilioUrl }),
  };
  return apiKey === undefined
    ? twilio(accountSid, authToken ?? '', options)
    : twilio(apiKey, apiSecret ?? '', options);
}

/** @returns undefined when Twilio has no such resource. */
export async function orAbsent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof twilio.RestException && error.status === 404) return undefined;
    throw error;
  }
}

/**
 * Does Twilio say that the account does not have the product (any more)? Its status for that is
 * unconfirmed, so every refusal counts but those of the credentials and of too many calls.
 */
export const isProductGone = (error: unknown): boolean =>
  error instanceof twilio.RestException &&
  error.status >= 400 &&
  error.status < 500 &&
  error.status !== 401 &&
  error.status !== 429;

/** Did Twilio refuse the credentials themselves? */
export const isUnauthorized = (error: unknown): boolean =>
  error instanceof twilio.RestException && error.status === 401;

/** Removing what is gone is no error. */
export async function orGone(removal: Promise<boolean>): Promise<void> {
  await orAbsent(removal);
}
