import { type PageGlobals, pageEnvironment, storageOf } from '#client/sdk/platform/browser-page';
import { memoryStorage } from '#test/support/memory-storage';

class FakePage extends EventTarget implements PageGlobals {
  readonly document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  readonly navigator: PageGlobals['navigator'] = {};
  readonly localStorage = memoryStorage();
  readonly sessionStorage = memoryStorage();
}

let ids = 0;
const newId = () => {
  ids += 1;
  return `id-${ids}`;
};

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('waking', () => {
  test.each(['online', 'pageshow'])('is told of by %s', (event) => {
    const page = new FakePage();
    const run = jest.fn();
    pageEnvironment(page, newId).wake?.(run);

    page.dispatchEvent(new Event(event));

    expect(run).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['visible', 1],
    ['hidden', 0],
  ])('is told of when the page becomes %s: %i times', (visibilityState, times) => {
    const page = new FakePage();
    const run = jest.fn();
    pageEnvironment(page, newId).wake?.(run);

    page.document.visibilityState = visibilityState;
    page.document.dispatchEvent(new Event('visibilitychange'));

    expect(run).toHaveBeenCalledTimes(times);
  });

  test('is not told of any more after the subscription has ended', () => {
    const page = new FakePage();
    const run = jest.fn();
    const end = pageEnvironment(page, newId).wake?.(run);

    end?.();
    page.dispatchEvent(new Event('online'));
    page.document.dispatchEvent(new Event('visibilitychange'));

    expect(run).not.toHaveBeenCalled();
  });
});

describe('leaving', () => {
  test('is told of by pagehide', () => {
    const page = new FakePage();
    const run = jest.fn();
    pageEnvironment(page, newId).leave?.(run);

    page.dispatchEvent(new Event('pagehide'));

    expect(run).toHaveBeenCalledTimes(1);
  });
});

describe('the name of a tab', () => {
  const nameOfTab = (page: FakePage) => {
    const { tabId } = pageEnvironment(page, newId);
    return typeof tabId === 'function' ? tabId() : tabId;
  };

  test('stays through a reload', () => {
    const page = new FakePage();

    const names = [nameOfTab(page), nameOfTab(page)];

    expect(names[0]).toBe(names[1]);
  });

  test('is a new one for each page where storage is forbidden', () => {
    const page = new FakePage();
    Object.defineProperty(page, 'sessionStorage', {
      get() {
        throw new Error('SecurityError');
      },
    });

    const names = [nameOfTab(page), nameOfTab(page)];

    expect(new Set(names).size).toBe(2);
    expect(storageOf(page, 'sessionStorage')).toBeUndefined();
  });
});

describe('an old browser', () => {
  test('has no locks and no broadcast', () => {
    const environment = pageEnvironment(new FakePage(), newId);

    expect(environment.locks).toBeUndefined();
    expect(environment.broadcast).toBeUndefined();
  });
});

describe('a browser that forbids', () => {
  test('broadcasts has none', () => {
    const forbidden = class {
      constructor() {
        throw new DOMException('The operation is insecure.', 'SecurityError');
      }
    };
    const page = Object.assign(new FakePage(), { BroadcastChannel: forbidden });

    const environment = pageEnvironment(page as unknown as PageGlobals, newId);

    expect(environment.broadcast).toBeUndefined();
  });

  test('locks refuses each request', async () => {
    const request = () => Promise.reject(new DOMException('denied', 'SecurityError'));
    const page = Object.assign(new FakePage(), { navigator: { locks: { request } } });
    const handlers = { granted: jest.fn(), lost: jest.fn(), refused: jest.fn() };

    for (const steal of [false, true]) {
      pageEnvironment(page, newId).locks?.request('a', { steal }, handlers);
    }
    await settled();

    expect(handlers.refused).toHaveBeenCalledTimes(2);
    expect([...handlers.granted.mock.calls, ...handlers.lost.mock.calls]).toEqual([]);
  });
});

describe('broadcast', () => {
  test('reaches the other ports of a name, until one is closed', async () => {
    const page = Object.assign(new FakePage(), { BroadcastChannel }) as unknown as PageGlobals;
    const { broadcast } = pageEnvironment(page, newId);
    const heard: unknown[] = [];
    const own = broadcast?.('chat', () => heard.push('echo'));
    const other = broadcast?.('chat', (data) => heard.push(data));

    own?.post({ a: 1 });
    await settled();
    other?.close();
    own?.post({ a: 2 });
    await settled();
    own?.close();

    expect(heard).toEqual([{ a: 1 }]);
  });
});

/** Node's own, which follow the Web Locks API. */
describe('locks', () => {
  const { locks } = navigator as unknown as PageGlobals['navigator'];
  const page = Object.assign(new FakePage(), { navigator: { locks } });
  const request = (name: string, steal = false) => {
    const granted = jest.fn();
    const lost = jest.fn();
    const refused = jest.fn();
    const release = pageEnvironment(page, newId).locks?.request(
      name,
      { steal },
      { granted, lost, refused },
    );
    return { granted, lost, refused, release: () => release?.() };
  };

  test('go to the next one when they are given back', async () => {
    const [first, second] = [request('a'), request('a')];
    await settled();
    expect([first.granted, second.granted].map(({ mock }) => mock.calls.length)).toEqual([1, 0]);

    first.release();
    await settled();

    expect(second.granted).toHaveBeenCalledTimes(1);
    expect(first.lost).not.toHaveBeenCalled();
    second.release();
  });

  test('are not granted to one that waits no more', async () => {
    const [first, second] = [request('b'), request('b')];
    await settled();

    second.release();
    first.release();
    await settled();

    expect(second.granted).not.toHaveBeenCalled();
    expect(second.lost).not.toHaveBeenCalled();
    expect(second.refused).not.toHaveBeenCalled();
  });

  test('tell their holder when they are stolen', async () => {
    const holder = request('c');
    await settled();

    const thief = request('c', true);
    await settled();

    expect(thief.granted).toHaveBeenCalledTimes(1);
    expect(holder.lost).toHaveBeenCalledTimes(1);
    expect(holder.refused).not.toHaveBeenCalled();
    thief.release();
  });
});
