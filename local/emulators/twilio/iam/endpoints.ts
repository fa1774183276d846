/**
 * Tokens of users who are signed in to Flex.
 * Source: npm `twilio-flex-token-validator` 1.6.0; no OpenAPI document has it.
 */
import type { Endpoint } from '../rest/endpoint.ts';
import { text } from '../rest/parameter.ts';

export const IAM_HOST = 'iam.twilio.com';

export const IAM_ENDPOINTS = [
  {
    operation: 'validateToken',
    method: 'POST',
    host: IAM_HOST,
    path: '/v1/Accounts/{AccountSid}/Tokens/validate',
    parameters: [text('token', undefined, { required: true })],
    takesJson: true,
    success: 200,
    takesWebhookHeader: false,
  },
] as const satisfies readonly Endpoint[];

export type IamOperation = (typeof IAM_ENDPOINTS)[number]['operation'];
