import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { checkConfig } from '#lib/config';
import { BACK_ENDS } from '#local/stack/local-config';
import { runCommand } from '#test/support/admin-command';
import { createAgentDesk } from '#test/support/agent-desk';
import { useLocalStack } from '#test/support/started-stack';
import { HOPS, type Hop } from '../../admin/smoke/hops.ts';
import { playConversation } from '../../admin/smoke/play.ts';
import { chatChannels } from '../../admin/twilio/chat-channels.ts';
import { chatTasks } from '../../admin/twilio/chat-tasks.ts';
import { createTwilio } from '../../admin/twilio/client.ts';
import { readCredentials } from '../../admin/twilio/credentials.ts';

/** Longer than any machine is busy; a hop that is broken gets less. */
const PATIENCE_MS = 60_000;

const never = { count: 1_000_000 };
const without = (name: string) => ({ lambda: { throttle: { ...never, function: name } } });

/** Each way to break a hop: set once the hop named by `after` is passed, or before the first. */
const BROKEN: readonly (readonly [Hop, Hop | undefined, object, RegExp])[] = [
  ['connect', undefined, without('customer-socket'), /handshake was refused/],
  [
    'hello',
    'connect',
    { dynamodb: { ...never, error: 'ServiceUnavailable' } },
    /hello was answered \w+|no reply to hello/,
  ],
  [
    'accepted',
    'hello',
    { sqs: { ...never, error: 'RequestThrottled' } },
    /sendMessage was answered \w+|no reply to sendMessage/,
  ],
  ['in Flex', 'hello', without('deliver-to-flex'), /no message in Twilio's transcript/],
  ['echo', undefined, { webhook: { drop: 1 } }, /no echo of the customer's message/],
  ['task', undefined, { routing: never }, /no task of the chat in TaskRouter/],
  ['from Flex', 'task', { webhook: { drop: 1 } }, /no message from Flex at the customer/],
  ['end', 'from Flex', without('deliver-to-flex'), /no word that the chat has ended/],
];

describe.each(BACK_ENDS)('flex-channel smoke by %s', (backEnd) => {
  const out = mkdtempSync(path.join(tmpdir(), 'smoke-'));
  const stack = useLocalStack({ backEnd, outDirectory: out });
  const desk = () => createAgentDesk(stack().outputs.TwilioUrl);
  const config = path.join(out, 'config.json');
  const operator = () => parseEnv(readFileSync(path.join(out, 'operator.env'), 'utf8'));
  const { conversations, users } = {
    conversations: () => stack().twilio.world.conversations.size,
    users: () => stack().twilio.world.users.size,
  };

  const smoke = (options = '') =>
    runCommand(
      `smoke --stage local --config ${config} --outputs ${path.join(out, 'stack-outputs.json')} --twilio-url ${stack().outputs.TwilioUrl} ${options}`.trim(),
      { env: operator() },
    );

  async function play(broken: Hop, set: (passed: Hop | undefined) => Promise<void>) {
    const env = operator();
    const { config: checked } = checkConfig(JSON.parse(readFileSync(config, 'utf8')));
    if (checked === undefined) throw new Error('the configuration is not valid');
    const twilio = createTwilio({
      credentials: readCredentials(env),
      accountSid: checked.twilio.accountSid,
      twilioUrl: stack().outputs.TwilioUrl,
    });
    await set(undefined);
    return playConversation({
      socketUrl: stack().outputs.CustomerSocketUrl,
      origin: undefined,
      channels: chatChannels(twilio, checked),
      tasks: chatTasks(twilio, checked),
      awaitsTask: true,
      timeoutMs: (hop) => (hop === broken ? 800 : PATIENCE_MS),
      onPassed: ({ hop }) => set(hop),
    });
  }

  test('passes every hop, and leaves nothing in Twilio', async () => {
    const before = [conversations(), users()];

    const { code, out: said, err } = await smoke('--json --timeout 60');

    expect([code, err]).toEqual([0, expect.stringContaining('Passed: end')]);
    const { stage, isWell, hops, left } = JSON.parse(said);
    expect({ stage, isWell, left }).toEqual({ stage: 'local', isWell: true, left: [] });
    expect(hops.map(({ hop }: { hop: string }) => hop)).toEqual(HOPS);
    expect([conversations(), users()]).toEqual(before);
    expect((await desk().tasks()).filter(({ status }) => status === 'pending')).toEqual([]);
  });

  const all = backEnd === 'conversations';
  // What differs by back end is how a chat is found and taken away.
  const broken = BROKEN.filter(([hop]) => all || hop === 'from Flex');
  test.each(broken)('names the hop "%s" when it is broken', async (hop, after, faults, why) => {
    const played = await play(hop, async (passed) => {
      if (passed === after) await desk().faults(faults);
    }).finally(() => desk().faults({}));

    expect(played.failed).toEqual({ hop, reason: expect.stringMatching(why) });
    const before = HOPS.slice(0, HOPS.indexOf(hop));
    expect(played.passed.map((each) => each.hop)).toEqual(before);
    const waits = expect.stringContaining('waits for deliver-to-flex');
    expect(played.left).toEqual(hop === 'in Flex' ? [waits] : []);
  });

  test('exits with 1 also where every hop is well and something stays behind', async () => {
    const { world } = stack().twilio;
    const remove = world.users.delete.bind(world.users);
    world.users.delete = () => {
      throw new Error('refused');
    };

    const { code, out: said } = await smoke('--json').finally(() => {
      world.users.delete = remove;
    });

    expect(code).toBe(1);
    expect(JSON.parse(said)).toMatchObject({
      isWell: true,
      left: [expect.stringMatching(/^user customer-/)],
    });
    world.users.clear();
  });

  test('says in words which hop failed and where to look, and exits with 1', async () => {
    await desk().faults(without('customer-socket'));

    const { code, out: said } = await smoke('--timeout 1').finally(() => desk().faults({}));

    expect(code).toBe(1);
    expect(said).toMatch(/connect +FAILED/);
    expect(said).toMatch(/Failed at "connect": .*\. Cure: check CustomerSocketUrl/);
  });
});
