/** Firefox by WebDriver BiDi, which it speaks itself. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import type { Browser, InputSource, Tab } from './tab.ts';

// biome-ignore lint/suspicious/noExplicitAny: the protocol's results have no types here
type Result = any;

export async function startFirefox(): Promise<Browser> {
  const profile = mkdtempSync(path.join(tmpdir(), 'firefox-'));
  const child = spawn(
    'firefox-esr',
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: profile } },
  );
  const stop = async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const session = await BidiSession.open(`${await addressOf(child)}/session`);
    const { capabilities } = await session.send('session.new', { capabilities: {} });
    return {
      name: `Firefox ${capabilities.browserVersion}`,
      newTab: async () => {
        const { context } = await session.send('browsingContext.create', { type: 'tab' });
        return new FirefoxTab(session, context);
      },
      close: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function addressOf(child: ChildProcess): Promise<string> {
  await once(child, 'spawn');
  if (child.stderr === null) throw new Error('Firefox has no standard error');
  for await (const line of createInterface(child.stderr)) {
    const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
    if (address !== undefined) {
      child.stderr.resume();
      return address;
    }
  }
  throw new Error('Firefox has ended before it listened');
}

class BidiSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: Result) => void>();
  #last = 0;

  static async open(url: string): Promise<BidiSession> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new BidiSession(socket);
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      const answer = JSON.parse(String(data));
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  async send(method: string, params: object): Promise<Result> {
    const id = ++this.#last;
    const answered = new Promise<Result>((resolve) => this.#waiting.set(id, resolve));
    this.#socket.send(JSON.stringify({ id, method, params }));
    const answer = await answered;
    if (answer.type === 'error') throw new Error(`${method}: ${answer.error}: ${answer.message}`);
    return answer.result;
  }
}

class FirefoxTab implements Tab {
  readonly #session: BidiSession;
  readonly #context: string;

  constructor(session: BidiSession, context: string) {
    this.#session = session;
    this.#context = context;
  }

  async goto(url: string): Promise<void> {
    const params = { context: this.#context, url, wait: 'complete' };
    await this.#session.send('browsingContext.navigate', params);
  }

  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#session.send('script.evaluate', {
      expression: `JSON.stringify((${expression}) ?? null)`,
      target: { context: this.#context },
      awaitPromise: false,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return JSON.parse(result.value);
  }

  async perform(actions: readonly InputSource[]): Promise<void> {
    await this.#session.send('browsingContext.activate', { context: this.#context });
    await this.#session.send('input.performActions', { context: this.#context, actions });
  }
}
