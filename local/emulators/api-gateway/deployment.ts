import type { Assembly, Resource } from '#local/assembly/assembly';

/** What a stage serves after the first deployment of a stack. */
export interface Deployed {
  /** Without what the deployment does not hold. */
  readonly assembly: Assembly;
  /** Logical ids of the parts of the API that may have been created after it. */
  readonly leftOut: readonly string[];
}

/**
 * Reads what an API's first deployment holds: the parts that CloudFormation creates before it. Any
 * other part may come later; that it would start another automatic deployment is documented for
 * none of them, so it is taken for missing.
 *
 * @param deployment the resource that makes the deployment; an automatic one is made by the stage.
 * @param partTypes what a deployment consists of.
 */
export function readDeployment(
  assembly: Assembly,
  deployment: Resource,
  partTypes: readonly string[],
): Deployed {
  const isLeftOut = ({ type, stack, logicalId }: Resource) =>
    partTypes.includes(type) &&
    (stack !== deployment.stack || !deployment.createdAfter.includes(logicalId));
  return {
    assembly: {
      ...assembly,
      resources: assembly.resources.filter((resource) => !isLeftOut(resource)),
    },
    leftOut: assembly.resources.filter(isLeftOut).map(({ logicalId }) => logicalId),
  };
}

/** @returns the assembly without the parts of other APIs of API Gateway v2. */
export const withoutOthers = (assembly: Assembly, api: Resource): Assembly => ({
  ...assembly,
  resources: assembly.resources.filter(
    ({ properties }) => (properties['ApiId'] ?? api.physicalId) === api.physicalId,
  ),
});
