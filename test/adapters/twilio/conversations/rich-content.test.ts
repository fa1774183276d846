/** Templates that an agent sends, on their way to the customer: however Twilio tells of them. */
import { randomUUID } from 'node:crypto';
import { parseFlexWebhook } from '#adapters/twilio/webhooks/flex-webhook';
import type { FlexMessage } from '#core/flex';
import { sessionId } from '#core/ids';
import type { Unconfirmed } from '#local/emulators/twilio/faults/unconfirmed';
import { AUTH_TOKEN } from '#test/contracts/flex-chat.contract';
import { createAgentDesk } from '#test/support/agent-desk';
import { startWebhookReceiver, type WebhookReceiver } from '#test/support/webhook-receiver';
import { type ConversationsUnderTest, conversationsUnderTest } from './conversations-under-test.ts';

describe("an agent's template", () => {
  let receiver: WebhookReceiver;
  let flex: ConversationsUnderTest;

  beforeAll(async () => {
    receiver = await startWebhookReceiver(AUTH_TOKEN);
    flex = await conversationsUnderTest({ webhookUrl: receiver.url });
  });
  afterEach(() => flex.twilio.faults({}));
  afterAll(async () => {
    await flex.stop();
    await receiver.stop();
  });

  /** The same message as its webhook and as REST tell it. */
  async function told(richContent: NonNullable<Unconfirmed['richContent']>) {
    flex.twilio.faults({ unconfirmed: { richContent } });
    const backend = flex.connect();
    const chat = { sessionId: sessionId(randomUUID()), number: 1 };
    const { channel } = await backend.openChannel(chat, {});
    await backend.routeChannel(channel, chat, {});
    await flex.reply(channel.sid, 'One moment');
    const desk = createAgentDesk(flex.twilio.url);
    const task = (await desk.tasks()).find(({ channelSid }) => channelSid === channel.sid);
    const [template] = (await desk.templates()).filter(
      ({ friendlyName }) => friendlyName === 'Quick replies',
    );
    await desk.sendTemplate(task?.sid ?? '', template?.sid ?? '');
    await flex.settled();
    const heard = parseFlexWebhook(receiver.received.at(-1)?.form ?? {});
    const { messages } = await backend.listLatest(chat, 1);
    const contentOf = async ({ contentRef }: FlexMessage) =>
      contentRef && (await backend.findContent(contentRef));
    return {
      webhook: 'message' in heard && heard.message,
      heard: 'message' in heard ? await contentOf(heard.message) : undefined,
      listed: messages[0] && (await contentOf(messages[0])),
    };
  }

  const body = 'Did that answer your question?';
  const content = {
    type: 'quickReply',
    actions: [
      { type: 'reply', id: 'answered', title: 'Yes, thanks' },
      { type: 'reply', id: 'unanswered', title: 'Not quite' },
    ],
  };

  test.each(['template', 'media'] as const)('is found by the %s that Twilio names', async (how) => {
    const { webhook, heard, listed } = await told(how);

    expect(webhook).toMatchObject({ role: 'agent', body });
    expect(webhook).not.toHaveProperty('media');
    expect(heard).toEqual({ body, content });
    expect(listed).toEqual({ body, content });
  });

  test('is its text where the webhook names neither, and is found when it is listed', async () => {
    const { webhook, heard, listed } = await told('hidden');

    expect(webhook).toMatchObject({ role: 'agent', body });
    expect(heard).toBeUndefined();
    expect(listed).toEqual({ body, content });
  });
});
