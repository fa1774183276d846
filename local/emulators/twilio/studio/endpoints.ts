/**
 * Studio v2: flows and their definitions.
 * Source: OpenAPI document `twilio_studio_v2.json` in npm `@twilio/cli-core`.
 */
import { rowsOf } from '../rest/endpoint.ts';
import { json, oneOf, type Parameter, paging, text } from '../rest/parameter.ts';

export const STUDIO_HOST = 'studio.twilio.com';

const row = rowsOf(STUDIO_HOST, '/v2/Flows');

const flow = (required: boolean): Parameter[] => [
  text('FriendlyName', undefined, { required }),
  oneOf('Status', ['draft', 'published'], { required: true }),
  json('Definition', undefined, { required }),
  text('CommitMessage'),
];

export const STUDIO_ENDPOINTS = [
  row('validateFlow', 'POST', '/Validate', 200, flow(true)),
  row('createFlow', 'POST', '', 201, flow(true)),
  row('listFlows', 'GET', '', 200, paging(1000)),
  row('fetchFlow', 'GET', '/{Sid}', 200),
  row('updateFlow', 'POST', '/{Sid}', 200, flow(false)),
  row('deleteFlow', 'DELETE', '/{Sid}', 204),
] as const;

export type StudioOperation = (typeof STUDIO_ENDPOINTS)[number]['operation'];
