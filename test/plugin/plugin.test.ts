import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { buildPlugin } from '#admin/plugin/build';
import { createPlugin } from '#plugin/plugin';
import { launchBrowser, type TestBrowser } from '#test/support/browser';
import { FLEX_PAGE } from './flex-page.ts';

const SIGNAL_URL = 'https://hooks.example.com/prod/agent-signal';
const SID = `CH${'a'.repeat(32)}`;
const OTHER = `CH${'b'.repeat(32)}`;
const CUSTOMER = 'customer-session-1';

describe('the plugin in a page of Flex', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 30_000);
  afterAll(() => browser?.close());

  async function openFlex() {
    const { code, version } = await buildPlugin(SIGNAL_URL);
    const { page, problems } = await browser.open('about:blank');
    await page.route('https://flex.twilio.com/**', (route) =>
      route.request().url().endsWith('/plugin.js')
        ? route.fulfill({ contentType: 'text/javascript', body: code })
        : route.fulfill({ contentType: 'text/html', body: FLEX_PAGE }),
    );
    const signals: string[] = [];
    await page.route(SIGNAL_URL, (route) => {
      signals.push(`${route.request().method()} ${route.request().postData()}`);
      return route.fulfill({ headers: { 'access-control-allow-origin': '*' } });
    });
    await page.goto('https://flex.twilio.com/agent-desktop');
    return { page, problems, signals, version };
  }

  const emit = (page: Page, name: string, detail: object) =>
    page.evaluate(`emit(${JSON.stringify(name)}, ${JSON.stringify(detail)})`);

  test('shows that the customer is typing, and tells that the agent is', async () => {
    const { page, problems, signals, version } = await openFlex();
    const line = page.getByRole('status');
    expect(await page.evaluate('plugin')).toEqual({ name: 'flex-channel', version });
    expect(await line.textContent()).toBe('');

    const attributes = { flexChannel: { typingAt: '2026-11-22T09:00:00.000Z' } };
    await emit(page, 'participantUpdated', {
      participant: { identity: CUSTOMER, conversation: { sid: SID }, attributes },
      updateReasons: ['attributes'],
    });
    expect(await line.textContent()).toBe('Customer is typing…');
    await emit(page, 'messageAdded', { author: CUSTOMER, conversation: { sid: SID } });
    expect(await line.textContent()).toBe('');

    const told = page.waitForResponse(SIGNAL_URL);
    await emit(page, 'afterSendTyping', { conversationSid: SID });
    await told;
    // One simple request: no browser asks about it first.
    expect(signals).toEqual([`POST Token=flex-token&ConversationSid=${SID}`]);
    expect(problems).toEqual([]);
  });
});

describe('the bundle', () => {
  test('has a version that follows from its code, and an address that it was built with', async () => {
    const one = await buildPlugin(SIGNAL_URL);
    const again = await buildPlugin(SIGNAL_URL);
    const other = await buildPlugin('https://other.example.com/agent-signal');

    expect(again).toEqual(one);
    expect(other.version).not.toBe(one.version);
    expect(one.code).toContain(SIGNAL_URL);
    expect(one.code).toContain(one.version);
  });

  test('weighs less than 2 KB compressed', async () => {
    const { code } = await buildPlugin(SIGNAL_URL);

    expect(gzipSync(code).byteLength).toBeLessThan(2_048);
  });
});

