import { planSteps, type Step } from '../plan.ts';
import type { Finding, LiveCheck, Severity } from './check.ts';

/** Whether everything that provision makes is there and as this configuration wants it. */
export const provisioned: LiveCheck = {
  name: 'what provision makes',
  needs: [],
  needsWholeConfig: true,
  isLive: true,
  async run({ stage, option, config, webhookUrl }, twilio) {
    if (config === undefined) return [];
    const steps = await planSteps({ stage, config, webhookUrl, twilio });
    return steps.flatMap((step) => describe(option, step));
  },
};

function describe(option: string, step: Step): Finding[] {
  const { resource, found, detail } = step;
  const { field, missing } = PLACES[resource.name] ?? { field: 'flex', missing: 'error' };
  const about = { field, value: found?.id };
  const again = `run: npx flex-channel provision ${option}`;
  switch (step.action) {
    case 'keep':
      return [];
    case 'create':
      return [
        {
          ...about,
          severity: missing,
          problem: `${resource.name}: missing`,
          expected: detail,
          cure: again,
        },
      ];
    case 'update':
      return [
        { ...about, severity: 'warning', problem: `${resource.name}: ${detail}`, cure: again },
      ];
    case 'conflict':
      return [
        {
          ...about,
          severity: 'error',
          problem: `${resource.name}: ${detail}`,
          cure: step.cure ?? again,
        },
      ];
    case 'skip':
      return [
        { ...about, severity: 'info', problem: `${resource.name}: not checked`, cure: detail },
      ];
    case 'unused':
      return [
        {
          ...about,
          severity: 'info',
          problem: `${resource.name}: ${detail}`,
          cure: `run: npx flex-channel teardown --unused ${option}`,
        },
      ];
  }
}

interface Place {
  /** Which setting the resource belongs to. */
  readonly field: string;
  /** How bad it is when the resource is missing. */
  readonly missing: Severity;
}

/** Chats work without interaction webhooks and task events, but customers hear late or never that an agent came or that a chat ended. */
const PLACES: Readonly<Record<string, Place>> = {
  'Studio flow': { field: 'flex.routing.flowSid', missing: 'error' },
  'Flex Flow': { field: 'flex.flexFlowSid', missing: 'error' },
  'Interaction webhook (interaction)': { field: 'flex.interactionWebhookTtid', missing: 'warning' },
  'Interaction webhook (global)': { field: 'flex.interactionWebhookTtid', missing: 'warning' },
  'Task events': { field: 'twilio.workspaceSid', missing: 'warning' },
  'Chat service webhook': { field: 'twilio.chatServiceSid', missing: 'error' },
};
