import {
  bucketOrigin,
  callbackOrigin,
  type PublicEndpoints,
  restOrigin,
  socketOrigin,
  sqsOrigin,
} from '../assembly/public-endpoints.ts';
import type { RestApi } from '../emulators/api-gateway/rest/rest-api.ts';
import type { SocketApi } from '../emulators/api-gateway/socket/socket-api.ts';
import type { Uploads } from '../emulators/s3/uploads.ts';

/** Says where this run serves what the templates address publicly. */
export function localEndpoints(served: {
  readonly socket: SocketApi;
  readonly rest: RestApi;
  readonly awsUrl: string;
  readonly uploads?: Uploads | undefined;
}): PublicEndpoints {
  const { socket, rest, awsUrl, uploads } = served;
  const { apiId: socketId } = socket;
  const { apiId: restId } = rest;
  return {
    [socketOrigin(socketId)]: `ws://127.0.0.1:${socket.port}`,
    [callbackOrigin(socketId)]: `${awsUrl}/${socketId}`,
    [restOrigin(restId)]: `http://127.0.0.1:${rest.port}`,
    // The SQS client may post to the host of the queue's URL instead of the configured endpoint.
    [sqsOrigin]: awsUrl,
    ...(uploads && { [bucketOrigin(uploads.bucket.name)]: uploads.url }),
  };
}
