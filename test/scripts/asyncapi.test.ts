import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import specification from '@asyncapi/specs/schemas/3.0.0-without-$id.json';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import * as v from 'valibot';
import { parse } from 'yaml';
import { EventSchema, encodeEvent } from '#protocol/events';
import { FrameSchema, parseFrame } from '#protocol/frames';
import { ASYNCAPI_FILE, asyncApiDocument, asyncApiYaml } from '../../scripts/asyncapi/document.ts';
import { EVENTS } from '../../scripts/asyncapi/event-catalogue.ts';
import { FRAMES } from '../../scripts/asyncapi/frame-catalogue.ts';
import { eventName, frameName } from '../../scripts/asyncapi/json-schemas.ts';

const PROJECT = path.join(import.meta.dirname, '../..');

interface Message {
  readonly title?: string;
  readonly summary?: string;
  readonly examples: readonly { readonly payload: object }[];
}

interface Operation {
  readonly action: string;
  readonly messages: readonly { readonly $ref: string }[];
  readonly reply?: { readonly messages: readonly { readonly $ref: string }[] };
}

interface AsyncApi {
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: object;
  };
  readonly channels: { readonly customer: { readonly messages: object } };
  readonly operations: Readonly<Record<string, Operation>>;
}

const document = asyncApiDocument() as unknown as AsyncApi;
const { messages } = document.components;

const ajv = addFormats.default(new Ajv({ strict: false }));
ajv.addSchema({ $id: 'asyncapi', components: document.components });
const conforms = (name: string, payload: unknown) =>
  ajv.validate({ $ref: `asyncapi#/components/schemas/${name}` }, payload);

const actions = FrameSchema.options.map((schema) => schema.entries.action.literal);
const types = EventSchema.options.map((schema) => schema.entries.type.literal);
const exampleOf = (name: string) => messages[name]?.examples[0]?.payload;

describe('docs/asyncapi.yaml', () => {
  test('is what the schemas give; run `npm run asyncapi` when it is not', () => {
    const committed = readFileSync(path.join(PROJECT, ASYNCAPI_FILE), 'utf8');

    expect(committed).toBe(asyncApiYaml());
    expect(parse(committed)).toEqual(asyncApiDocument());
  });

  test('is valid AsyncAPI 3.0', () => {
    const validate = addFormats.default(new Ajv({ strict: false })).compile(specification);

    validate(asyncApiDocument());

    expect(validate.errors).toBeNull();
    expect(validate({ ...asyncApiDocument(), operation: {} })).toBe(false);
    expect(validate({ asyncapi: '3.0.0' })).toBe(false);
  });

  test('has a message with title, summary and example for every frame and event', () => {
    const names = [...actions.map(frameName), ...types.map(eventName)].sort();

    expect(Object.keys(messages).sort()).toEqual(names);
    expect(Object.keys(document.channels.customer.messages).sort()).toEqual(names);
    for (const { title, summary, examples } of Object.values(messages)) {
      expect([title, summary, examples[0]?.payload]).not.toContain(undefined);
    }
  });

  test('refers to nothing that is not there', () => {
    const references = [...asyncApiYaml().matchAll(/\$ref: "#\/(.+)"/g)].map(
      ([, target]) => target,
    );

    const dangling = references.filter((target) => {
      const found = target?.split('/').reduce<unknown>((node, key) => {
        return (node as Record<string, unknown> | undefined)?.[key];
      }, document);
      return found === undefined;
    });

    expect(references.length).toBeGreaterThan(50);
    expect(dangling).toEqual([]);
  });

  test('gives every event a way to the customer', () => {
    const sent = Object.values(document.operations).flatMap(({ action, messages, reply }) =>
      action === 'send' ? messages : (reply?.messages ?? []),
    );

    const reachable = new Set(sent.map(({ $ref }) => $ref.split('/').at(-1)));

    expect([...reachable].sort()).toEqual(types.map(eventName).sort());
  });
});

