import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { claimPort, holdPort, keepPorts, keptPorts } from '#local/stack/ports';

const aFile = () => path.join(mkdtempSync(path.join(tmpdir(), 'ports-')), 'ports.json');
const anyFree = { page: 0, twilio: 0, socket: 0, rest: 0, router: 0 };

describe('holdPort', () => {
  test('lets nobody else have the port until it is released', async () => {
    const held = await holdPort(0);

    await expect(claimPort(held.port)).rejects.toThrow('is in use');
    await held.release();
    await held.release();

    expect(await claimPort(held.port)).toBe(held.port);
  });

  test('cuts off who connects meanwhile, and is released all the same', async () => {
    const held = await holdPort(0);
    const early = connect(held.port, '127.0.0.1');
    early.on('error', () => {});

    await once(early, 'close');
    await held.release();

    expect(await claimPort(held.port)).toBe(held.port);
  });
});

describe('claimPort', () => {
  test('picks a free port for 0 and leaves it free', async () => {
    const port = await claimPort(0);

    expect(port).toBeGreaterThan(0);
    expect(await claimPort(port)).toBe(port);
  });

  test('says which port is in use and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;

    const attempt = claimPort(port);

    await expect(attempt).rejects.toMatchObject({
      name: 'StartError',
      message: `Port ${port} is in use. Stop what listens there, or set PORT.`,
    });
    other.close();
  });
});

describe('keptPorts', () => {
  test('are any free ones without a file and before the first run', async () => {
    expect(await keptPorts(undefined, () => {})).toEqual(anyFree);
    expect(await keptPorts(aFile(), () => {})).toEqual(anyFree);
  });

  test('are those of the last run; one that is taken now is given up with a word', async () => {
    const file = aFile();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = (other.address() as AddressInfo).port;
    const free = await claimPort(0);
    keepPorts(file, { ...anyFree, twilio: free, rest: taken });
    const said: string[] = [];

    const kept = await keptPorts(file, (line) => said.push(line));
    other.close();

    expect(kept).toEqual({ ...anyFree, twilio: free });
    expect(said).toEqual([`Port ${taken} is in use: rest moves, and its old address is dead.`]);
  });
});
