import * as v from 'valibot';
import { ClosedConnectionError } from '#adapters/http/fresh-fetch';
import { createTwilioRest, type TwilioRequest } from '#adapters/twilio/rest/rest-client';
import { twilioCode } from '#adapters/twilio/rest/twilio-error';
import { path } from '#adapters/twilio/rest/twilio-path';
import { ChatError } from '#core/errors';

const credentials = async () => ({ user: 'SK1', password: 'secret' });

/** A Twilio that gives one answer and remembers what it was asked. */
function aTwilio(answer: () => Response | Promise<Response>) {
  const requests: Request[] = [];
  const fetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    requests.push(new Request(url, init));
    return answer();
  };
  return { requests, fetch };
}

/** A `fetch` that never answers, until it is given up. */
const hang = (_url: unknown, init?: RequestInit) =>
  new Promise<Response>((_, reject) => {
    init?.signal?.addEventListener('abort', () => reject(init.signal?.reason));
  });

const ok = () => Response.json({ sid: 'CH1' });

const aRequest = <Answer = unknown>(given: Partial<TwilioRequest<Answer>> = {}) => ({
  method: 'POST' as const,
  host: 'conversations.twilio.com',
  path: path`/v1/Services/${'IS1'}/Conversations/${'a name/1'}`,
  answer: v.unknown() as v.GenericSchema<unknown, Answer>,
  ...given,
});

async function failureOf(call: Promise<unknown>): Promise<ChatError> {
  const error = await call.catch((thrown: unknown) => thrown);
  if (!(error instanceof ChatError)) throw new Error('no ChatError was thrown');
  return error;
}

