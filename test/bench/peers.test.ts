import { besidePeers } from '../../bench/measure/peers.ts';

const opened = (value: number) => ({
  name: 'widget: opened chat, min+gzip',
  value,
  unit: 'bytes' as const,
  atMost: 1,
});

describe('besidePeers', () => {
  test('says how many times our opened chat each other one weighs', () => {
    const rows = besidePeers([opened(28_600)]);

    expect(rows[0]).toMatchObject({ kb: 29, times: 1 });
    expect(rows.find(({ chat }) => chat.startsWith("Twilio's web chat"))).toMatchObject({
      kb: 286,
      times: 10,
    });
  });

  test('needs the figure that it compares', () => {
    expect(() => besidePeers([])).toThrow('no figure of the opened chat');
  });
});
