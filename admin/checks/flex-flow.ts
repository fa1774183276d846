import { nameOf } from '../resources/resource.ts';
import { orAbsent } from '../twilio/client.ts';
import { type Finding, isConversations, type LiveCheck } from './check.ts';

/** Checks a Flex Flow that the configuration names and somebody else made. The check `provisioned` looks at ours. */
export const flexFlow: LiveCheck = {
  name: 'Flex Flow',
  needs: ['flex.flexFlowSid'],
  isLive: true,
  appliesTo: (subject) =>
    !isConversations(subject) && subject.draft.flex?.flexFlowSid !== undefined,
  async run({ stage, draft }, twilio) {
    const sid = draft.flex?.flexFlowSid ?? '';
    const flow = await orAbsent(twilio.flexApi.v1.flexFlow(sid).fetch());
    if (flow === undefined || flow.friendlyName === nameOf(stage)) return [];
    const wrong = (problem: string, expected: string, cure: string): Finding => ({
      severity: 'error',
      field: 'flex.flexFlowSid',
      value: sid,
      problem,
      expected,
      cure,
    });
    const { chatServiceSid } = draft.twilio ?? {};
    return [
      ...(flow.channelType === 'custom'
        ? []
        : [
            wrong(
              `it is for channels of type ${flow.channelType}`,
              'custom',
              'name another, or remove the field and run provision',
            ),
          ]),
      ...(flow.enabled ? [] : [wrong('it is disabled', 'an enabled Flex Flow', 'enable it')]),
      ...(chatServiceSid === undefined || flow.chatServiceSid === chatServiceSid
        ? []
        : [
            wrong(
              `it uses chat service ${flow.chatServiceSid}`,
              chatServiceSid,
              'correct the one or the other',
            ),
          ]),
      ...(flow.integrationType === draft.flex?.routing?.type
        ? []
        : [
            wrong(
              `its integration is ${flow.integrationType}`,
              `${draft.flex?.routing?.type}, as flex.routing.type says`,
              'correct the one or the other',
            ),
          ]),
    ];
  },
};

/** Reminds of the end of Programmable Chat, although nothing is wrong yet. */
export const endOfLife: LiveCheck = {
  name: 'life of the back end',
  needs: [],
  isLive: true,
  appliesTo: (subject) => !isConversations(subject),
  run: async () => [
    {
      severity: 'info',
      field: 'flex.backEnd',
      value: 'programmable-chat',
      problem:
        'Programmable Chat for Flex reached its end of life on 2026-06-01; its calls may stop working',
      expected: 'conversations',
      cure: 'plan the move: docs/migrating.md',
    },
  ],
};
