import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keepPorts, keptPorts } from '#local/stack/kept-ports';
import { claimPort } from '#local/stack/page-port';

const aFile = () => path.join(mkdtempSync(path.join(tmpdir(), 'ports-')), 'ports.json');
const anyFree = { page: 0, twilio: 0, socket: 0, rest: 0, router: 0 };

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
