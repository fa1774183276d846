/** Points what a template says about AWS's public hosts to the local servers. */
import { LOCAL_REGION } from './assembly.ts';

/** Where the local stand-in of a public address is: `https://abc.execute-api…` → `http://127.0.0.1:4711`. */
export type PublicEndpoints = Readonly<Record<string, string>>;

/** Origins of one WebSocket API: customers use the first, `@connections` the second. */
export const socketOrigin = (apiId: string): string => `wss://${host(apiId)}`;
export const callbackOrigin = (apiId: string): string => `https://${host(apiId)}`;
/** Origin of one REST API. */
export const restOrigin = (apiId: string): string => `https://${host(apiId)}`;
/** Origin of one bucket: browsers and functions use it. */
export const bucketOrigin = (name: string): string =>
  `https://${name}.s3.${LOCAL_REGION}.amazonaws.com`;
export const sqsOrigin = `https://sqs.${LOCAL_REGION}.amazonaws.com`;

const host = (apiId: string): string => `${apiId}.execute-api.${LOCAL_REGION}.amazonaws.com`;

/** @returns the text with every known public origin replaced by its local one. */
export function rewriteEndpoints(text: string, endpoints: PublicEndpoints): string {
  return Object.entries(endpoints).reduce(
    (rewritten, [origin, local]) => rewritten.replaceAll(origin, local),
    text,
  );
}
