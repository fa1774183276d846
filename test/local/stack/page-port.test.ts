import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { claimPort } from '#local/stack/page-port';

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
