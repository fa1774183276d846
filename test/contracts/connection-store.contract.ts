import { connectionId, sessionId } from '#core/ids';
import type { ConnectionStore, SessionStore } from '#core/ports';

const ID = sessionId('a-session');
const NOW = 1_790_000_000_000;
const EXPIRY = NOW + 60_000;

/** @param create a store and the sessions that show it, both empty. */
export function connectionStoreContract(
  name: string,
  create: () => Promise<{ sessions: SessionStore; connections: ConnectionStore }>,
): void {
  describe(`${name} as ConnectionStore`, () => {
    let sessions: SessionStore;
    let connections: ConnectionStore;

    beforeEach(async () => {
      ({ sessions, connections } = await create());
      await sessions.renew(ID, NOW, EXPIRY);
    });

    const connected = async (nowMs = NOW) => (await sessions.find(ID, nowMs))?.connectionIds;

    test('adds a connection once, however often it is told', async () => {
      await connections.add(ID, connectionId('L0SM9cOFIAMCJpw='), NOW, EXPIRY);
      await connections.add(ID, connectionId('L0SM9cOFIAMCJpw='), NOW, EXPIRY);

      expect(await connected()).toEqual(['L0SM9cOFIAMCJpw=']);
    });

    test('removes exactly the connection that is named', async () => {
      await connections.add(ID, connectionId('a='), NOW, EXPIRY);
      await connections.add(ID, connectionId('b='), NOW, EXPIRY);

      await connections.remove(ID, connectionId('a='));

      expect(await connected()).toEqual(['b=']);
    });

    test('does not remove a connection of the same name in another session', async () => {
      await connections.add(ID, connectionId('a='), NOW, EXPIRY);

      await connections.remove(sessionId('another'), connectionId('a='));

      expect(await connected()).toEqual(['a=']);
    });

    test('spares a connection that opened at the given time or later', async () => {
      await connections.add(ID, connectionId('old='), NOW - 1, EXPIRY);
      await connections.add(ID, connectionId('new='), NOW, EXPIRY);

      await connections.remove(ID, connectionId('old='), NOW);
      await connections.remove(ID, connectionId('new='), NOW);
      await connections.remove(ID, connectionId('absent='), NOW);

      expect(await connected()).toEqual(['new=']);
    });

    test('takes the removal of what is not there', async () => {
      await expect(connections.remove(ID, connectionId('a='))).resolves.toBeUndefined();
    });

    test('lists the connections with the time at which they opened, until they expire', async () => {
      await connections.add(ID, connectionId('a='), NOW - 5, NOW + 1_000);
      await connections.add(ID, connectionId('b='), NOW, EXPIRY);
      await connections.add(sessionId('another'), connectionId('c='), NOW, EXPIRY);

      expect(await connections.list(ID, NOW)).toEqual([
        { id: 'a=', connectedAtMs: NOW - 5 },
        { id: 'b=', connectedAtMs: NOW },
      ]);
      expect((await connections.list(ID, NOW + 1_000)).map(({ id }) => id)).toEqual(['b=']);
    });

    test('lets one of several take a connection off the list', async () => {
      await connections.add(ID, connectionId('a='), NOW, EXPIRY);

      const taken = await Promise.all(
        [1, 2, 3, 4].map(() => connections.take(ID, connectionId('a='))),
      );

      expect(taken.filter((each) => each)).toHaveLength(1);
      expect(await connected()).toEqual([]);
      expect(await connections.take(ID, connectionId('never='))).toBe(false);
    });

    test('holds a connection up to its expiry', async () => {
      await connections.add(ID, connectionId('a='), NOW, NOW + 1_000);

      expect(await connected(NOW + 999)).toEqual(['a=']);
      expect(await connected(NOW + 1_000)).toEqual([]);
    });
  });
}