describe('createTwilioRest', () => {
  test('sends a form with repeated keys, Basic auth and encoded path values', async () => {
    const { fetch, requests } = aTwilio(ok);
    const rest = createTwilioRest({ credentials, fetch });

    await rest(
      aRequest({ form: { Filters: ['a', 'b'], Body: 'x & +ü', Empty: '', No: undefined } }),
    );

    const [request] = requests;
    expect(request?.url).toBe(
      'https://conversations.twilio.com/v1/Services/IS1/Conversations/a%20name%2F1',
    );
    expect(request?.headers.get('authorization')).toBe(`Basic ${btoa('SK1:secret')}`);
    expect(request?.headers.get('content-type')).toContain('application/x-www-form-urlencoded');
    expect(await request?.text()).toBe('Filters=a&Filters=b&Body=x+%26+%2B%C3%BC&Empty=');
  });

  test('puts the form of a GET into the query', async () => {
    const { fetch, requests } = aTwilio(ok);
    const rest = createTwilioRest({ credentials, fetch });

    await rest(aRequest({ method: 'GET', path: path`/v1/X`, form: { Order: 'desc' } }));

    expect(requests[0]?.url).toBe('https://conversations.twilio.com/v1/X?Order=desc');
  });

  test('goes to the endpoint URL with the host in the path', async () => {
    const { fetch, requests } = aTwilio(ok);
    const rest = createTwilioRest({ credentials, fetch, endpointUrl: 'http://127.0.0.1:9' });

    await rest(aRequest({ path: path`/v1/X` }));

    expect(requests[0]?.url).toBe('http://127.0.0.1:9/conversations.twilio.com/v1/X');
  });

  test('asks for webhooks only when told to', async () => {
    const { fetch, requests } = aTwilio(ok);
    const rest = createTwilioRest({ credentials, fetch });

    await rest(aRequest());
    await rest(aRequest({ webhookEnabled: true }));

    const asked = requests.map(({ headers }) => headers.get('x-twilio-webhook-enabled'));
    expect(asked).toEqual([null, 'true']);
  });

  test('answers what the schema makes of the body', async () => {
    const rest = createTwilioRest({ credentials, ...aTwilio(ok) });

    const answer = await rest(aRequest({ answer: v.object({ sid: v.string() }) }));

    expect(answer).toEqual({ sid: 'CH1' });
  });

  describe('whose key Twilio does not know any more', () => {
    const refused = () => Response.json({ code: 20003 }, { status: 401 });
    const fresh = (password: string) => async () => ({ user: 'SK1', password });
    const passwordOf = ({ headers }: Request) =>
      atob(headers.get('authorization')?.replace('Basic ', '') ?? '').replace('SK1:', '');

    test('makes the call once more with the key that was stored since', async () => {
      const answers = [refused, ok];
      const { fetch, requests } = aTwilio(() => (answers.shift() ?? refused)());
      const rest = createTwilioRest({ credentials, freshCredentials: fresh('new'), fetch });

      await rest(aRequest({ form: { Body: 'x' } }));

      expect(requests.map(passwordOf)).toEqual(['secret', 'new']);
      expect(await requests[1]?.text()).toBe('Body=x');
    });

    test.each([
      ['there is no other', 'secret', 1],
      ['Twilio does not know the other one either', 'new', 2],
    ])('fails when %s', async (_case, password, calls) => {
      const { fetch, requests } = aTwilio(refused);
      const rest = createTwilioRest({ credentials, freshCredentials: fresh(password), fetch });

      const error = await failureOf(rest(aRequest()));

      expect([error.code, requests.length]).toEqual(['MISCONFIGURED', calls]);
    });

    test('asks for no other key when Twilio refuses for another reason', async () => {
      const { fetch } = aTwilio(() => Response.json({}, { status: 403 }));
      const freshCredentials = jest.fn(fresh('new'));

      await failureOf(createTwilioRest({ credentials, freshCredentials, fetch })(aRequest()));

      expect(freshCredentials).not.toHaveBeenCalled();
    });
  });

  test.each([
    ['another shape', () => Response.json({ sid: 7 })],
    ['no JSON', () => new Response('<html>')],
  ])('reports an answer with %s as an outage', async (_what, answer) => {
    const rest = createTwilioRest({ credentials, ...aTwilio(answer) });

    const error = await failureOf(rest(aRequest({ answer: v.object({ sid: v.string() }) })));

    expect(error.code).toBe('UPSTREAM_UNAVAILABLE');
  });

  test('reports a refused connection as an outage', async () => {
    const { fetch } = aTwilio(() => Promise.reject(new TypeError('fetch failed')));
    const rest = createTwilioRest({ credentials, fetch });

    const error = await failureOf(rest(aRequest()));

    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', cause: expect.any(TypeError) });
  });

  test('gives up after the timeout of the call', async () => {
    const rest = createTwilioRest({ credentials, fetch: hang, timeoutMs: 60_000 });

    const error = await failureOf(rest(aRequest({ timeoutMs: 5 })));

    expect(error.code).toBe('UPSTREAM_UNAVAILABLE');
    expect(error.cause).toMatchObject({ name: 'TimeoutError' });
  });

  describe('says to repeat a write without an answer only when Twilio can have finished with it', () => {
    const failing = (code?: string) => () =>
      Promise.reject(Object.assign(new Error('the connection failed'), { code }));
    const closed = () => Promise.reject(new ClosedConnectionError('closed'));
    const from = (status: number) => () => Response.json({}, { status });

    test.each([
      ['a time-out', hang, 15_000],
      ['a broken connection', failing('ECONNRESET'), 5_000],
      ['a failure of an unknown kind', failing(), 5_000],
      ['a kept connection that was closed', closed, 1_000],
      ['502 from the edge', from(502), 5_000],
      ['504 from the edge', from(504), 5_000],
      ['a refused connection', failing('ECONNREFUSED'), undefined],
      ['an unknown host', failing('ENOTFOUND'), undefined],
      ['a failed look-up of the host', failing('EAI_AGAIN'), undefined],
      ['503', from(503), undefined],
      ['429', from(429), undefined],
    ] as const)('after %s', async (_, fetch, expectedMs) => {
      const rest = createTwilioRest({
        credentials,
        fetch: async (...args) => fetch(...args),
        timeoutMs: 5,
      });

      const write = await failureOf(rest(aRequest()));
      const read = await failureOf(rest(aRequest({ method: 'GET' })));

      expect(write.retryAfterMs).toBe(expectedMs);
      expect(read.retryAfterMs).toBeUndefined();
    });

    test('and not before Twilio asks for, if that is later', async () => {
      const answer = () => new Response('{}', { status: 502, headers: { 'retry-after': '9' } });
      const rest = createTwilioRest({ credentials, ...aTwilio(answer) });

      expect((await failureOf(rest(aRequest()))).retryAfterMs).toBe(9_000);
    });
  });

  test('waits no longer than its caller can', async () => {
    const rest = createTwilioRest({ credentials, fetch: hang, remainingMs: () => 600 });

    const error = await failureOf(rest(aRequest()));

    expect(error.cause).toMatchObject({ name: 'TimeoutError' });
  });

  test('does not begin what its caller has no time for', async () => {
    const { fetch, requests } = aTwilio(ok);
    const rest = createTwilioRest({ credentials, fetch, remainingMs: () => 100 });

    const error = await failureOf(rest(aRequest()));

    expect(error).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', retryAfterMs: undefined });
    expect(requests).toEqual([]);
  });

  test('names the call by its pattern and the codes, without a value of it', async () => {
    const refused = () =>
      Response.json({ code: 50353, message: 'a name/1 exists' }, { status: 409 });
    const rest = createTwilioRest({ credentials, ...aTwilio(refused) });

    const error = await failureOf(rest(aRequest({ form: { Body: 'hello' } })));

    expect(error.message).toBe(
      'POST conversations.twilio.com/v1/Services/*/Conversations/*: 409, code 50353',
    );
    expect(error.code).toBe('UPSTREAM_REFUSED');
    expect(twilioCode(error)).toBe(50353);
  });

  test('says what a 404 means where it is not about a chat', async () => {
    const missing = () => Response.json({ code: 20404 }, { status: 404 });
    const rest = createTwilioRest({ credentials, ...aTwilio(missing) });

    expect(await failureOf(rest(aRequest()))).toMatchObject({ code: 'NO_CHAT' });
    expect(await failureOf(rest(aRequest({ notFound: 'MISCONFIGURED' })))).toMatchObject({
      code: 'MISCONFIGURED',
      cause: { status: 404, code: 20404 },
    });
  });
});
