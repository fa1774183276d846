import { type ConnectionId, connectionId } from '#core/ids';
import type { CustomerConnections } from '#core/ports';
import type { ServerEvent } from '#protocol/events';

const ID = connectionId('L0SM9+/FIAMCJpw=');
const EVENT: ServerEvent = { type: 'typing', chat: 1, name: 'Zoë' };

/** Connections whose other end the test holds. */
export interface OpenedConnections {
  readonly customers: CustomerConnections;
  /** What arrived at a connection, in order. */
  received(connection: ConnectionId): readonly unknown[];
  close(connection: ConnectionId): void;
  /** Makes a connection answer as an outage or, when `busy`, as too busy. */
  fail(connection: ConnectionId, how: 'down' | 'busy'): void;
}

/** @param create connections that all take events. */
export function customerConnectionsContract(
  name: string,
  create: () => Promise<OpenedConnections>,
): void {
  describe(`${name} as CustomerConnections`, () => {
    let opened: OpenedConnections;

    beforeEach(async () => {
      opened = await create();
    });

    test('brings events to the connection that is named, in order', async () => {
      const pong: ServerEvent = { type: 'pong', now: '2026-09-21T14:13:20.000Z' };

      const first = await opened.customers.push(ID, EVENT);
      const second = await opened.customers.push(ID, pong);

      expect([first, second]).toEqual([true, true]);
      expect(opened.received(ID)).toEqual([EVENT, pong]);
      expect(opened.received(connectionId('another='))).toEqual([]);
    });

    test('answers false when the connection is gone', async () => {
      opened.close(ID);

      expect(await opened.customers.push(ID, EVENT)).toBe(false);
    });

    test('closes a connection, also one that is gone', async () => {
      await opened.customers.close(ID);
      opened.close(ID);

      await expect(opened.customers.close(ID)).resolves.toBeUndefined();
    });

    test('rejects a close with UPSTREAM_UNAVAILABLE in an outage', async () => {
      opened.fail(ID, 'down');

      await expect(opened.customers.close(ID)).rejects.toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
      });
    });

    test('rejects with UPSTREAM_UNAVAILABLE in an outage', async () => {
      opened.fail(ID, 'down');

      await expect(opened.customers.push(ID, EVENT)).rejects.toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
      });
    });

    test('rejects with RATE_LIMITED when it is asked to slow down', async () => {
      opened.fail(ID, 'busy');

      await expect(opened.customers.push(ID, EVENT)).rejects.toMatchObject({
        code: 'RATE_LIMITED',
      });
    });
  });
}
