import { type Assembly, type Resource, resourcesOf } from '#local/assembly/assembly';
import { matchesGlob } from '../aws/iam.ts';

/** Whether the function's resource policy lets API Gateway invoke it on behalf of the source. */
export type MayInvoke = (functionArn: string, sourceArn: string) => boolean;

/**
 * Reads `AWS::Lambda::Permission`. A permission without SourceArn, which would let in the APIs of
 * anybody, and one with a condition that is not understood here, grant nothing.
 */
export function invokePermissions(assembly: Assembly): MayInvoke {
  const grants = resourcesOf(assembly, 'AWS::Lambda::Permission').filter(isForApiGateway);
  return (functionArn, sourceArn) =>
    grants.some(
      ({ properties }) =>
        names(properties['FunctionName'], functionArn) &&
        matchesGlob(properties['SourceArn'], sourceArn),
    );
}

const UNDERSTOOD = new Set(['Action', 'FunctionName', 'Principal', 'SourceArn']);

function isForApiGateway({ properties }: Resource): boolean {
  return (
    properties['Action'] === 'lambda:InvokeFunction' &&
    properties['Principal'] === 'apigateway.amazonaws.com' &&
    typeof properties['SourceArn'] === 'string' &&
    Object.keys(properties).every((key) => UNDERSTOOD.has(key))
  );
}

/** A permission names its function by ARN or by bare name. */
function names(functionName: string, functionArn: string): boolean {
  return functionName === functionArn || functionArn.endsWith(`:function:${functionName}`);
}
