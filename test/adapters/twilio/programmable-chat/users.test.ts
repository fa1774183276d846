import { createServiceUsers } from '#adapters/twilio/programmable-chat/users';
import type { TwilioRequest, TwilioRest } from '#adapters/twilio/rest/rest-client';
import { ChatError } from '#core/errors';

const CONFIG = {
  chatServiceSid: 'IS1',
  workspaceSid: 'WS1',
  flexFlowSid: 'FO1',
  integration: 'task',
  webhookUrl: 'https://hooks.example.com',
  names: { agent: 'Agent', bot: 'Assistant' },
} as const;

const MINUTE_MS = 60_000;

/** A service whose users are called by their identity in capitals, save for `nobody`. */
function aService() {
  const requests: TwilioRequest<unknown>[] = [];
  const clock = { nowMs: 0 };
  const rest = (async (request: TwilioRequest<unknown>) => {
    requests.push(request);
    const identity = request.path.text.split('/').at(-1) ?? '';
    if (identity === 'nobody') throw new ChatError('NO_CHAT', 'no such user');
    return { friendlyName: identity.toUpperCase(), attributes: '' };
  }) as TwilioRest;
  const users = createServiceUsers(rest, CONFIG, () => clock.nowMs);
  return { users, requests, clock };
}

describe('createServiceUsers', () => {
  test('finds the name of a user, in good time for a webhook', async () => {
    const { users, requests } = aService();

    expect(await users.find('ann')).toEqual({ friendlyName: 'ANN', attributes: '' });
    expect(requests[0]?.timeoutMs).toBeLessThan(2_000);
  });

  test('asks once in ten minutes, also for identities that are no users', async () => {
    const { users, requests, clock } = aService();
    const ask = async () => [await users.find('ann'), await users.find('nobody')];

    const first = await ask();
    clock.nowMs = 9 * MINUTE_MS;
    const second = await ask();

    expect([first, second]).toEqual([
      [{ friendlyName: 'ANN', attributes: '' }, undefined],
      [{ friendlyName: 'ANN', attributes: '' }, undefined],
    ]);
    expect(requests).toHaveLength(2);
    clock.nowMs = 10 * MINUTE_MS;
    await ask();
    expect(requests).toHaveLength(4);
  });

  test('finds nobody under an empty identity', async () => {
    const { users, requests } = aService();

    expect(await users.find('')).toBeUndefined();
    expect(requests).toEqual([]);
  });

  test('remembers the last five hundred', async () => {
    const { users, requests } = aService();
    for (let n = 0; n <= 500; n += 1) await users.find(`agent-${n}`);

    await users.find('agent-1');
    expect(requests).toHaveLength(501);
    await users.find('agent-0');
    expect(requests).toHaveLength(502);
  });
});
