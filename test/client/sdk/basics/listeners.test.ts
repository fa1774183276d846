import { aMessageEvent } from '#test/support/chat-events';
import { loneBrowser, openOnline, shownIn, welcome } from '#test/support/lone-tab';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const FAULT = new Error('a fault of the page');
const failing = () => {
  throw FAULT;
};
/** Jest's fake timers run what was queued as a microtask. */
const uncaught = () => expect(() => jest.runAllTicks()).toThrow(FAULT);

describe('a listener that throws', () => {
  test('does not keep the client from going online, nor the next listener from hearing of it', async () => {
    const tab = loneBrowser().open();
    const states: string[] = [];
    tab.client.on('change', failing);
    tab.client.on('change', ({ connection }) => states.push(connection.name));

    tab.client.connect();
    await welcome(tab.socket);

    expect(states.at(-1)).toBe('online');
    expect(tab.sockets).toHaveLength(1);
    uncaught();
  });

  test('does not keep a message from being sent', async () => {
    const tab = await openOnline();
    tab.client.on('change', failing);

    tab.client.send('one');

    expect(tab.socket.framesOf('sendMessage')).toHaveLength(1);
    uncaught();
  });

  test('does not keep a message that was said from being shown', async () => {
    const tab = await openOnline();
    tab.client.on('message', failing);

    await tab.socket.push(aMessageEvent({ body: 'hello' }));

    expect(shownIn(tab.client)).toEqual(['hello']);
    uncaught();
  });
});

describe('a function that listens twice', () => {
  test('hears twice, and once after one of the two subscriptions has ended', async () => {
    const tab = await openOnline();
    const heard: string[] = [];
    const listener = ({ body }: { body: string }) => heard.push(body);
    tab.client.on('message', listener);
    const end = tab.client.on('message', listener);

    await tab.socket.push(aMessageEvent({ index: 0, body: 'one' }));
    end();
    end();
    await tab.socket.push(aMessageEvent({ index: 1, body: 'two' }));

    expect(heard).toEqual(['one', 'one', 'two']);
  });
});