describe('the plugin', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  type Listener = (detail: unknown) => void;

  /** A Flex that keeps what the plugin does; `parts` stand in place of its own. */
  function start(parts: { flex?: object; manager?: object; host?: object } = {}) {
    const listeners = new Map<string, Listener>();
    const on = (name: string, listener: Listener) => void listeners.set(name, listener);
    const added: { type: (props: object) => { props: { children: string[] } } }[] = [];
    const post = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response());
    const createElement = (type: unknown, props: object | null, ...children: unknown[]) => ({
      type,
      props: { ...props, children },
    });
    const host = {
      React: { createElement, useReducer: () => [0, () => {}], useEffect: () => {} },
      ...parts.host,
    };
    const flex = {
      Actions: { addListener: on },
      MessageList: { Content: { add: (one: never) => void added.push(one) } },
      ...parts.flex,
    };
    const manager = {
      user: { token: 'flex-token' },
      conversationsClient: { on },
      ...parts.manager,
    };
    const Plugin = createPlugin(host as never, SIGNAL_URL, '1.0.0');
    new Plugin().init(flex as never, manager as never);
    return {
      post,
      added,
      type: (payload: object = { conversationSid: SID }) =>
        listeners.get('afterSendTyping')?.(payload),
      customer: (
        at: number,
        { identity = CUSTOMER, sid = SID, reasons = ['attributes'], attributes = {} } = {},
      ) =>
        listeners.get('participantUpdated')?.({
          participant: {
            identity,
            conversation: { sid },
            attributes: { flexChannel: { typingAt: `time ${at}` }, ...attributes },
          },
          updateReasons: reasons,
        }),
      said: (author: string) =>
        listeners.get('messageAdded')?.({ author, conversation: { sid: SID } }),
      shown: (props: object = { conversationSid: SID }) =>
        added[0]?.type(props).props.children.join(),
    };
  }

  const TYPING = 'Customer is typing…';

  test('tells of typing once in three seconds for each conversation', () => {
    const { post, type } = start();

    for (let key = 0; key < 10; key += 1) type();
    type({ conversationSid: OTHER });
    jest.advanceTimersByTime(2_999);
    type();
    expect(post).toHaveBeenCalledTimes(2);
    jest.advanceTimersByTime(1);
    type();

    expect(post).toHaveBeenCalledTimes(3);
    expect(post.mock.calls.every(([url]) => url === SIGNAL_URL)).toBe(true);
  });

  test('reads the token each time, as Flex renews it', () => {
    const user = { token: 'first' };
    const { post, type } = start({ manager: { user } });
    type();
    user.token = 'second';
    jest.advanceTimersByTime(3_000);
    type();

    expect(post.mock.calls.map(([, init]) => String(init?.body).split('&')[0])).toEqual([
      'Token=first',
      'Token=second',
    ]);
  });

  test.each([
    ['a conversation in the payload', { conversation: { source: { sid: SID } } }, 1],
    ['no conversation', {}, 0],
    ['something else', { conversationSid: 5 }, 0],
  ])('takes %s', (_, payload, calls) => {
    const { post, type } = start();

    type(payload);

    expect(post).toHaveBeenCalledTimes(calls);
  });

  test('does not mind that nobody answers', async () => {
    const { post, type } = start();
    const failed = Promise.reject(new TypeError('Failed to fetch'));
    const handled = jest.spyOn(failed, 'catch');
    post.mockReturnValue(failed);

    type();

    await expect(handled.mock.results[0]?.value).resolves.toBeUndefined();
  });

  test('shows typing for six seconds after it was told last', () => {
    const { customer, shown } = start();

    customer(1);
    jest.advanceTimersByTime(5_000);
    customer(2);
    jest.advanceTimersByTime(5_999);
    expect(shown()).toBe(TYPING);
    jest.advanceTimersByTime(1);

    expect(shown()).toBe('');
  });

  test.each([
    ['conversation', { conversation: { sid: SID } }],
    ['source', { conversation: { source: { sid: SID } } }],
    ['task', { task: { attributes: { conversationSid: SID } } }],
  ])('finds the shown conversation by its %s', (_, props) => {
    const { customer, shown } = start();

    customer(1);

    expect([shown(props), shown({}), shown({ conversationSid: OTHER })]).toEqual([TYPING, '', '']);
  });

  test('shows nothing more once the customer has written, and goes on when an agent has', () => {
    const { customer, said, shown } = start();
    customer(1);
    said('ada_40example_2Ecom');
    expect(shown()).toBe(TYPING);

    said(CUSTOMER);

    expect(shown()).toBe('');
  });

  test('is not misled by others, by other changes and by attributes of another shape', () => {
    const { customer, shown } = start();

    customer(1, { identity: 'eve_40example_2Ecom' });
    customer(1, { reasons: ['lastReadMessageIndex'] });
    customer(1, { attributes: { flexChannel: { typingAt: 5 } } });
    customer(1, { attributes: { flexChannel: null } });
    expect(shown()).toBe('');
    customer(1);
    jest.advanceTimersByTime(6_000);
    // Another attribute has changed: this is the same sign as before.
    customer(1);

    expect(shown()).toBe('');
  });

  test.each([
    ['nothing at all', { flex: { Actions: undefined, MessageList: undefined } }],
    ['no client', { manager: { conversationsClient: undefined } }],
    ['no user', { manager: { user: undefined } }],
    ['no React', { host: { React: undefined } }],
    [
      'empty parts',
      { flex: { Actions: {}, MessageList: {} }, manager: { conversationsClient: {} } },
    ],
    [
      'parts that throw',
      {
        flex: {
          Actions: {
            addListener: () => {
              throw new Error('renamed');
            },
          },
        },
      },
    ],
  ])('is silent where Flex has %s', (_, parts) => {
    const { post, type, customer } = start(parts);

    expect(() => {
      type();
      customer(1);
    }).not.toThrow();
    expect(post.mock.calls.length).toBeLessThanOrEqual(1);
  });
});
