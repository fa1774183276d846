import { createDisplayNames } from '#adapters/twilio/display-names';

const FALLBACK = { agent: 'Agent', bot: 'Assistant' };
const MINUTE_MS = 60_000;

/** Names from a function, with a clock that stands still until told. */
function someNames(readName: (identity: string) => Promise<string>) {
  const clock = { nowMs: 0 };
  const asked: string[] = [];
  const names = createDisplayNames(
    (identity) => {
      asked.push(identity);
      return readName(identity);
    },
    FALLBACK,
    () => clock.nowMs,
  );
  return { names, clock, asked };
}

describe('createDisplayNames', () => {
  test('shows an agent by the friendly name of the user', async () => {
    const { names } = someNames(async () => ' Ann Lee ');

    expect(await names.displayName('ann_2Elee', 'agent')).toBe('Ann Lee');
  });

  test('shows bots and the system by the configured name, without a look-up', async () => {
    const { names, asked } = someNames(async () => 'Studio flow 7');

    expect(await names.displayName('flow', 'bot')).toBe('Assistant');
    expect(await names.displayName('system', 'system')).toBe('Assistant');
    expect(asked).toEqual([]);
  });

  test('shows the configured name for an agent whom Flex does not name', async () => {
    const { names, asked } = someNames(async () => 'Ann');

    expect(await names.displayName('', 'agent')).toBe('Agent');
    expect(asked).toEqual([]);
  });

  test.each([
    ['nothing', ''],
    ['the identity', 'ann_40example_2Ecom'],
    ['the identity in other letters', 'ANN_40EXAMPLE_2ECOM'],
    ['the identity, decoded', 'ann@example.com'],
    ['an encoded identity of somebody', 'bob_2Esmith'],
    ['an e-mail address', 'support@example.com'],
  ])('never shows %s', async (_what, friendlyName) => {
    const { names } = someNames(async () => friendlyName);

    expect(await names.displayName('ann_40example_2Ecom', 'agent')).toBe('Agent');
  });

  test('never shows an identity that needs no encoding', async () => {
    const { names } = someNames(async () => 'ann');

    expect(await names.displayName('ann', 'agent')).toBe('Agent');
  });

  test('asks again after ten minutes', async () => {
    const { names, clock, asked } = someNames(async () => 'Ann');

    await names.displayName('a', 'agent');
    clock.nowMs = 10 * MINUTE_MS - 1;
    await names.displayName('a', 'agent');
    expect(asked).toHaveLength(1);
    clock.nowMs = 10 * MINUTE_MS;
    await names.displayName('a', 'agent');

    expect(asked).toHaveLength(2);
  });

  test('shows the configured name when the look-up fails, and asks again after 30 s', async () => {
    let isDown = true;
    const { names, clock, asked } = someNames(async () => {
      if (isDown) throw new Error('down');
      return 'Ann';
    });

    expect(await names.displayName('a', 'agent')).toBe('Agent');
    isDown = false;
    expect(await names.displayName('a', 'agent')).toBe('Agent');
    expect(asked).toHaveLength(1);
    clock.nowMs = 30_000;

    expect(await names.displayName('a', 'agent')).toBe('Ann');
  });

  test('remembers at most 500 names and forgets the oldest', async () => {
    const { names, asked } = someNames(async () => 'Ann');

    for (let n = 0; n <= 500; n += 1) await names.displayName(`agent-${n}`, 'agent');
    asked.length = 0;
    await names.displayName('agent-500', 'agent');
    await names.displayName('agent-0', 'agent');

    expect(asked).toEqual(['agent-0']);
  });
});
