import { type RestOccasion, type RestRequest, restEvent } from './rest-event.ts';
import type { RestMatch } from './rest-match.ts';

/** Bodies of these types arrive as text. */
const TEXT = /^(text\/|application\/(json|javascript|xml)\b)/i;

/**
 * The event of an HTTP API in payload format 1.0: that of a REST API, but for names of headers, which
 * are in lower case, a path that has the stage in it, and bodies in base64, forms among them.
 * Source: API Gateway developer guide, "Working with AWS Lambda proxy integrations for HTTP APIs".
 */
export function httpEvent(request: RestRequest, match: RestMatch, occasion: RestOccasion) {
  const headers = request.headers.map(([name, value]): [string, string] => [
    name.toLowerCase(),
    value,
  ]);
  const type = headers.findLast(([name]) => name === 'content-type')?.[1] ?? '';
  const event = restEvent({ ...request, headers }, match, occasion);
  const isBase64Encoded = event.body !== null && !TEXT.test(type);
  return {
    version: '1.0',
    ...event,
    path: event.requestContext.path,
    body: isBase64Encoded ? request.body.toString('base64') : event.body,
    isBase64Encoded,
  };
}
