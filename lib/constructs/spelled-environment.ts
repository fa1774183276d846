import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Partition, region and account of a stack as the findings of cdk-nag spell them: as a pseudo
 * parameter's name unless the configuration says where the stack is deployed.
 */
export function spelledEnvironment(scope: Construct) {
  const { partition, region, account } = Stack.of(scope);
  const spell = (value: string, name: string) =>
    Token.isUnresolved(value) ? `<AWS::${name}>` : value;
  return {
    partition: spell(partition, 'Partition'),
    region: spell(region, 'Region'),
    account: spell(account, 'AccountId'),
  };
}
