import { stringify } from 'yaml';
import type { EventType } from '#protocol/events';
import type { Action } from '#protocol/frames';
import { MAX_FRAME_BYTES, SUBPROTOCOL } from '#protocol/limits';
import { EVENTS } from './event-catalogue.ts';
import { FRAMES } from './frame-catalogue.ts';
import { eventName, frameName, jsonSchemas } from './json-schemas.ts';

/** Where the document is kept, from the root of the project. */
export const ASYNCAPI_FILE = 'docs/asyncapi.yaml';

const ACTIONS = Object.keys(FRAMES) as Action[];
const TYPES = Object.keys(EVENTS) as EventType[];

/** The protocol as an AsyncAPI 3.0 document, seen from the server: it receives frames and sends events. */
export function asyncApiDocument(): Record<string, unknown> {
  const names = [...ACTIONS.map(frameName), ...TYPES.map(eventName)];
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Customer chat for Twilio Flex',
      version: '1.0.0',
      description:
        `Wire protocol \`${SUBPROTOCOL}\` between a customer's client and the WebSocket API. ` +
        'The rules around it (order, retries, reconnecting) stand in protocol.md. ' +
        'Within v1 new optional fields and new event types may appear; ignore what you do not know.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: servers(),
    channels: { customer: channel(names) },
    operations: { ...receiveOperations(), push: pushOperation() },
    components: {
      messages: messages(),
      schemas: jsonSchemas(),
      correlationIds: {
        ref: {
          location: '$message.payload#/ref',
          description: 'A reply repeats the ref of its frame.',
        },
      },
    },
  };
}

/** The document as it is committed. */
export function asyncApiYaml(): string {
  const head = '# Written by `npm run asyncapi` from the schemas in protocol/. Do not edit.\n';
  return head + stringify(asyncApiDocument(), { lineWidth: 100, aliasDuplicateObjects: false });
}

function servers() {
  return {
    deployment: {
      host: '{apiId}.execute-api.{region}.amazonaws.com',
      protocol: 'wss',
      description: 'The stack output `CustomerSocketUrl`, with the path of the channel.',
      variables: {
        apiId: { description: 'Id of the WebSocket API.' },
        region: { description: 'Region of the stack.', examples: ['us-east-1', 'eu-west-1'] },
      },
    },
    local: {
      host: '127.0.0.1:{port}',
      protocol: 'ws',
      description: 'The local stack, started by `npm start`; it prints the address.',
      variables: { port: { description: 'A free port, another at each start.' } },
    },
  };
}

function channel(names: readonly string[]) {
  return {
    address: '/live',
    title: 'Connection of a customer',
    description:
      `UTF-8 JSON objects, one per text message, at most ${MAX_FRAME_BYTES} bytes each. ` +
      'Each frame gets exactly one direct reply on the same connection.',
    messages: Object.fromEntries(
      names.map((name) => [name, { $ref: `#/components/messages/${name}` }]),
    ),
    bindings: {
      ws: {
        method: 'GET',
        headers: {
          type: 'object',
          required: ['Sec-WebSocket-Protocol'],
          properties: {
            'Sec-WebSocket-Protocol': {
              type: 'string',
              pattern: `(^|, *)${SUBPROTOCOL.replaceAll('.', '\\.')}(,|$)`,
              examples: [SUBPROTOCOL, `${SUBPROTOCOL}, token.eyJhbGciOiJIUzI1NiJ9.e30.c2ln`],
              description:
                `Offers \`${SUBPROTOCOL}\`, which the server echoes. ` +
                '`token.<JWT>` resumes a session; `identity.<JWT>` proves who a customer is.',
            },
            Origin: {
              type: 'string',
              description:
                'One of the allowed origins, exactly; absent only where the deployment allows it.',
            },
          },
        },
        bindingVersion: '0.1.0',
      },
    },
  };
}

/** One for each frame, with its replies. */
function receiveOperations() {
  return Object.fromEntries(
    ACTIONS.map((action) => [
      action,
      {
        action: 'receive',
        title: FRAMES[action].title,
        summary: FRAMES[action].summary,
        channel: { $ref: '#/channels/customer' },
        messages: [inChannel(frameName(action))],
        reply: {
          channel: { $ref: '#/channels/customer' },
          messages: [eventName(FRAMES[action].reply), eventName('error')].map(inChannel),
        },
      },
    ]),
  );
}

function pushOperation() {
  return {
    action: 'send',
    title: 'Tell what happens in Flex',
    summary: 'Goes to every connection of the session, at least once and perhaps out of order.',
    channel: { $ref: '#/channels/customer' },
    messages: TYPES.filter((type) => EVENTS[type].pushed).map((type) => inChannel(eventName(type))),
  };
}

function messages() {
  return Object.fromEntries([
    ...ACTIONS.map((action) => [
      frameName(action),
      message(action, frameName(action), FRAMES[action]),
    ]),
    ...TYPES.map((type) => [eventName(type), message(type, eventName(type), EVENTS[type])]),
  ]);
}

interface CatalogueEntry {
  readonly title: string;
  readonly summary: string;
  readonly description?: string;
  readonly example: object;
}

function message(name: string, schema: string, entry: CatalogueEntry) {
  const { title, summary, description, example } = entry;
  return {
    name,
    title,
    summary,
    ...(description !== undefined && { description }),
    correlationId: { $ref: '#/components/correlationIds/ref' },
    payload: { $ref: `#/components/schemas/${schema}` },
    examples: [{ payload: example }],
  };
}

function inChannel(name: string) {
  return { $ref: `#/channels/customer/messages/${name}` };
}
