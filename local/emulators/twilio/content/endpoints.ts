/**
 * The Content API, as far as it is simulated.
 * Source: OpenAPI document `twilio_content_v1.json` in npm `@twilio/cli-core`.
 */
import { rowsOf } from '../rest/endpoint.ts';
import { json, paging, text } from '../rest/parameter.ts';

const row = rowsOf('content.twilio.com', '/v1');

const created = row('createContent', 'POST', '/Content', 201, [
  text('friendly_name'),
  text('language', undefined, { required: true }),
  json('variables'),
  json('types', undefined, { required: true }),
]);

export const CONTENT_ENDPOINTS = [
  { ...created, takesJson: true },
  row('listContent', 'GET', '/Content', 200, paging(500)),
  row('fetchContent', 'GET', '/Content/{Sid}', 200),
] as const;

export type ContentOperation = (typeof CONTENT_ENDPOINTS)[number]['operation'];
