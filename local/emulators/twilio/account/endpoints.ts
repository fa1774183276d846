/**
 * The account itself and its API keys, as far as they are looked up.
 * Source: OpenAPI document `twilio_api_v2010.json` in npm `@twilio/cli-core`.
 */
import type { Endpoint } from '../rest/endpoint.ts';

export const API_HOST = 'api.twilio.com';

const read = <const Name extends string>(operation: Name, path: string): Endpoint<Name> => ({
  operation,
  method: 'GET',
  host: API_HOST,
  path: `/2010-04-01/Accounts${path}`,
  success: 200,
  parameters: [],
  takesWebhookHeader: false,
});

export const API_ENDPOINTS = [
  read('fetchAccount', '/{Sid}.json'),
  read('fetchKey', '/{AccountSid}/Keys/{Sid}.json'),
] as const;

export type ApiOperation = (typeof API_ENDPOINTS)[number]['operation'];
