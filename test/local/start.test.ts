import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const START = path.join(import.meta.dirname, '..', '..', 'local', 'start.ts');
/** For those that wait until it is up: how a stack is really synthesized, `local-stack.test.ts` tries. */
const QUICKLY = {
  NODE_OPTIONS: `--import=${import.meta.resolve('../support/synthesizer/preload.ts')}`,
};

/** Runs the command line and waits for its end; `seen` is called with all that was said so far. */
async function start(
  args: string[],
  env: Record<string, string> = {},
  seen: (output: string, child: ChildProcess) => void = () => {},
) {
  const child = spawn(process.execPath, [START, ...args], { env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      seen(output, child);
    });
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, output };
}

/** A second signal, while it ends and hears none any more, would end it at once. */
function killOnce(child: ChildProcess, signal: NodeJS.Signals): void {
  if (!child.killed) child.kill(signal);
}

describe('npm start', () => {
  test.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['extra'], "Unexpected argument 'extra'"],
    [['--port', 'x'], 'A port is a number from 0 to 65535, not "x".'],
    [['--port', '70000'], 'A port is a number from 0 to 65535, not "70000".'],
  ])('refuses %j with its usage', async (args, message) => {
    const { code, output } = await start(args);

    expect(code).toBe(2);
    expect(output).toContain(message);
    expect(output).toContain('Usage: npm start');
  });

  test('explains itself', async () => {
    const { code, output } = await start(['--help']);

    expect(code).toBe(0);
    expect(output).toMatch(/^Usage: npm start/);
  });

  test('says in one line that the port of the page is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;

    const { code, output } = await start([], { PORT: String(port) });

    expect(code).toBe(1);
    expect(output.trim()).toBe(`Port ${port} is in use. Stop what listens there, or set PORT.`);
    other.close();
  });

  test('is refused in a directory that another one works in, and leaves its files alone', async () => {
    const out = mkdtempSync(path.join(tmpdir(), 'start-'));
    let second: Awaited<ReturnType<typeof start>> | undefined;
    let outputs = '';

    const first = await start(['--port', '0', '--out', out], QUICKLY, async (said, child) => {
      if (outputs !== '' || !said.includes('Open http')) return;
      outputs = readFileSync(path.join(out, 'outputs.json'), 'utf8');
      second = await start(['--port', '0', '--out', out], {}, (told, other) => {
        if (told.includes('Open http')) killOnce(other, 'SIGINT');
      });
      child.kill('SIGINT');
    });

    expect(second?.code).toBe(1);
    expect(second?.output).toMatch(/is in use by process \d+\..*pass --out <directory>/);
    expect(second?.output.trim().split('\n')).toHaveLength(1);
    expect(readFileSync(path.join(out, 'outputs.json'), 'utf8')).toBe(outputs);
    expect(first.code).toBe(0);
    expect(existsSync(path.join(out, 'lock.json'))).toBe(false);
  });

  test('takes over from one that was killed', async () => {
    const out = mkdtempSync(path.join(tmpdir(), 'start-'));
    await start(['--port', '0', '--out', out], {}, (said, child) => {
      if (said.includes('Synthesizing')) killOnce(child, 'SIGKILL');
    });

    const { code } = await start(['--port', '0', '--out', out], {}, (said, child) => {
      if (said.includes('Synthesizing')) killOnce(child, 'SIGINT');
    });

    expect(code).toBe(0);
  });

  test.each([
    ['when it is ready', 'Open http', 'SIGINT'],
    ['when it is ready', 'Open http', 'SIGTERM'],
    ['while it is starting', 'Synthesizing', 'SIGINT'],
  ] as const)('ends cleanly %s (at "%s", by %s)', async (_, moment, signal) => {
    const out = mkdtempSync(path.join(tmpdir(), 'start-'));
    let sent = false;

    const env = moment === 'Open http' ? QUICKLY : {};

    const { code, output } = await start(['--port', '0', '--out', out], env, (said, child) => {
      if (!sent && said.includes(moment)) sent = child.kill(signal);
    });

    expect(output).toMatch(/\nStopped\.\n$/);
    expect(code).toBe(0);
  });
});
