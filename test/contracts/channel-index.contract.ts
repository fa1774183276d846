import { channelSid, sessionId } from '#core/ids';
import type { ChannelIndex } from '#core/ports';

const CHANNEL = channelSid('CH00000000000000000000000000000001');
const CHAT = { sessionId: sessionId('a-session'), number: 2 };
const NOW = 1_790_000_000_000;
const EXPIRY = NOW + 60_000;

/** @param create an empty index. */
export function channelIndexContract(name: string, create: () => Promise<ChannelIndex>): void {
  describe(`${name} as ChannelIndex`, () => {
    let channels: ChannelIndex;

    beforeEach(async () => {
      channels = await create();
    });

    test('finds the chat of a linked channel', async () => {
      await channels.link(CHANNEL, CHAT, EXPIRY);

      expect(await channels.find(CHANNEL, NOW)).toEqual(CHAT);
    });

    test('finds nothing for a channel that was never linked', async () => {
      await channels.link(CHANNEL, CHAT, EXPIRY);

      const found = await channels.find(channelSid('CH00000000000000000000000000000002'), NOW);

      expect(found).toBeUndefined();
    });

    test('finds nothing once the link has expired', async () => {
      await channels.link(CHANNEL, CHAT, EXPIRY);

      expect(await channels.find(CHANNEL, EXPIRY - 1)).toEqual(CHAT);
      expect(await channels.find(CHANNEL, EXPIRY)).toBeUndefined();
    });

    test('holds the link that was made last', async () => {
      await channels.link(CHANNEL, CHAT, EXPIRY);
      await channels.link(CHANNEL, { ...CHAT, number: 3 }, EXPIRY + 60_000);

      expect(await channels.find(CHANNEL, EXPIRY)).toEqual({ ...CHAT, number: 3 });
    });
  });
}
