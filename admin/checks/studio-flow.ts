import { sendToFlexOf } from '../resources/studio-flow.ts';
import { isStartedBy, triggerName } from '../resources/studio-flow-definition.ts';
import { orAbsent } from '../twilio/client.ts';
import type { Draft, Finding, LiveCheck } from './check.ts';

/** Whether chats get through the Studio flow to an agent. */
export const studioFlow: LiveCheck = {
  name: 'Studio flow',
  needs: ['flex.routing.flowSid'],
  isLive: true,
  appliesTo: ({ draft }) => flowSidOf(draft) !== undefined,
  async run({ draft }, twilio) {
    const sid = flowSidOf(draft) ?? '';
    const flow = await orAbsent(twilio.studio.v2.flows(sid).fetch());
    if (flow === undefined) {
      return [
        wrong(
          sid,
          'the account has no such flow',
          'a published flow',
          'correct it, or remove it and run provision',
        ),
      ];
    }
    return [
      ...(flow.status === 'published'
        ? []
        : [
            wrong(
              sid,
              `"${flow.friendlyName}" is a ${flow.status}: chats don't run through it`,
              'a published flow',
              'publish it in Studio',
            ),
          ]),
      ...(flow.valid === false
        ? [
            wrong(
              sid,
              `"${flow.friendlyName}" is not valid`,
              'a valid flow',
              'open it in Studio, which shows what is wrong',
            ),
          ]
        : []),
      ...targetOf(draft, sid, flow.definition),
      ...triggerOf(draft, sid, flow.definition),
    ];
  },
};

const flowSidOf = ({ flex }: Draft): string | undefined =>
  flex?.routing?.type === 'studio' ? flex.routing.flowSid : undefined;

const wrong = (sid: string, problem: string, expected: string, cure: string): Finding => ({
  severity: 'error',
  field: 'flex.routing.flowSid',
  value: sid,
  problem,
  expected,
  cure,
});

function targetOf({ flex }: Draft, sid: string, definition: unknown): Finding[] {
  const widget = sendToFlexOf(definition);
  if (widget === undefined) {
    return [
      {
        ...wrong(
          sid,
          'the flow never sends to Flex itself',
          'a Send to Flex widget',
          'add one, unless a subflow does it',
        ),
        severity: 'warning',
      },
    ];
  }
  const wanted = flex?.routing?.type === 'studio' ? flex.routing.workflowSid : undefined;
  const actual = widget.properties?.workflow;
  if (wanted === undefined || actual === wanted) return [];
  const problem = `its Send to Flex goes to workflow ${String(actual)}`;
  return [
    wrong(
      sid,
      problem,
      `${wanted}, as flex.routing.workflowSid says`,
      'correct the one or the other',
    ),
  ];
}

/** Each back end starts a flow by another trigger. */
function triggerOf({ flex }: Draft, sid: string, definition: unknown): Finding[] {
  const backEnd = flex?.backEnd ?? 'conversations';
  if (isStartedBy(backEnd, definition)) return [];
  const name = triggerName(backEnd);
  return [
    wrong(
      sid,
      `nothing follows its trigger ${name}`,
      `${name} leads to a widget`,
      `connect ${name} in Studio, and publish`,
    ),
  ];
}
