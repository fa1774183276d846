/**
 * Flex API v1, as far as it is simulated: interactions and their channels.
 * Source: OpenAPI document `twilio_flex_v1.json` in npm `@twilio/cli-core`.
 */
import type { Endpoint } from './endpoint.ts';
import { json, oneOf, type Parameter, paging } from './parameter.ts';

export const FLEX_HOST = 'flex-api.twilio.com';

export type FlexOperation =
  | 'createInteraction'
  | 'fetchInteraction'
  | 'listInteractionChannels'
  | 'fetchInteractionChannel'
  | 'updateInteractionChannel';

const row = (
  operation: FlexOperation,
  method: Endpoint['method'],
  path: string,
  parameters: readonly Parameter[] = [],
): Endpoint<FlexOperation> => ({
  operation,
  method,
  host: FLEX_HOST,
  path,
  success: 200,
  parameters,
  takesWebhookHeader: false,
});

const CHANNELS = '/v1/Interactions/{InteractionSid}/Channels';

export const FLEX_ENDPOINTS: readonly Endpoint<FlexOperation>[] = [
  row('createInteraction', 'POST', '/v1/Interactions', [
    json('Channel', undefined, { required: true, errorCode: 45366 }),
    json('Routing', undefined, { errorCode: 45366 }),
  ]),
  row('fetchInteraction', 'GET', '/v1/Interactions/{Sid}'),
  row('listInteractionChannels', 'GET', CHANNELS, paging(1000)),
  row('fetchInteractionChannel', 'GET', `${CHANNELS}/{Sid}`),
  row('updateInteractionChannel', 'POST', `${CHANNELS}/{Sid}`, [
    oneOf('Status', ['closed', 'inactive'], { required: true, errorCode: 45358 }),
    json('Routing', undefined, { errorCode: 45366 }),
  ]),
];
