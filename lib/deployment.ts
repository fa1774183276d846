import { PermissionsBoundary, type StackProps } from 'aws-cdk-lib';
import type { Config } from './config-schema.ts';

/** What all stacks of a stage have alike. Tags of a stack reach all of its resources that take some. */
export function deploymentOf({ aws }: Config): StackProps {
  const { account, region, tags, permissionsBoundary } = aws;
  return {
    env: { ...(account && { account }), ...(region && { region }) },
    ...(tags && { tags }),
    ...(permissionsBoundary && {
      permissionsBoundary: PermissionsBoundary.fromArn(permissionsBoundary),
    }),
  };
}
