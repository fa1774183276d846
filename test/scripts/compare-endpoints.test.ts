import type { Endpoint } from '#local/emulators/twilio/rest/endpoint';
import { oneOf, paging, sid, text } from '#local/emulators/twilio/rest/parameter';
import { compareEndpoints, type OpenApi } from '../../scripts/compare-endpoints.ts';

const HOST = 'things.twilio.com';

const DOCUMENT: OpenApi = {
  paths: {
    '/v1/Things': {
      servers: [{ url: `https://${HOST}` }],
      get: {
        parameters: [
          { in: 'query', name: 'PageSize', schema: { type: 'integer', maximum: 100 } },
          { in: 'query', name: 'Page', schema: { type: 'integer' } },
          { in: 'query', name: 'PageToken', schema: { type: 'string' } },
        ],
        responses: { 200: {} },
      },
      post: {
        parameters: [{ in: 'header', name: 'X-Twilio-Webhook-Enabled', schema: {} }],
        requestBody: {
          content: {
            'application/x-www-form-urlencoded': {
              schema: {
                properties: {
                  Name: { type: 'string' },
                  Colour: { $ref: '#/components/schemas/colour' },
                  OwnerSid: { type: 'string', pattern: '^US[0-9a-fA-F]{32}$' },
                  Tags: { type: 'array', items: { type: 'string' } },
                },
                required: ['Name'],
              },
            },
          },
        },
        responses: { 201: {} },
      },
    },
  },
  components: { schemas: { colour: { type: 'string', enum: ['red', 'green'] } } },
};

const aCreate = (change: Partial<Endpoint> = {}): Endpoint => ({
  operation: 'createThing',
  method: 'POST',
  host: HOST,
  path: '/v1/Things',
  success: 201,
  takesWebhookHeader: true,
  parameters: [
    text('Name', 64, { required: true }),
    oneOf('Colour', ['green', 'red']),
    sid('OwnerSid', 'US'),
    text('Tags', undefined, { repeated: true }),
  ],
  ...change,
});

const aList = (maxPageSize: number): Endpoint => ({
  operation: 'listThings',
  method: 'GET',
  host: HOST,
  path: '/v1/Things',
  success: 200,
  takesWebhookHeader: false,
  parameters: paging(maxPageSize),
});

const name = text('Name', 64, { required: true });

const compare = (endpoint: Endpoint) => compareEndpoints([endpoint], { [HOST]: DOCUMENT });

describe('compareEndpoints', () => {
  test('finds no difference in a table that agrees', () => {
    expect(compare(aCreate())).toEqual([]);
    expect(compare(aList(100))).toEqual([]);
  });

  test('leaves optional parameters out that the table does not have', () => {
    expect(compare(aCreate({ parameters: [name] }))).toEqual([]);
  });

  test.each<[string, Endpoint, string]>([
    ['a path', aCreate({ path: '/v1/Thing' }), 'endpoint: not documented'],
    ['a host', aCreate({ host: 'other.twilio.com' }), 'endpoint: not documented'],
    ['a method', aCreate({ method: 'DELETE' }), 'endpoint: not documented'],
    ['a status', aCreate({ success: 200 }), 'endpoint: answers 200, documented 201'],
    [
      'the webhook header',
      aCreate({ takesWebhookHeader: false }),
      'X-Twilio-Webhook-Enabled: documented, not taken',
    ],
    [
      'an undocumented parameter',
      aCreate({ parameters: [name, text('Nmae')] }),
      'Nmae: not documented',
    ],
    [
      'a required parameter that is missing',
      aCreate({ parameters: [] }),
      'Name: documented as required, missing',
    ],
    [
      'a required parameter that is optional here',
      aCreate({ parameters: [text('Name')] }),
      'Name: required: false, documented true',
    ],
    [
      'values',
      aCreate({ parameters: [name, oneOf('Colour', ['red', 'blue'])] }),
      'Colour: values: blue, red, documented green, red',
    ],
    [
      'the prefix of a SID',
      aCreate({ parameters: [name, sid('OwnerSid', 'WK')] }),
      'OwnerSid: SID: WK, documented US',
    ],
    [
      'repetition',
      aCreate({ parameters: [name, text('Tags')] }),
      'Tags: repeated: false, documented true',
    ],
    ['a page size', aList(50), 'PageSize: maximum: 50, documented 100'],
  ])('finds a difference in %s', (_, endpoint, difference) => {
    const lines = compare(endpoint);

    expect(lines).toEqual([`${endpoint.method} ${endpoint.host}${endpoint.path}: ${difference}`]);
  });

  test('finds an endpoint that is documented on another host', () => {
    const moved = aCreate({ host: 'old.twilio.com' });

    const lines = compareEndpoints([moved], { 'old.twilio.com': DOCUMENT });

    expect(lines).toEqual(['POST old.twilio.com/v1/Things: endpoint: documented on another host']);
  });

  test('passes over a deliberate difference', () => {
    const endpoint = aCreate({ parameters: [name, oneOf('Tags', ['new'], { repeated: true })] });
    const deliberate = { operations: ['createThing'], parameter: 'Tags', reason: 'stricter' };

    const lines = compareEndpoints([endpoint], { [HOST]: DOCUMENT }, [deliberate]);

    expect(lines).toEqual([]);
  });

  test('reports a deliberate difference that there is no longer', () => {
    const deliberate = { operations: ['createThing'], parameter: 'Name', reason: 'stricter' };

    const lines = compareEndpoints([aCreate()], { [HOST]: DOCUMENT }, [deliberate]);

    expect(lines).toEqual([
      'createThing: Name: listed as a deliberate difference, but there is none',
    ]);
  });
});
