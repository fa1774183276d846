import { matchResource } from '#local/emulators/api-gateway/rest/rest-match';

const resources = [
  '/',
  '/{any}',
  '/files/{path+}',
  '/files/{name}',
  '/files/index',
  '/{any}/index',
  '/files/{name}/size',
].map((resourcePath) => ({ resourceId: resourcePath, resourcePath, methods: [] }));

const match = (path: string) => {
  const found = matchResource(resources, path);
  return found && [found.resource.resourcePath, found.pathParameters];
};

describe('resource of a path', () => {
  test.each([
    ['/', '/', {}],
    ['/x', '/{any}', { any: 'x' }],
    ['/files/index', '/files/index', {}],
    ['/files/a', '/files/{name}', { name: 'a' }],
    ['/files/a/b', '/files/{path+}', { path: 'a/b' }],
    ['/files/a/size', '/files/{name}/size', { name: 'a' }],
    ['/x/index', '/{any}/index', { any: 'x' }],
    ['/files/a%2Fb%20c', '/files/{name}', { name: 'a/b c' }],
  ])('%s is %s', (path, resourcePath, pathParameters) => {
    expect(match(path)).toEqual([resourcePath, pathParameters]);
  });

  test.each(['/x/y', '//index', '/files/', '/Files/index/more'])('%s has none', (path) => {
    expect(match(path)).toBeUndefined();
  });

  test('with a broken percent-encoding is an error', () => {
    expect(() => match('/%E0%A4')).toThrow(URIError);
  });
});
