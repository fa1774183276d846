import { readRestConfig } from '#local/emulators/api-gateway/rest/rest-config';
import { aRestAssembly } from '../support/rest-stack.ts';
import { createdLate } from '../support/socket-assembly.ts';

describe('configuration of the REST API', () => {
  test('finds path and methods of each resource', () => {
    const { stage, resources } = readRestConfig(aRestAssembly());

    const found = resources.map(({ resourcePath, methods }) => [
      resourcePath,
      methods.map(({ httpMethod }) => httpMethod),
    ]);
    expect(stage).toBe('prod');
    expect(found).toEqual([
      ['/', ['GET']],
      ['/new-message', ['POST']],
      ['/new-message/{sessionId}', ['POST']],
    ]);
  });

  test('serves no method that may be created after the deployment', () => {
    const { resources, leftOut } = readRestConfig(createdLate(aRestAssembly(), 'PostMessage'));

    expect(resources.map(({ resourcePath }) => resourcePath)).toEqual([
      '/',
      '/new-message/{sessionId}',
    ]);
    expect(leftOut).toEqual(['PostMessage']);
  });

  test.each([
    ['no API', { Rest: null }, 'no REST API'],
    ['no stage', { Stage: null }, 'no REST stage'],
    ['a resource policy', { Rest: { Policy: { Statement: [] } } }, 'Policy'],
    ['binary media types', { Rest: { BinaryMediaTypes: ['*/*'] } }, 'BinaryMediaTypes'],
    ['no deployment', { Stage: { DeploymentId: 'another' } }, 'deployment is absent'],
    ['stage variables', { Stage: { Variables: { a: 'b' } } }, 'Variables'],
    ['an authorizer', { PostMessage: { AuthorizationType: 'AWS_IAM' } }, 'AWS_IAM'],
    ['an API key', { PostMessage: { ApiKeyRequired: true } }, 'ApiKeyRequired'],
    ['a mock', { PostMessage: { Integration: { Type: 'MOCK' } } }, 'only AWS_PROXY'],
    ['no function', { PostMessage: { Integration: { Type: 'AWS_PROXY' } } }, 'no function'],
  ])('with %s is refused', (_what, overrides, message) => {
    expect(() => readRestConfig(aRestAssembly(overrides))).toThrow(message);
  });

  test('with two APIs is refused by name', () => {
    const assembly = aRestAssembly();
    const second = assembly.resources.filter(({ logicalId }) => logicalId === 'Rest');
    const resources = [...assembly.resources, ...second.map((a) => ({ ...a, logicalId: 'Other' }))];

    expect(() => readRestConfig({ ...assembly, resources })).toThrow('Rest, Other');
  });
});
