import { addMessage } from '#local/emulators/twilio/conversations/state/message';
import { createAgentDesk } from '#test/support/agent-desk';
import { connectClient, type ProtocolClient } from '#test/support/protocol-client';
import { useLocalStack } from '#test/support/started-stack';

/** Of one frame: a look at the end, two pages from the nearest place that is known, the chat's state and its task's. */
const MOST_CALLS = 5;

const SILENT = { source: 'API', firesWebhooks: false } as const;

describe.each(['conversations', 'programmable-chat'] as const)(
  'a transcript with %s',
  (backEnd) => {
    const stack = useLocalStack({ backEnd });
    const desk = () => createAgentDesk(stack().outputs.TwilioUrl);

    /** A customer whose open chat has so many messages. */
    async function aChatOf(count: number): Promise<ProtocolClient> {
      const client = await connectClient(stack().outputs.CustomerSocketUrl);
      const name = `${count}`;
      await client.ask({ action: 'hello', profile: { name } });
      await client.ask({ action: 'sendMessage', id: 'm0', body: '0' });
      await client.next('message');
      const { channelSid } = await desk().taskOf(name);
      const { world } = stack().twilio;
      const conversation = world.conversations.get(channelSid);
      if (conversation === undefined) throw new Error(`no ${channelSid}`);
      for (let n = conversation.nextIndex; n < count; n += 1) {
        addMessage(world, conversation, { author: 'system', body: `${n}` }, SILENT);
      }
      return client;
    }

    async function callsOf(act: () => Promise<unknown>) {
      const trail = stack().frontDoor.audit.length;
      const requests = (await desk().requests()).length;
      await act();
      const writes = stack()
        .frontDoor.audit.slice(trail)
        .filter(({ action }) => /PutItem|UpdateItem/.test(action));
      return { twilio: (await desk().requests()).length - requests, writes: writes.length };
    }

    test.each([950, 5_000])(
      'of %d messages is read by a constant number of calls for a frame',
      async (count) => {
        const client = await aChatOf(count);
        const history = (index: number, limit?: number) =>
          client.ask({ action: 'history', after: { chat: 1, index }, ...(limit && { limit }) });
        const answered = await client.ask({
          action: 'history',
          after: { chat: 1, index: 0 },
          limit: 1,
        });
        expect(answered['messages']).toMatchObject([{ index: 1, body: '1' }]);

        const calls = {
          'history after 0, limit 1': await callsOf(() => history(0, 1)),
          'history after -1': await callsOf(() => history(-1)),
          'history after the last but 3': await callsOf(() => history(count - 4)),
          'history in the middle': await callsOf(() => history(Math.floor(count / 2))),
          'hello in the middle': await callsOf(() =>
            client.ask({ action: 'hello', after: { chat: 1, index: Math.floor(count / 2) } }),
          ),
        };

        console.log(`${backEnd}, ${count} messages`, JSON.stringify(calls, null, 2));
        for (const { twilio, writes } of Object.values(calls)) {
          expect(twilio).toBeLessThanOrEqual(MOST_CALLS);
          expect(writes).toBeLessThanOrEqual(3);
        }
        client.close();
      },
      30_000,
    );

    test('is read whole, each message once, by constant calls', async () => {
      const client = await aChatOf(1_234);
      const read: number[] = [];

      const calls: number[] = [];
      for (let complete = false; !complete; ) {
        const { twilio } = await callsOf(async () => {
          const after = { chat: 1, index: read.at(-1) ?? -1 };
          const page = await client.ask({ action: 'history', after, limit: 100 });
          read.push(...page['messages'].map(({ index }: { index: number }) => index));
          complete = page['complete'];
        });
        calls.push(twilio);
      }

      expect(read).toEqual(Array.from({ length: 1_234 }, (_, n) => n));
      expect(Math.max(...calls)).toBeLessThanOrEqual(3);
      client.close();
    });
  },
);
