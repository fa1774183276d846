import { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_SETTINGS } from './client-settings.ts';

/**
 * The host in a queue's URL is not used: unlike other clients, this one would prefer it to
 * `AWS_ENDPOINT_URL`. On AWS both name the same regional endpoint.
 */
export const createSqsClient = (): SQSClient =>
  new SQSClient({ ...CLIENT_SETTINGS, useQueueUrlAsEndpoint: false });
