import { planSteps, type Step } from '../plan.ts';
import type { Finding, LiveCheck } from './check.ts';

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
  const about = { field: FIELDS[resource.name] ?? 'flex', value: found?.id };
  const again = `run: npx flex-channel provision ${option}`;
  switch (step.action) {
    case 'keep':
      return [];
    case 'create':
      return [
        {
          ...about,
          severity: 'error',
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

/** Which setting a resource belongs to. */
const FIELDS: Readonly<Record<string, string>> = {
  'Studio flow': 'flex.routing.flowSid',
  'Flex Flow': 'flex.flexFlowSid',
  'Interaction webhook (interaction)': 'flex.interactionWebhookTtid',
  'Interaction webhook (global)': 'flex.interactionWebhookTtid',
  'Chat service webhook': 'twilio.chatServiceSid',
};
