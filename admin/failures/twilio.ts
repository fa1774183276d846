/** Failures that Twilio tells of, by status. */
import twilio from 'twilio';
import type { Failure } from './failure.ts';

/** @returns undefined for an error that is no answer of Twilio's. */
export function twilioFailure(error: Error): Failure | undefined {
  if (!(error instanceof twilio.RestException)) return undefined;
  const { status, code, message, moreInfo } = error;
  const cause = `Twilio answered ${status}${code === undefined ? '' : `, code ${code}`}: ${message ?? 'no reason'}`;
  return { cause, ...remedyOf(status, moreInfo) };
}

function remedyOf(status: number, moreInfo?: string): Omit<Failure, 'cause'> {
  switch (status) {
    case 401:
      return {
        cure: 'check that key and secret belong together, to this account and to region US1; "flex-channel doctor" tells more',
      };
    case 403:
      return { cure: 'use an API key of type Standard, which may do all that is needed' };
    case 404:
      return { cure: 'check the SIDs in the file; "flex-channel doctor" names the wrong one' };
    case 429:
      return { cure: 'Twilio takes no more calls at this moment: wait a minute', isPassing: true };
    default:
  }
  if (status >= 500) {
    return {
      cure: 'wait a little, and look at https://status.twilio.com if it stays',
      isPassing: true,
    };
  }
  return { cure: `${moreInfo ?? 'https://www.twilio.com/docs/api/errors'} explains it` };
}
