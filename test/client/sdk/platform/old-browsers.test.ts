import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { memoryStorage } from '#test/support/memory-storage';

const PROJECT = path.join(import.meta.dirname, '..', '..', '..', '..');

/** As docs/client.md lists them. */
const OLDEST = ['safari15', 'ios15', 'chrome91', 'edge91', 'firefox91'];

/** Built-ins that one of them lacks. */
const MISSING = [
  'delete Array.prototype.at, delete Array.prototype.findLast, delete Array.prototype.findLastIndex',
  'delete Array.prototype.toSpliced, delete Array.prototype.toSorted, delete Array.prototype.toReversed',
  'delete Array.prototype.with, delete Array.fromAsync, delete String.prototype.at',
  'delete Object.hasOwn, delete Object.groupBy, delete Map.groupBy, delete Promise.withResolvers',
  'delete Promise.try, delete Error.captureStackTrace, delete RegExp.escape, delete Math.sumPrecise',
  'delete Set.prototype.union, delete Set.prototype.difference, delete Set.prototype.isSubsetOf',
  'delete Set.prototype.intersection, delete Set.prototype.symmetricDifference',
  'delete Set.prototype.isSupersetOf, delete Set.prototype.isDisjointFrom',
  'delete String.prototype.isWellFormed, delete String.prototype.toWellFormed',
  'for (const name of ["map", "filter", "take", "drop", "flatMap", "reduce", "toArray", "forEach", "some", "every", "find"]) delete Iterator.prototype[name]',
  'delete globalThis.Iterator, delete globalThis.structuredClone',
].join(';');

/** Runs in the page: a whole conversation with a server that answers at once. */
const CONVERSATION = `
  const seen = { states: [], problems: [] };
  class Socket {
    constructor(url, protocols) {
      setTimer(() => this.onopen());
      Socket.last = this;
    }
    close() {}
    push(event) { this.onmessage({ data: JSON.stringify(event) }); }
    send(text) {
      const { action, ref, id, body } = JSON.parse(text);
      const reply = (event) => setTimer(() => this.push({ ...event, ref }));
      const chat = { number: 1, state: 'open', agents: ['Ada'], readIndex: 0 };
      const author = { role: 'customer', name: 'Grace' };
      const sentAt = '2026-11-22T09:00:00.000Z';
      if (action === 'hello' || action === 'startChat') {
        const missed = [{ type: 'message', chat: 1, index: 0, id: 'm0', author, body: 'earlier', sentAt }];
        reply({ type: 'session', sessionId: 's', token: 't', expiresAt: sentAt, chat, missed, complete: true });
      } else if (action === 'sendMessage') {
        reply({ type: 'accepted', id });
        const agent = { role: 'agent', name: 'Ada' };
        setTimer(() => this.push({ type: 'message', chat: 1, index: 1, id, author, body, sentAt }));
        setTimer(() => this.push({ type: 'message', chat: 1, index: 2, author: agent, body: 'hello', sentAt }));
        setTimer(() => this.push({ type: 'participant', chat: 1, event: 'left', role: 'agent', name: 'Ada' }));
      } else if (action === 'markRead' || action === 'endChat') reply({ type: 'ok', action });
      else if (action === 'history') reply({ type: 'history', chat: 1, messages: [], complete: true, state: 'open' });
    }
  }
  const chat = sdk.createChatClient({
    url: 'wss://chat.example/live',
    createSocket: (url, protocols) => new Socket(url, protocols),
    timers: { after: (ms, run) => setTimer(run, ms) },
    storage: memoryStorage(),
    newId: () => 'm' + Math.floor(Math.random() * 1e9),
  });
  chat.on('problem', (problem) => seen.problems.push(String(problem)));
  chat.connect();
  runTimers();
  (async () => {
    const rest = async () => { for (let n = 0; n < 50; n += 1) { await null; runTimers(); } };
    await rest();
    chat.send('where is my order?', { attributes: { orderId: '4711' } });
    await rest();
    chat.markRead(2);
    chat.setProfile({ name: 'Grace' });
    await rest();
    Socket.last.push({ type: 'closing', reason: 'expired', reconnect: false });
    seen.connection = chat.state.connection.name;
    seen.shown = chat.state.timeline.map((item) => item.kind === 'message' ? item.message.body : item.notice.event);
    done(JSON.stringify(seen));
  })();
`;

/** The SDK as a page of that time would load it. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: PROJECT,
    entryPoints: ['client/sdk/index.ts'],
    bundle: true,
    minify: true,
    format: 'iife',
    globalName: 'sdk',
    target: OLDEST,
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** A page without anything that came later, and without Web Locks and BroadcastChannel, which Safari lacks before 15.4. */
async function talkInOldPage(code: string): Promise<Record<string, unknown>> {
  let timers: (() => void)[] = [];
  const after = (run: () => void, ms = 0) => {
    if (ms <= 1_000) timers.push(run);
    return () => {
      timers = timers.filter((other) => other !== run);
    };
  };
  const runTimers = () => {
    for (const run of timers.splice(0)) run();
  };
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const context = createContext({
    setTimer: after,
    runTimers,
    done: resolve,
    console,
    memoryStorage,
  });
  runInContext(
    `globalThis.queueMicrotask = (run) => Promise.resolve().then(run); ${MISSING}`,
    context,
  );
  runInContext(code, context);
  runInContext(CONVERSATION, context);
  setTimeout(() => reject(new Error('the conversation did not end')), 5_000).unref();
  return JSON.parse(await promise);
}

describe('the SDK in the oldest browsers', () => {
  test('can be written in their syntax', async () => {
    expect((await bundled()).length).toBeGreaterThan(0);
  });

  test('talks to its end without the built-ins that they lack', async () => {
    expect(await talkInOldPage(await bundled())).toEqual({
      states: [],
      problems: [],
      connection: 'ended',
      shown: ['earlier', 'where is my order?', 'hello', 'left'],
    });
  });

  test('would be caught using one of them', async () => {
    const code = `${await bundled()}; [1].toSpliced(0, 1);`;

    await expect(talkInOldPage(code)).rejects.toThrow(/toSpliced is not a function/);
  });

  test('is checked against the library of 2021, and documented', () => {
    const config = JSON.parse(readFileSync(path.join(PROJECT, 'tsconfig.client.json'), 'utf8'));
    const guide = readFileSync(path.join(PROJECT, 'docs', 'client.md'), 'utf8');

    expect(config.compilerOptions.lib).toEqual(['es2021', 'dom', 'dom.iterable']);
    for (const version of ['Safari and iOS 15', 'Chrome and Edge 91', 'Firefox 91']) {
      expect(guide).toContain(version);
    }
  });

  test.each([
    'structuredClone',
    'randomUUID',
    'AbortSignal.',
    'navigator.locks.',
    'Promise.withResolvers',
  ])('does not name %s, which they lack', async (name) => {
    expect(await bundled()).not.toContain(name);
  });
});