describe('the example of', () => {
  test.each(actions)('the frame %s is taken by parser and schema without a change', (action) => {
    const example = exampleOf(frameName(action));

    expect(example).toEqual(FRAMES[action].example);
    expect(parseFrame(JSON.stringify(example))).toEqual({ ok: true, frame: example });
    expect(conforms(frameName(action), example)).toBe(true);
  });

  test.each(types)('the event %s is taken by parser and schema without a change', (type) => {
    const example = exampleOf(eventName(type));

    expect(example).toEqual(EVENTS[type].example);
    expect(v.parse(EventSchema, JSON.parse(encodeEvent(EVENTS[type].example)))).toEqual(example);
    expect(conforms(eventName(type), example)).toBe(true);
  });
});

describe('the published schemas', () => {
  test.each([
    ['sendMessage', { action: 'sendMessage', id: 'm1' }],
    ['sendMessage', { action: 'sendMessage', id: 'm 1', body: 'x' }],
    ['sendMessage', { action: 'sendMessage', id: 'm1', body: '' }],
    ['sendMessage', { action: 'sendMessage', id: 'm1', body: 'x', attributes: [] }],
    ['sendMessage', { action: 'sendMessage', id: 'm1', body: 'x', chat: 0 }],
    ['hello', { action: 'hello', profile: [] }],
    ['hello', { action: 'hello', profile: { fields: { plan: 1 } } }],
    ['hello', { action: 'hello', after: { chat: 1, index: -2 } }],
    ['history', { action: 'history', limit: 101 }],
    ['markRead', { action: 'markRead', chat: 1, index: 0.5 }],
  ] as const)('refuse for %s what the parser refuses: %j', (action, frame) => {
    expect(parseFrame(JSON.stringify(frame), 16_384).ok).toBe(false);
    expect(conforms(frameName(action), frame)).toBe(false);
  });

  test('refuse texts that are too long at one byte a character', () => {
    const body = (length: number) => ({
      action: 'sendMessage',
      id: 'm1',
      body: 'x'.repeat(length),
    });
    const ref = (length: number) => ({ action: 'ping', ref: 'x'.repeat(length) });

    expect([16_384, 16_385].map((length) => conforms('SendMessageFrame', body(length)))).toEqual([
      true,
      false,
    ]);
    expect([64, 65].map((length) => conforms('PingFrame', ref(length)))).toEqual([true, false]);
  });

  test('say in words what JSON Schema cannot: sizes in bytes', () => {
    const { Profile, SendMessageFrame } = document.components.schemas as Record<string, object>;

    expect(Profile).toMatchObject({ description: 'At most 4096 bytes as JSON.' });
    expect(SendMessageFrame).toMatchObject({
      properties: {
        body: { description: 'At most 16384 bytes as UTF-8.' },
        attributes: { description: 'At most 2048 bytes as JSON.' },
      },
    });
  });
});

describe('write-asyncapi', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'asyncapi-'));
  const file = path.join(directory, 'asyncapi.yaml');
  const run = (...parameters: string[]) =>
    spawnSync(process.execPath, ['scripts/write-asyncapi.ts', ...parameters], {
      cwd: PROJECT,
      encoding: 'utf8',
    });

  afterAll(() => rmSync(directory, { recursive: true }));

  test('checks the committed file', () => {
    expect(run('--check')).toMatchObject({ status: 0, stderr: '' });
  });

  test('fails on a stale file and leaves it alone', () => {
    writeFileSync(file, 'asyncapi: 2.0.0\n');

    const { status, stderr } = run('--check', file);

    expect(status).toBe(1);
    expect(stderr).toContain('asyncapi.yaml is stale');
    expect(readFileSync(file, 'utf8')).toBe('asyncapi: 2.0.0\n');
  });

  test('fails on a missing file', () => {
    expect(run('--check', path.join(directory, 'absent.yaml')).status).toBe(1);
  });

  test('writes what it then finds in order', () => {
    run(file);

    expect(run('--check', file).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(asyncApiYaml());
  });
});
