import { ACCOUNT, type Answer, type Form, type Stage } from './stage.ts';

const FLEX = 'flex-api.twilio.com/v1';

/** Asks for an agent for a conversation, given by its URL. */
export const interact = (
  stage: Stage,
  url: string,
  more: Form = [],
  attributes: object = { name: 'Grace' },
): Promise<Answer> =>
  stage.rest('POST', `${FLEX}/Interactions`, [
    [
      'Channel',
      JSON.stringify({
        type: 'web',
        initiated_by: 'customer',
        properties: { media_channel_sid: url.slice(-34) },
      }),
    ],
    [
      'Routing',
      JSON.stringify({
        properties: {
          workspace_sid: ACCOUNT.workspaceSid,
          workflow_sid: ACCOUNT.workflows[0]?.sid,
          attributes,
        },
      }),
    ],
    ...more,
  ]);

/** Registers the stage's own server for events of interactions. @returns the webhook's ttid. */
export async function listenTo(
  stage: Stage,
  type: 'global' | 'interaction',
  events: readonly string[],
): Promise<string> {
  const url = `${FLEX}/Instances/${ACCOUNT.flexInstanceSid}/InteractionWebhooks`;
  const { status, body } = await stage.rest('POST', url, [
    ['WebhookUrl', stage.hookUrl],
    ['WebhookMethod', 'POST'],
    ['Type', type],
    ...events.map((event) => ['WebhookEvents', event] as const),
  ]);
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body.ttid;
}
