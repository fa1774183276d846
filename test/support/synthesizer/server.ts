/**
 * Synthesizes the app for one test after another in one process, which loads the CDK once and
 * bundles each function once. A process of its own each time costs ten times as much.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';

export interface Order {
  readonly context: Readonly<Record<string, unknown>>;
  readonly outDirectory: string;
}

/** One for all: the CDK remembers a bundle by the directory that it is for. */
const assembled = mkdtempSync(path.join(tmpdir(), 'flex-channel-synthesizer-'));
process.env['CDK_OUTDIR'] = assembled;
process.env['CDK_VALIDATION'] = 'false';

let runs = 0;

/** @returns whether the app could be synthesized. */
async function synthesize({ context, outDirectory }: Order): Promise<boolean> {
  process.env['CDK_CONTEXT_JSON'] = JSON.stringify(context);
  runs += 1;
  // Each run is another module, so that the app is evaluated again.
  const isDone = await import(`../../../bin/app.ts?run=${runs}`).then(
    () => process.exitCode === undefined,
    () => false,
  );
  process.exitCode = undefined;
  if (isDone) copyTo(outDirectory);
  return isDone;
}

function copyTo(target: string): void {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(assembled)) {
    const [from, to] = [path.join(assembled, name), path.join(target, name)];
    if (name.startsWith('asset.')) symlinkSync(from, to);
    else cpSync(from, to);
  }
}

let last: Promise<unknown> = Promise.resolve();

const server = createServer(async (request, response) => {
  const order = (await json(request)) as Order;
  const done = last.then(() => synthesize(order));
  last = done;
  response.writeHead((await done) ? 204 : 422).end();
});

server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});

process.once('disconnect', () => {
  rmSync(assembled, { recursive: true, force: true });
  process.exit();
});
