import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IdentityPolicy } from '#lambdas/contract/identity-policy';
import type { ChannelFunction } from './channel-function.ts';

/**
 * Lets the function verify identities. A shared secret is the deployer's own: where a key of KMS other
 * than `aws/secretsmanager` encrypts it, that key has to let the function in, too.
 */
export function grantVerify(fn: ChannelFunction, policy: IdentityPolicy): void {
  fn.tell('identity', policy);
  if (policy.sharedSecretArn === undefined) return;
  Grant.addToPrincipal({
    grantee: fn,
    actions: ['secretsmanager:GetSecretValue'],
    resourceArns: [policy.sharedSecretArn],
  });
}
