import { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_SETTINGS } from './client-settings.ts';

/**
 * Takes the endpoint from the environment, as the other clients do. By itself this one would prefer
 * the host in the queue's URL to `AWS_ENDPOINT_URL`. On AWS both name the same regional endpoint.
 */
export const createSqsClient = (): SQSClient =>
  new SQSClient({ ...CLIENT_SETTINGS, useQueueUrlAsEndpoint: false });
