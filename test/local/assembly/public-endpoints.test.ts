import {
  callbackOrigin,
  restOrigin,
  rewriteEndpoints,
  socketOrigin,
} from '#local/assembly/public-endpoints';

const ENDPOINTS = {
  [socketOrigin('sock')]: 'ws://127.0.0.1:1',
  [callbackOrigin('sock')]: 'http://127.0.0.1:2/sock',
  [restOrigin('rest')]: 'http://127.0.0.1:3',
};

describe('rewriteEndpoints', () => {
  test.each([
    ['wss://sock.execute-api.us-east-1.amazonaws.com/live', 'ws://127.0.0.1:1/live'],
    ['https://sock.execute-api.us-east-1.amazonaws.com/live', 'http://127.0.0.1:2/sock/live'],
    ['https://rest.execute-api.us-east-1.amazonaws.com/prod', 'http://127.0.0.1:3/prod'],
    [
      'https://other.execute-api.us-east-1.amazonaws.com/prod',
      'https://other.execute-api.us-east-1.amazonaws.com/prod',
    ],
    [
      'arn:aws:execute-api:us-east-1:000000000000:sock/live',
      'arn:aws:execute-api:us-east-1:000000000000:sock/live',
    ],
  ])('turns %s into %s', (publicUrl, expected) => {
    const local = rewriteEndpoints(publicUrl, ENDPOINTS);

    expect(local).toBe(expected);
  });
});
