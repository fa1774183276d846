import { authorizerAnswer, parseSocketEvent } from '#lambdas/shared/socket-event';

const context = {
  connectionId: 'Ab1cCc2VOjMCFqA=',
  requestId: 'r1',
  connectedAt: 1_795_329_000_123,
  authorizer: { principalId: 's', sessionId: 's', integrationLatency: 3 },
};

describe('parseSocketEvent', () => {
  test('reads offered subprotocols and origin whatever the case of the header names', () => {
    const event = parseSocketEvent({
      type: 'REQUEST',
      methodArn: 'arn',
      requestContext: { identity: { sourceIp: '192.0.2.7' } },
      headers: {
        'SEC-WebSocket-Protocol': 'flex-channel.v1,  token.abc',
        oRIGIN: 'https://a.test',
      },
    });

    expect(event).toEqual({
      kind: 'AUTHORIZE',
      methodArn: 'arn',
      protocols: ['flex-channel.v1', 'token.abc'],
      origin: 'https://a.test',
      address: '192.0.2.7',
    });
  });

  test.each(['CONNECT', 'MESSAGE', 'DISCONNECT'])(
    'reads the session of %s from the authorizer',
    (kind) => {
      const event = parseSocketEvent({
        requestContext: { ...context, eventType: kind },
        body: '{}',
      });

      expect(event).toMatchObject({ kind, sessionId: 's', connectionId: 'Ab1cCc2VOjMCFqA=' });
    },
  );

  test.each(['CONNECT', 'DISCONNECT'])('takes null for the body that %s does not have', (kind) => {
    const event = parseSocketEvent({
      requestContext: { ...context, eventType: kind },
      headers: null,
      body: null,
    });

    expect(event).toMatchObject({ kind, body: '' });
  });

  test.each([
    [{}],
    [null],
    [{ requestContext: { ...context, eventType: 'MESSAGE', authorizer: undefined } }],
    [{ requestContext: { ...context, eventType: 'OTHER' } }],
  ])('refuses %j', (event) => {
    expect(() => parseSocketEvent(event)).toThrow(
      'neither an authorizer nor a WebSocket route event',
    );
  });
});

describe('authorizerAnswer', () => {
  test('allows or denies exactly the method that was asked for', () => {
    const answer = authorizerAnswer('Deny', 'arn:of:this', 's' as never);

    expect(answer.policyDocument.Statement).toEqual([
      { Action: 'execute-api:Invoke', Effect: 'Deny', Resource: 'arn:of:this' },
    ]);
  });
});
